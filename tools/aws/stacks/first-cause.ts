/** Finds out why a stack operation failed: the first resource that failed by itself, not those that were cancelled for it. Pure. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';

/** CloudFormation's words for what failed only because something else did. */
const CONSEQUENCE =
  /^Resource (creation|update|deletion) (was )?cancell?ed|^The following resource\(s\) failed|^(Stack|Rollback) .*(cancelled|requested)|^User Initiated/i;

export interface Cause {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/** @param events of one operation, oldest first. Undefined when none of them failed. */
export function firstCause(events: readonly StackEvent[]): Cause | undefined {
  const failed = events.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
  const own = failed.filter(
    (event) => event.PhysicalResourceId !== event.StackId && !CONSEQUENCE.test(event.ResourceStatusReason ?? ''),
  );
  const first = own[0] ?? failed.find(({ ResourceStatusReason }) => ResourceStatusReason !== undefined) ?? failed[0];
  if (first === undefined) return undefined;
  return {
    logicalId: first.LogicalResourceId ?? '',
    type: first.ResourceType ?? '',
    reason: reasonInWords(first.ResourceStatusReason),
  };
}

/** Without what handlers put around the sentence of the service. */
function reasonInWords(reason = 'CloudFormation gives no reason'): string {
  return reason
    .replace(/^Resource handler returned message: "(.*)" \(RequestToken: [^)]*\)$/s, '$1')
    .replaceAll(/\s*\((Service: [^)]*|RequestToken: [^)]*)\)/g, '')
    .trim();
}
