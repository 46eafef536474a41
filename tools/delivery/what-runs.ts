/** What ECS runs now, and which definitions it knows. */
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  NetworkConfiguration,
  Service,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { CommandError } from '../../apps/pipeline/src/command.error';
import type { Placement } from './appspec';
import { SERVICES, ServiceName, StageValues } from './stage-values';

export interface RunningService {
  /** Undefined when nothing runs. */
  readonly definition: TaskDefinition | undefined;
  /** Of a service that CodeDeploy rolls out: the colour that visitors get. */
  readonly placement: Placement | undefined;
}

/** @throws {CommandError} for a service that is not there. */
export async function readRunningServices(
  ecs: ECSClient,
  { needed }: StageValues,
): Promise<Readonly<Record<ServiceName, RunningService>>> {
  const names = SERVICES.map((name) => needed[`services/${name}-service-name`]);
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster: needed['platform/cluster-name'], services: names }),
  );
  const running = await Promise.all(
    SERVICES.map(async (name, index) => {
      const service = answer.services?.find(({ serviceName }) => serviceName === names[index]);
      if (service === undefined) {
        throw new CommandError(`There is no service ${names[index] ?? name} in ${needed['platform/cluster-name']}.`);
      }
      return [name, await runningService(ecs, service)] as const;
    }),
  );
  return Object.fromEntries(running) as Record<ServiceName, RunningService>; // one for each name
}

/** The newest definition that is registered: what the stack says now, or the last rollout. */
export async function newestDefinition(ecs: ECSClient, family: string): Promise<TaskDefinition> {
  return describe(ecs, family);
}

async function runningService(ecs: ECSClient, service: Service): Promise<RunningService> {
  const colour = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const arn = service.deploymentController?.type === 'CODE_DEPLOY' ? colour?.taskDefinition : service.taskDefinition;
  return {
    definition: arn === undefined ? undefined : await describe(ecs, arn),
    placement:
      colour && placementOf(colour.capacityProviderStrategy?.[0]?.capacityProvider, colour.networkConfiguration),
  };
}

function placementOf(capacityProvider = '', { awsvpcConfiguration }: NetworkConfiguration = {}): Placement {
  const { subnets = [], securityGroups = [], assignPublicIp = '' } = awsvpcConfiguration ?? {};
  return { capacityProvider, subnets, securityGroups, assignPublicIp };
}

async function describe(ecs: ECSClient, taskDefinition: string): Promise<TaskDefinition> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  if (answer.taskDefinition === undefined) throw new CommandError(`ECS knows no task definition ${taskDefinition}.`);
  return answer.taskDefinition;
}
