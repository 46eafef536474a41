// What the templates make of an account for the stage `demo`, in the words of the APIs: the environment of the build projects, values in
// SSM, task definitions and services of ECS. Names that only AWS knows are made up from those of the templates.
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Value } from '../../../tools/cloudformation/template';
import {
  listAt,
  loadSystem,
  resourcesOf,
  textAt,
  type System,
  type Variant,
} from '../../cloudformation/support/system';

export const ACCOUNT = '123456789012';
export const ARN = `arn:aws:ecs:us-east-1:${ACCOUNT}`;
export const SERVICES = ['was', 'web', 'monitor'] as const;
export type ServiceName = (typeof SERVICES)[number];

export function demoVariant(system: System = loadSystem()): Variant {
  const variant = system.variants.find(({ name }) => name === 'demo');
  if (variant === undefined) throw new Error('there is no stage demo');
  return variant;
}

/** `${storage:WebRepository}` -> `storage-webrepository`: known on AWS alone. */
function plain(text: string): string {
  return text.replaceAll(/\$\{([a-z]+):([A-Za-z0-9.]+)(\[[^\]]*\])?\}/g, (_, area: string, id: string) =>
    `${area}-${id.replaceAll('.', '-')}`.toLowerCase(),
  );
}

export function environmentOfProject(variant: Variant, logicalId: string): Record<string, string> {
  const project = [...resourcesOf(variant, 'AWS::CodeBuild::Project')].find((found) => found.logicalId === logicalId);
  const variables = listAt(project?.Properties, 'Environment', 'EnvironmentVariables');
  return Object.fromEntries(
    variables.map((variable) => [textAt(variable, 'Name'), plain(textAt(variable, 'Value'))] as const),
  );
}

/** By path, all that stacks hand over. */
export function handedOver(variant: Variant): Map<string, string> {
  const parameters = [...resourcesOf(variant, 'AWS::SSM::Parameter')];
  return new Map(
    parameters.map(({ Properties }) => [textAt(Properties, 'Name'), plain(textAt(Properties, 'Value'))] as const),
  );
}

/** As DescribeTaskDefinition tells of what CloudFormation has registered. */
export function registeredDefinition(variant: Variant, service: ServiceName): TaskDefinition {
  const family = `image-classifier-demo-${service}`;
  const found = [...resourcesOf(variant, 'AWS::ECS::TaskDefinition')].find(
    ({ Properties }) => textAt(Properties, 'Family') === family,
  );
  if (found === undefined) throw new Error(`there is no task definition ${family}`);
  const { Cpu, Memory, ...properties } = found.Properties;
  return {
    ...(inWordsOfTheApi(properties) as TaskDefinition), // which api-shapes.spec.ts looks at
    cpu: textAt(Cpu),
    memory: textAt(Memory),
    ...saidByEcs(family, 1),
  };
}

/** What ECS adds to every definition, and does not take back. */
export function saidByEcs(family: string, revision: number): Partial<TaskDefinition> {
  return {
    taskDefinitionArn: `${ARN}:task-definition/${family}:${revision}`,
    revision,
    status: 'ACTIVE',
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
    compatibilities: ['EC2', 'FARGATE'],
    registeredBy: `arn:aws:iam::${ACCOUNT}:role/somebody`,
  };
}

/** Keys of maps are not names of members: options of a log, labels. */
const MAPS = ['Options', 'DockerLabels'];
/** Numbers that CloudFormation takes for texts. */
const TEXTS = ['Value'];

function inWordsOfTheApi(value: Value, isMap = false): Value {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => inWordsOfTheApi(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Value>).map(([key, inner]) => [
      isMap ? key : `${key.charAt(0).toLowerCase()}${key.slice(1)}`,
      TEXTS.includes(key) ? plain(textAt(inner)) : inWordsOfTheApi(inner, MAPS.includes(key)),
    ]),
  );
}

/** As DescribeServices tells of the services that the stack has made. */
export function describedService(values: ReadonlyMap<string, string>, name: ServiceName): Service {
  const value = (path: string) => values.get(`/image-classifier/demo/${path}`) ?? '';
  const taskDefinition = `${ARN}:task-definition/image-classifier-demo-${name}:1`;
  const service = { serviceName: value(`services/${name}-service-name`), status: 'ACTIVE' };
  if (name === 'monitor') return { ...service, deploymentController: { type: 'ECS' }, taskDefinition };
  return {
    ...service,
    deploymentController: { type: 'CODE_DEPLOY' },
    taskSets: [
      {
        id: 'ecs-svc/1',
        status: 'PRIMARY',
        taskDefinition,
        capacityProviderStrategy: [{ capacityProvider: value('services/capacity-provider'), weight: 1, base: 0 }],
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: value('network/service-subnet-ids').split(',').reverse(),
            securityGroups: [value(`network/${name}-security-group-id`)],
            // DescribeServices has only these two.
            assignPublicIp: value('network/assign-public-ip') === 'ENABLED' ? 'ENABLED' : 'DISABLED',
          },
        },
      },
    ],
  };
}
