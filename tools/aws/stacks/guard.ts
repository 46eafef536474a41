/** Refuses changes that would take away people's data or turn live traffic, unless they are allowed by name. Pure. */
import { isValues, Template, Values } from '../../cloudformation/template';
import { PlannedChange } from './planned-change';

/** Types whose loss nobody gets back. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'its objects would be lost or left behind',
  'AWS::KMS::Key': 'what it has encrypted could no longer be read',
  'AWS::ECR::Repository': 'its images would be lost, and no task could start from them',
  'AWS::SageMaker::ModelPackageGroup': 'its registered models would be lost or left behind',
  'AWS::SecretsManager::Secret': 'what it has signed could no longer be verified',
};

/** Types that requests pass through. */
const TRAFFIC_TYPES: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'everything would move to another network',
  'AWS::ECS::Cluster': 'all tasks would stop',
  'AWS::ECS::Service': 'its tasks would stop',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'its address would change',
  'AWS::ElasticLoadBalancingV2::Listener': 'requests could reach the colour that is not live',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'the tasks behind it would get no more requests',
};

/** For stack policies: what no update may replace or remove. */
export const GUARDED_TYPES: readonly string[] = [...Object.keys(DATA_TYPES), ...Object.keys(TRAFFIC_TYPES)];

const LIVE_COLOUR = /^(Web|Was)LiveColour$/;

export interface Refusal {
  readonly change: PlannedChange;
  /** What would happen. */
  readonly reason: string;
}

export interface GuardedStack {
  readonly changes: readonly PlannedChange[];
  /** As it is to be. */
  readonly template: Template;
  /** Names of parameters whose values differ from those that the stack has. */
  readonly changedParameters: readonly string[];
}

/** @param allowed logical ids that were named. */
export function refusedChanges(stack: GuardedStack, allowed: readonly string[]): Refusal[] {
  return stack.changes.flatMap((change) => {
    if (change.kind === 'add' || allowed.includes(change.logicalId)) return [];
    const reason = reasonAgainst(change, stack);
    return reason === undefined ? [] : [{ change, reason }];
  });
}

function reasonAgainst(change: PlannedChange, { template, changedParameters }: GuardedStack): string | undefined {
  const { kind, type, logicalId } = change;
  if (kind !== 'change') return DATA_TYPES[type] ?? TRAFFIC_TYPES[type];
  if (type === 'AWS::ElasticLoadBalancingV2::Listener' && !isCatchingUp(change, changedParameters))
    return TRAFFIC_TYPES[type];
  if (type === 'AWS::ECS::Service' && isDeployedByCodeDeploy(template.resources[logicalId]?.Properties)) {
    return 'CodeDeploy owns this service: CloudFormation cannot change it ("Unable to update task definition on services with a CODE_DEPLOY deployment controller")';
  }
  if (type === 'AWS::S3::Bucket' && change.properties.some(({ name }) => name === 'VersioningConfiguration')) {
    return 'without versions, what is overwritten or deleted cannot be brought back';
  }
  return undefined;
}

/**
 * CodeDeploy has turned the listener, and the stack only learns which colour is live. The parameter comes from the
 * listener itself, so that what it is set to is what it is.
 */
function isCatchingUp({ properties }: PlannedChange, changedParameters: readonly string[]): boolean {
  return (
    properties.length > 0 &&
    properties.every(({ name }) => name === 'DefaultActions') &&
    changedParameters.some((parameter) => LIVE_COLOUR.test(parameter))
  );
}

function isDeployedByCodeDeploy(properties: Values | undefined): boolean {
  const controller = properties?.DeploymentController;
  return isValues(controller) && controller.Type === 'CODE_DEPLOY';
}
