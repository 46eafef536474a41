/** Which tasks run in the names of the templates: how many at least, how large, on what. Pure. */
import { ResolvedResource, ResolvedTemplate, textOf } from '../../cloudformation/resolve-template';
import { isList, isValues, Value, Values } from '../../cloudformation/template';

export interface FargateTasks {
  readonly area: string;
  readonly service: string;
  /** At least, while nothing happens. */
  readonly count: number;
  readonly mostCount: number;
  readonly vcpu: number;
  readonly memoryGb: number;
  readonly isArm: boolean;
  readonly isSpot: boolean;
  /** Each has an address of its own. */
  readonly hasPublicIp: boolean;
}

export function fargateTasks(templates: readonly ResolvedTemplate[]): FargateTasks[] {
  return templates.flatMap(({ template: { area }, resources }) => {
    const all = Object.values(resources);
    return all.filter(({ Type }) => Type === 'AWS::ECS::Service').map((service) => tasksOf(service, all, area));
  });
}

function tasksOf(service: ResolvedResource, all: readonly ResolvedResource[], area: string): FargateTasks {
  const { Properties: properties, logicalId } = service;
  const definition = definitionOf(textOf(properties.TaskDefinition ?? ''), all, area);
  const target = all.find(
    ({ Type, Properties }) =>
      Type === 'AWS::ApplicationAutoScaling::ScalableTarget' &&
      textOf(Properties.ResourceId ?? '').includes(`{${area}:${logicalId}`),
  )?.Properties;
  const desired = Number(properties.DesiredCount ?? 1);
  const configuration = at(at(properties, 'NetworkConfiguration'), 'AwsvpcConfiguration');
  return {
    area,
    service: logicalId,
    count: Number(target?.MinCapacity ?? desired),
    mostCount: Number(target?.MaxCapacity ?? desired),
    vcpu: Number(definition?.Cpu ?? 256) / 1024,
    memoryGb: Number(definition?.Memory ?? 512) / 1024,
    isArm: at(definition, 'RuntimePlatform').CpuArchitecture === 'ARM64',
    isSpot: isMostlySpot(properties.CapacityProviderStrategy),
    hasPublicIp: configuration.AssignPublicIp === 'ENABLED',
  };
}

/** Named by its family, or by a reference. */
function definitionOf(name: string, all: readonly ResolvedResource[], area: string): Values | undefined {
  return all.find(
    ({ Type, Properties, logicalId }) =>
      Type === 'AWS::ECS::TaskDefinition' && (Properties.Family === name || name === `\${${area}:${logicalId}}`),
  )?.Properties;
}

/** Whether the provider that takes most of the tasks is Spot. */
function isMostlySpot(strategy: Value | undefined): boolean {
  const providers = isList(strategy) ? strategy.filter(isValues) : [];
  const weightOf = (isSpot: boolean) =>
    providers
      .filter(({ CapacityProvider }) => (CapacityProvider === 'FARGATE_SPOT') === isSpot)
      .reduce((sum, { Weight = 0, Base = 0 }) => sum + Number(Weight) + Number(Base), 0);
  return weightOf(true) > weightOf(false);
}

function at(values: Value | undefined, name: string): Values {
  const member = isValues(values) ? values[name] : undefined;
  return isValues(member) ? member : {};
}

/** What Fargate's quotas count: all tasks at their most, and during a deployment both colours of those that there are. */
export function fargateNeeds(templates: readonly ResolvedTemplate[]): { onDemandVcpu: number; spotVcpu: number } {
  const vcpus = (isSpot: boolean) =>
    fargateTasks(templates)
      .filter((tasks) => tasks.isSpot === isSpot)
      .reduce((sum, { count, mostCount, vcpu }) => sum + Math.max(mostCount, 2 * count) * vcpu, 0);
  return { onDemandVcpu: vcpus(false), spotVcpu: vcpus(true) };
}
