// A rule that templates have to keep, and the faults that it finds. The rules are those that cfn-lint does not have.
import type { Found, System } from './system';

export interface Rule {
  /** What holds where the rule is kept: `a service on Fargate sends to target groups of type ip`. */
  readonly says: string;
  readonly faults: (system: System) => Iterable<string>;
}

/** Place and words of a fault; the line is that of the resource. */
export function faultOf({ stack: { template }, logicalId }: Pick<Found, 'stack' | 'logicalId'>, words: string): string {
  return `${template.file}:${template.lineOf(['Resources', logicalId])} ${logicalId} ${words}`;
}

/** Each fault once, though several variants may have it. */
export function faultsOf(rule: Rule, system: System): string[] {
  return [...new Set(rule.faults(system))];
}
