// CodeDeploy: what a blue/green rollout needs to shift traffic, and to take itself back.
import { faultOf, type Rule } from '../support/rule';
import { conditionKeysOf, statementsOf } from '../support/statements';
import { at, attributeOf, listAt, referred, resourcesOf, textAt, type Found, type System } from '../support/system';
import type { Value } from '../../../tools/cloudformation/template';
import { metricsOf } from './metrics';

/** CodeDeploy user guide, "Predefined deployment configurations for an Amazon ECS compute platform". */
const PREDEFINED = [
  'CodeDeployDefault.ECSAllAtOnce',
  'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
  'CodeDeployDefault.ECSLinear10PercentEvery3Minutes',
  'CodeDeployDefault.ECSCanary10Percent5Minutes',
  'CodeDeployDefault.ECSCanary10Percent15Minutes',
];

function* groups(system: System): Generator<Found> {
  yield* resourcesOf(system, 'AWS::CodeDeploy::DeploymentGroup');
}

function pairOf({ Properties }: Found): Value | undefined {
  return at(Properties, 'LoadBalancerInfo', 'TargetGroupPairInfoList', 0);
}

function targetGroupsOf(group: Found): Found[] {
  return listAt(pairOf(group), 'TargetGroups').flatMap(
    (target) => referred(group.stack.variant, at(target, 'Name')) ?? [],
  );
}

function alarmsOf(group: Found): Found[] {
  return listAt(group.Properties, 'AlarmConfiguration', 'Alarms').flatMap(
    (alarm) => referred(group.stack.variant, at(alarm, 'Name')) ?? [],
  );
}

function listenerOf(group: Found, route: string): Found | undefined {
  return referred(group.stack.variant, at(pairOf(group), route, 'ListenerArns', 0));
}

export const ROLLOUT_RULES = {
  twoTargetGroups: {
    says: 'a deployment group has the names of two target groups, one of which its service begins with',
    *faults(system) {
      for (const group of groups(system)) {
        const names = listAt(pairOf(group), 'TargetGroups').map((target) => at(target, 'Name'));
        const found = targetGroupsOf(group);
        if (new Set(found.map(({ logicalId }) => logicalId)).size !== 2)
          yield faultOf(group, 'needs two target groups');
        if (names.some((name) => !['TargetGroupName', '[/1]'].includes(attributeOf(name) ?? ''))) {
          yield faultOf(group, 'needs the names of target groups, not their ARNs');
        }
        const service = referred(group.stack.variant, at(group.Properties, 'ECSServices', 0, 'ServiceName'));
        const first = referred(group.stack.variant, at(service?.Properties, 'LoadBalancers', 0, 'TargetGroupArn'));
        if (!service) yield faultOf(group, 'is of no service of these templates');
        else if (!found.some(({ logicalId }) => logicalId === first?.logicalId)) {
          yield faultOf(group, `has not the target group of ${service.logicalId}`);
        }
      }
    },
  },
  style: {
    says: 'a deployment group is blue/green with traffic control',
    *faults(system) {
      for (const group of groups(system)) {
        const { DeploymentType, DeploymentOption } = (at(group.Properties, 'DeploymentStyle') ?? {}) as Record<
          string,
          Value
        >;
        if (DeploymentType !== 'BLUE_GREEN' || DeploymentOption !== 'WITH_TRAFFIC_CONTROL') {
          yield faultOf(group, 'needs a DeploymentStyle of BLUE_GREEN, WITH_TRAFFIC_CONTROL');
        }
      }
    },
  },
  routes: {
    says: 'production and test route are two listeners of one load balancer, which send to the two colours',
    *faults(system) {
      for (const group of groups(system)) {
        const [production, test] = ['ProdTrafficRoute', 'TestTrafficRoute'].map((route) => listenerOf(group, route));
        if (!production || !test || production.logicalId === test.logicalId) {
          yield faultOf(group, 'needs a listener as ProdTrafficRoute, and another one as TestTrafficRoute');
          continue;
        }
        if (textAt(production.Properties, 'LoadBalancerArn') !== textAt(test.Properties, 'LoadBalancerArn')) {
          yield faultOf(group, 'has routes of two load balancers');
        }
        const pair = targetGroupsOf(group).map(({ logicalId }) => logicalId);
        const sent = [production, test].map(
          ({ stack, Properties }) =>
            referred(stack.variant, at(Properties, 'DefaultActions', 0, 'TargetGroupArn'))?.logicalId,
        );
        if (sent.toSorted().join() !== pair.toSorted().join()) {
          yield faultOf(group, `has listeners that send to ${sent.join(' and ')}, not to its pair`);
        }
      }
    },
  },
  configuration: {
    says: 'a deployment group’s configuration is one of AWS or of these templates',
    *faults(system) {
      for (const group of groups(system)) {
        const name = at(group.Properties, 'DeploymentConfigName');
        const own = referred(group.stack.variant, name)?.Type === 'AWS::CodeDeploy::DeploymentConfig';
        if (!own && !PREDEFINED.includes(textAt(name)))
          yield faultOf(group, `has no known configuration: ${textAt(name)}`);
      }
    },
  },
  rollback: {
    says: 'a rollout takes itself back when it fails, is stopped, or an alarm rings, and there are alarms',
    *faults(system) {
      for (const group of groups(system)) {
        const events = listAt(group.Properties, 'AutoRollbackConfiguration', 'Events');
        for (const event of ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']) {
          if (!events.includes(event)) yield faultOf(group, `does not roll back on ${event}`);
        }
        if (textAt(group.Properties, 'AutoRollbackConfiguration', 'Enabled') !== 'true')
          yield faultOf(group, 'rolls nothing back');
        const named = listAt(group.Properties, 'AlarmConfiguration', 'Alarms');
        if (named.length === 0 || textAt(group.Properties, 'AlarmConfiguration', 'Enabled') !== 'true') {
          yield faultOf(group, 'stops on alarms, and has none');
        }
        if (alarmsOf(group).length !== named.length)
          yield faultOf(group, 'names alarms that are not in these templates');
      }
    },
  },
  bothColours: {
    says: 'the alarms of a rollout watch both colours in the same ways, as they swap with each rollout',
    *faults(system) {
      for (const group of groups(system)) {
        const watched = targetGroupsOf(group).map((targetGroup) =>
          alarmsOf(group)
            .flatMap((alarm) => [...metricsOf(alarm)])
            .filter(
              ({ dimensions }) =>
                referred(group.stack.variant, dimensions.TargetGroup)?.logicalId === targetGroup.logicalId,
            )
            .map(({ name }) => name)
            .toSorted()
            .join(', '),
        );
        const [blue, green] = watched;
        if (blue === '' || blue !== green)
          yield faultOf(group, `watches ${watched.map((names) => `[${names}]`).join(' and ')}`);
      }
    },
  },
  termination: {
    says: 'the old colour ends a while after the new one has all traffic, and nobody waits an hour for it',
    *faults(system) {
      for (const group of groups(system)) {
        const end = at(
          group.Properties,
          'BlueGreenDeploymentConfiguration',
          'TerminateBlueInstancesOnDeploymentSuccess',
        );
        const minutes = Number(textAt(end, 'TerminationWaitTimeInMinutes') || '0');
        if (textAt(end, 'Action') !== 'TERMINATE' || minutes < 1 || minutes > 30) {
          yield faultOf(group, 'needs to TERMINATE the old colour after 1 to 30 minutes');
        }
      }
    },
  },
  check: {
    says: 'CodeDeploy may call the function that checks a rollout, which has time to tell it the result, and less than an hour',
    *faults(system) {
      for (const found of checks(system)) {
        const name = textAt(found.Properties, 'FunctionName');
        const called = [...statementsOf(found.stack.variant)]
          .filter(({ actions, resource }) => resource.logicalId === 'DeploymentRole' && actions.includes(INVOKE))
          .flatMap(({ resources }) => resources.map((arn) => arn.split(':').at(-1)));
        if (!name.startsWith('CodeDeployHook_')) yield faultOf(found, 'is not called CodeDeployHook_...');
        if (!called.includes(name))
          yield faultOf(found, `may not be called by CodeDeploy, which calls ${called.join()}`);
        const tries = Number(textAt(found.Properties, 'Environment', 'Variables', 'VERIFY_DEADLINE_SECONDS'));
        if (Number(textAt(found.Properties, 'Timeout')) < tries + 60)
          yield faultOf(found, `needs a Timeout of a minute more than it tries, ${tries} s`);
        if (found.Properties.VpcConfig !== undefined) yield faultOf(found, 'stands in the VPC, and has to reach AWS');
      }
    },
  },
  prober: {
    says: 'the function that asks new tasks reaches all of them, and nothing else; its code may do nothing on AWS',
    *faults(system) {
      for (const check of checks(system)) {
        const { variant } = check.stack;
        const prober = referred(variant, at(check.Properties, 'Environment', 'Variables', 'VERIFY_PROBER'));
        const group = referred(variant, at(prober?.Properties, 'VpcConfig', 'SecurityGroupIds', 0));
        if (!prober || !group) {
          yield faultOf(check, 'has no prober with a security group');
          continue;
        }
        const ways = [...resourcesOf(variant, 'AWS::EC2::SecurityGroupEgress')]
          .filter(({ Properties }) => referred(variant, Properties.GroupId)?.logicalId === group.logicalId)
          .map(({ Properties }) => {
            const to = referred(variant, Properties.DestinationSecurityGroupId)?.logicalId ?? 'anybody';
            return `${to} ${textAt(Properties, 'FromPort')}-${textAt(Properties, 'ToPort')}`;
          });
        const wanted = rolledOut(variant);
        if (ways.toSorted().join() !== wanted.toSorted().join())
          yield faultOf(prober, `reaches ${ways.join(', ')}, not ${wanted.join(', ')}`);
        const denied = [...statementsOf(variant)].some(
          (statement) =>
            statement.resource.logicalId === referred(variant, prober.Properties.Role)?.logicalId &&
            statement.effect === 'Deny' &&
            statement.actions.includes('ec2:*') &&
            conditionKeysOf(statement).includes('lambda:SourceFunctionArn'),
        );
        if (!denied) yield faultOf(prober, 'may use the network permissions of Lambda in its code');
      }
    },
  },
} satisfies Record<string, Rule>;

const INVOKE = 'lambda:InvokeFunction';

/** The functions that CodeDeploy calls. */
function checks(system: System): Found[] {
  return [...resourcesOf(system, 'AWS::Lambda::Function')].filter(({ Properties }) =>
    textAt(Properties, 'Code', 'S3Key').includes('/verify-deployment/'),
  );
}

/** `WebSecurityGroup 8080-8080`: where the tasks of services that CodeDeploy rolls out are asked. */
function rolledOut(variant: System['variants'][number]): string[] {
  return [...resourcesOf(variant, 'AWS::ECS::Service')]
    .filter(({ Properties }) => textAt(Properties, 'DeploymentController', 'Type') === 'CODE_DEPLOY')
    .map(({ Properties }) => {
      const group = at(Properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups', 0);
      const port = textAt(Properties, 'LoadBalancers', 0, 'ContainerPort');
      return `${referred(variant, group)?.logicalId ?? ''} ${port}-${port}`;
    });
}
