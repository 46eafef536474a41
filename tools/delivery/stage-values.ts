/** What the stacks of a stage have handed over that a rollout needs, and what the last build has recorded. */
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CommandError } from '../../apps/pipeline/src/command.error';
import { parameterPrefix, StageName, stageOptions } from '../aws/stage/areas';

/** Services in the order in which they are rolled out. */
export const SERVICES = ['was', 'web', 'monitor'] as const;
export type ServiceName = (typeof SERVICES)[number];
/** Those that CodeDeploy rolls out, blue and green. */
export const BLUE_GREEN = ['was', 'web'] as const satisfies readonly ServiceName[];

const NEEDED = [
  'platform/cluster-name',
  'services/capacity-provider',
  'network/service-subnet-ids',
  'network/assign-public-ip',
  ...SERVICES.map((name) => `services/${name}-service-name` as const),
  ...BLUE_GREEN.map((name) => `network/${name}-security-group-id` as const),
] as const;
/** Nothing is recorded before the first build has ended. */
const RECORDED = SERVICES.map((name) => `images/${name}` as const);

export type NeededValue = (typeof NEEDED)[number];

export interface StageValues {
  readonly needed: Readonly<Record<NeededValue, string>>;
  readonly recorded: Readonly<Partial<Record<ServiceName, string>>>;
}

/** GetParameters takes ten names. */
const AT_ONCE = 10;

/** @throws {CommandError} that names what no stack has handed over. */
export async function readStageValues(ssm: SSMClient, name: StageName): Promise<StageValues> {
  const prefix = parameterPrefix(name);
  const names = [...NEEDED, ...RECORDED];
  const found = new Map<string, string>();
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const Names = names.slice(first, first + AT_ONCE).map((path) => `${prefix}${path}`);
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
    for (const { Name = '', Value = '' } of Parameters) found.set(Name.slice(prefix.length), Value);
  }
  const missing = NEEDED.filter((path) => !found.get(path));
  if (missing.length > 0) {
    throw new CommandError(
      `No stack of stage ${name.stage} has handed over ${missing.map((path) => `${prefix}${path}`).join(', ')}: ` +
        `npm run deploy -- ${stageOptions(name)} brings the stage up to date.`,
    );
  }
  return {
    needed: Object.fromEntries(NEEDED.map((path) => [path, found.get(path)])) as Record<NeededValue, string>, // none is missing
    recorded: Object.fromEntries(
      SERVICES.filter((service) => found.has(`images/${service}`)).map((service) => [
        service,
        found.get(`images/${service}`),
      ]),
    ),
  };
}
