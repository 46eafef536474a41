/** Which tasks are those of a rollout, and what they should be, from CodeDeploy, ECS and the load balancer. */
import { CodeDeployClient, GetDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, TaskSet } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { nameOf, Service, Target } from '../probe-report';
import type { VerifySettings } from './verify-deployment.config';

/** The one container of a task, and the label of its image that says which build it is. */
const CONTAINER = 'app';
const BUILD_LABEL = 'build';

export interface RolloutClients {
  readonly codeDeploy: CodeDeployClient;
  readonly ecs: ECSClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

export interface NewTasks {
  readonly targets: readonly Target[];
  /** Of the version that serves now, when it has one that is well. */
  readonly serving?: Target;
  /** What the task definition says; absent when it does not. */
  readonly build?: string;
}

/** Something that is not there yet, or never will be, as a sentence. */
export class RolloutFault extends Error {
  override readonly name = 'RolloutFault';
}

/** @throws RolloutFault for a deployment that is neither of web nor of was */
export async function serviceOf(
  codeDeploy: CodeDeployClient,
  deploymentId: string,
  abortSignal: AbortSignal,
): Promise<Service> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }), { abortSignal });
  const group = deploymentInfo?.deploymentGroupName;
  if (group === 'web' || group === 'was') return group;
  throw new RolloutFault(`The deployment is of the group ${group ?? 'without a name'}, not of web or was.`);
}

/**
 * ECS says which task set is that of the deployment: CodeDeploy makes it with its own id (`TaskSet.externalId`). What
 * GetDeployment tells of the appspec is its hash alone.
 *
 * @throws RolloutFault when there are no tasks yet, or when they are not well
 */
export async function findNewTasks(
  { ecs, loadBalancing }: RolloutClients,
  { cluster, services }: VerifySettings,
  { service, deploymentId }: { readonly service: Service; readonly deploymentId: string },
  abortSignal: AbortSignal,
): Promise<NewTasks> {
  const describe = new DescribeServicesCommand({ cluster, services: [services[service]] });
  const taskSets = (await ecs.send(describe, { abortSignal })).services?.[0]?.taskSets ?? [];
  const made = taskSets.find(({ externalId }) => externalId === deploymentId);
  if (made === undefined) throw new RolloutFault(`ECS knows no tasks of ${deploymentId}.`);
  const health = async (taskSet: TaskSet) => await targetsOf(loadBalancing, taskSet, abortSignal);
  const targets = healthyTargets(await health(made));
  const primary = taskSets.find((taskSet) => taskSet.status === 'PRIMARY' && taskSet !== made);
  const serving =
    primary && (await health(primary)).filter(isHealthy).flatMap(({ Target: target }) => addressOf(target))[0];
  const build = await buildOf(ecs, made, abortSignal);
  return { targets, ...(serving === undefined ? {} : { serving }), ...(build === undefined ? {} : { build }) };
}

async function targetsOf(
  loadBalancing: ElasticLoadBalancingV2Client,
  { loadBalancers }: TaskSet,
  abortSignal: AbortSignal,
): Promise<TargetHealthDescription[]> {
  const TargetGroupArn = loadBalancers?.[0]?.targetGroupArn;
  const answer = await loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }), { abortSignal });
  return answer.TargetHealthDescriptions ?? [];
}

function healthyTargets(descriptions: readonly TargetHealthDescription[]): Target[] {
  const staying = descriptions.filter(({ TargetHealth }) => TargetHealth?.State !== 'draining');
  if (staying.length === 0) throw new RolloutFault('The load balancer knows no new task yet.');
  const ill = staying.filter((description) => !isHealthy(description));
  if (ill.length > 0) throw new RolloutFault(`The load balancer says: ${ill.map(tell).join('; ')}.`);
  return staying.flatMap(({ Target: target }) => addressOf(target));
}

function isHealthy({ TargetHealth }: TargetHealthDescription): boolean {
  return TargetHealth?.State === 'healthy';
}

function addressOf(target: TargetHealthDescription['Target']): Target[] {
  const { Id: host, Port: port } = target ?? {};
  return host === undefined || port === undefined ? [] : [{ host, port }];
}

/** `10.20.1.2:8080 is unhealthy (Request timed out)` */
function tell({ Target: target, TargetHealth }: TargetHealthDescription): string {
  const [address] = addressOf(target);
  const reason = TargetHealth?.Description === undefined ? '' : ` (${TargetHealth.Description})`;
  return `${address === undefined ? 'a task' : nameOf(address)} is ${TargetHealth?.State ?? 'unknown'}${reason}`;
}

async function buildOf(
  ecs: ECSClient,
  { taskDefinition }: TaskSet,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }), { abortSignal });
  const containers = answer.taskDefinition?.containerDefinitions ?? [];
  return containers.find(({ name }) => name === CONTAINER)?.dockerLabels?.[BUILD_LABEL];
}
