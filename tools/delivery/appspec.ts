/** Fills in the appspec of a rollout: where the tasks of the new colour run, and who checks them. */
import { CommandError } from '../../apps/pipeline/src/command.error';

/** Where tasks run. */
export interface Placement {
  readonly capacityProvider: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** `ENABLED` or `DISABLED` */
  readonly assignPublicIp: string;
}

/** CodePipeline's own, filled in when the definition has been registered. */
const LEFT = 'TASK_DEFINITION';

/**
 * @param template text of appspec.yaml
 * @throws {CommandError} for a placeholder that nobody fills in, or one that the text lacks.
 */
export function renderAppspec(template: string, placement: Placement, hookFunction: string): string {
  const values = new Map([
    ['CAPACITY_PROVIDER', placement.capacityProvider],
    ['SUBNETS', listOf(placement.subnets)],
    ['SECURITY_GROUPS', listOf(placement.securityGroups)],
    ['ASSIGN_PUBLIC_IP', placement.assignPublicIp],
    ['HOOK_FUNCTION', hookFunction],
  ]);
  const unused = new Set([...values.keys(), LEFT]);
  const text = template.replaceAll(/<([A-Z_]+)>/g, (placeholder, name: string) => {
    unused.delete(name);
    if (name === LEFT) return placeholder;
    const value = values.get(name);
    if (value === undefined) throw new CommandError(`appspec.yaml has ${placeholder}, which nothing fills in.`);
    return value;
  });
  if (unused.size > 0) throw new CommandError(`appspec.yaml has no <${[...unused].join('>, <')}>.`);
  return text;
}

/** As YAML writes it in one line. */
function listOf(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}
