// Services, their tasks and load balancers: what AWS refuses, or accepts and never gets healthy.
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, referred, resourcesOf, textAt, type Found, type System } from '../support/system';

/** The task definition of a service: by its family's name, or by a reference. */
export function taskDefinitionOf(service: Found): Found | undefined {
  const named = at(service.Properties, 'TaskDefinition');
  const { variant } = service.stack;
  return (
    referred(variant, named) ??
    [...resourcesOf(variant, 'AWS::ECS::TaskDefinition')].find((found) => found.Properties.Family === named)
  );
}

export function controllerOf({ Properties }: Found): string {
  return textAt(Properties, 'DeploymentController', 'Type') || 'ECS';
}

function* services(system: System): Generator<Found> {
  yield* resourcesOf(system, 'AWS::ECS::Service');
}

function* containersOf(system: System) {
  for (const definition of resourcesOf(system, 'AWS::ECS::TaskDefinition')) {
    for (const container of listAt(definition.Properties, 'ContainerDefinitions')) yield { definition, container };
  }
}

function* balancers(system: System) {
  for (const service of services(system)) {
    for (const balancer of listAt(service.Properties, 'LoadBalancers')) {
      yield { service, balancer, targetGroup: referred(service.stack.variant, at(balancer, 'TargetGroupArn')) };
    }
  }
}

export const SERVICE_RULES = {
  targetType: {
    says: 'tasks on Fargate are targets by their address',
    *faults(system) {
      for (const { targetGroup } of balancers(system)) {
        if (targetGroup && textAt(targetGroup.Properties, 'TargetType') !== 'ip') {
          yield faultOf(targetGroup, 'needs TargetType: ip, as its tasks run on Fargate');
        }
      }
    },
  },
  knownTargetGroup: {
    says: 'a service sends to a target group of these templates',
    *faults(system) {
      for (const { service, targetGroup } of balancers(system)) {
        if (!targetGroup) yield faultOf(service, 'has a load balancer without a target group of these templates');
      }
    },
  },
  container: {
    says: 'a load balancer sends to a container and port that the task definition has, which is that of its target group',
    *faults(system) {
      for (const { service, balancer, targetGroup } of balancers(system)) {
        const name = textAt(balancer, 'ContainerName');
        const port = textAt(balancer, 'ContainerPort');
        const containers = listAt(taskDefinitionOf(service)?.Properties, 'ContainerDefinitions');
        const container = containers.find((candidate) => textAt(candidate, 'Name') === name);
        const ports = listAt(container, 'PortMappings').map((mapping) => textAt(mapping, 'ContainerPort'));
        if (!ports.includes(port))
          yield faultOf(service, `sends to ${name}:${port}, which its task definition has not`);
        if (targetGroup && textAt(targetGroup.Properties, 'Port') !== port) {
          yield faultOf(targetGroup, `is not of port ${port}, which ${service.logicalId} has`);
        }
      }
    },
  },
  knownTaskDefinition: {
    says: 'a service runs a task definition of its template, which is made before it',
    *faults(system) {
      for (const service of services(system)) {
        const definition = taskDefinitionOf(service);
        if (!definition) yield faultOf(service, 'runs no task definition of these templates');
        else if (
          typeof service.Properties.TaskDefinition === 'string' &&
          !service.Properties.TaskDefinition.startsWith('${') &&
          !service.DependsOn.includes(definition.logicalId)
        ) {
          yield faultOf(service, `names a family: it needs DependsOn: ${definition.logicalId}`);
        }
      }
    },
  },
  familyName: {
    says: 'a service that CodeDeploy changes names its task definition by family, or no update of its stack would ever work again',
    *faults(system) {
      for (const service of services(system)) {
        if (controllerOf(service) === 'CODE_DEPLOY' && textAt(service.Properties, 'TaskDefinition').startsWith('${')) {
          yield faultOf(service, 'refers to a revision of its task definition: name the family');
        }
      }
    },
  },
  network: {
    says: 'a service on Fargate has subnets and a security group',
    *faults(system) {
      for (const service of services(system)) {
        const network = at(service.Properties, 'NetworkConfiguration', 'AwsvpcConfiguration');
        for (const member of ['Subnets', 'SecurityGroups']) {
          if (listAt(network, member).length === 0)
            yield faultOf(service, `has no ${member} in its NetworkConfiguration`);
        }
      }
    },
  },
  launchType: {
    says: 'a service has a launch type or capacity providers',
    *faults(system) {
      for (const service of services(system)) {
        const { LaunchType, CapacityProviderStrategy } = service.Properties;
        if ((LaunchType === undefined) === (CapacityProviderStrategy === undefined)) {
          yield faultOf(service, 'needs one of LaunchType and CapacityProviderStrategy');
        }
      }
    },
  },
  codeDeploy: {
    says: 'a service that CodeDeploy changes has a load balancer, and neither circuit breaker nor strategy, which are the ECS controller’s',
    *faults(system) {
      for (const service of services(system)) {
        if (controllerOf(service) !== 'CODE_DEPLOY') continue;
        if (listAt(service.Properties, 'LoadBalancers').length === 0) yield faultOf(service, 'needs a load balancer');
        for (const member of ['DeploymentCircuitBreaker', 'Strategy']) {
          if (at(service.Properties, 'DeploymentConfiguration', member) !== undefined) {
            yield faultOf(service, `cannot have a ${member}: its controller is CODE_DEPLOY`);
          }
        }
      }
    },
  },
  circuitBreaker: {
    says: 'a service that ECS changes takes itself back',
    *faults(system) {
      for (const service of services(system)) {
        const breaker = at(service.Properties, 'DeploymentConfiguration', 'DeploymentCircuitBreaker');
        if (controllerOf(service) === 'ECS' && textAt(breaker, 'Rollback') !== 'true') {
          yield faultOf(service, 'needs a DeploymentCircuitBreaker with Rollback: true');
        }
      }
    },
  },
  secrets: {
    says: 'tasks have an execution role that pulls images, writes logs and reads secrets',
    *faults(system) {
      for (const definition of resourcesOf(system, 'AWS::ECS::TaskDefinition')) {
        if (definition.Properties.ExecutionRoleArn === undefined) yield faultOf(definition, 'has no ExecutionRoleArn');
      }
    },
  },
  confined: {
    says: 'a container writes nowhere but where a volume is, is not root, gains no rights and holds no value of a secret',
    *faults(system) {
      for (const { definition, container } of containersOf(system)) {
        if (textAt(container, 'ReadonlyRootFilesystem') !== 'true') {
          yield faultOf(definition, 'needs ReadonlyRootFilesystem: true');
        }
        if (/^(root|0)?(:|$)/.test(textAt(container, 'User'))) yield faultOf(definition, 'runs as root: say User');
        if (textAt(container, 'Privileged') === 'true') yield faultOf(definition, 'is privileged');
        for (const { name } of environmentOf(container)) {
          if (/(KEY|SECRET|TOKEN|PASSWORD)$/.test(name)) {
            yield faultOf(definition, `has ${name} in Environment, for all to read: use Secrets`);
          }
        }
      }
    },
  },
  logs: {
    says: 'containers log to a group of these templates',
    *faults(system) {
      for (const { definition, container } of containersOf(system)) {
        const options = at(container, 'LogConfiguration', 'Options');
        const group = referred(definition.stack.variant, at(options, 'awslogs-group'));
        if (group?.Type !== 'AWS::Logs::LogGroup') yield faultOf(definition, 'logs to no group of these templates');
        if (textAt(options, 'mode') !== 'non-blocking') {
          yield faultOf(definition, 'needs the log mode non-blocking: a full buffer would stop the app');
        }
      }
    },
  },
  image: {
    says: 'images are named by their digest',
    *faults(system) {
      for (const { definition, container } of containersOf(system)) {
        if (!/@sha256:[0-9a-f]{64}$/.test(textAt(container, 'Image'))) {
          yield faultOf(definition, 'has an image that is not named by its digest');
        }
      }
    },
  },
  grpc: {
    says: 'target groups of HTTP2 and gRPC are behind HTTPS',
    *faults(system) {
      for (const listener of resourcesOf(system, 'AWS::ElasticLoadBalancingV2::Listener')) {
        for (const action of listAt(listener.Properties, 'DefaultActions')) {
          const targetGroup = referred(listener.stack.variant, at(action, 'TargetGroupArn'));
          const version = textAt(targetGroup?.Properties, 'ProtocolVersion');
          if (textAt(listener.Properties, 'Protocol') === 'HTTP' && ['GRPC', 'HTTP2'].includes(version)) {
            yield faultOf(listener, `is HTTP, and ${version} needs HTTPS`);
          }
        }
      }
    },
  },
  capacity: {
    says: 'autoscaling has a least capacity that is not more than the most',
    *faults(system) {
      for (const target of resourcesOf(system, 'AWS::ApplicationAutoScaling::ScalableTarget')) {
        const { MinCapacity, MaxCapacity } = target.Properties;
        if (Number(MinCapacity) > Number(MaxCapacity)) {
          yield faultOf(
            target,
            `has a MinCapacity of ${textAt(MinCapacity)} and a MaxCapacity of ${textAt(MaxCapacity)}`,
          );
        }
      }
      for (const { name, values } of system.variants) {
        for (const [parameter, least] of Object.entries(values)) {
          if (!/Min(Tasks|Instances)$/.test(parameter)) continue;
          const most = values[parameter.replace(/Min(?=Tasks|Instances)/, 'Max')];
          if (most !== undefined && Number(least) > Number(most))
            yield `${name}: ${parameter} ${least} is more than ${most}`;
        }
      }
    },
  },
} satisfies Record<string, Rule>;

export function environmentOf(container: Parameters<typeof at>[0]): { name: string; value: string }[] {
  return listAt(container, 'Environment').map((entry) => ({
    name: textAt(entry, 'Name'),
    value: textAt(entry, 'Value'),
  }));
}
