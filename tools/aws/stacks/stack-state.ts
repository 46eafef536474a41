/** What there is of a stack, and what that state allows. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  Stack,
  StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { unlessMissing } from '../aws-problems';

/** Undefined when there is none of this name. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const answer = await unlessMissing(client.send(new DescribeStacksCommand({ StackName: name })));
  const stack = answer?.Stacks?.[0];
  return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
}

export async function resourcesOf(client: CloudFormationClient, name: string): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    found.push(...(page.StackResourceSummaries ?? []));
  }
  return found;
}

/** What can be done with a stack. */
export type Readiness =
  /** It can be changed. */
  | 'ready'
  /** It never came to be: taken away, and made anew. */
  | 'remains'
  /** Something is under way. */
  | 'busy'
  /** Only a person can help. */
  | 'stuck';

export function readinessOf(status: string): Readiness {
  if (status === 'REVIEW_IN_PROGRESS') return 'remains';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  if (/^(ROLLBACK_COMPLETE|CREATE_FAILED|DELETE_FAILED|ROLLBACK_FAILED)$/.test(status)) {
    return status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED' ? 'stuck' : 'remains';
  }
  return /^(UPDATE_ROLLBACK_FAILED|UPDATE_FAILED|IMPORT_ROLLBACK_FAILED)$/.test(status) ? 'stuck' : 'ready';
}

/** For a stack that is stuck: what a person has to do. */
export function wayOut(stack: string, status: string, region: string): string {
  const command = (text: string) => `  aws cloudformation ${text} --stack-name ${stack} --region ${region}`;
  const look = command('describe-stack-events --max-items 20');
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    return (
      `The stack ${stack} could not go back to what it was (${status}).\nRemove the reason that its events name:\n${look}\n` +
      `Then let it go on, where needed with --resources-to-skip:\n${command('continue-update-rollback')}\nand run this command again.`
    );
  }
  return (
    `The stack ${stack} could not be taken away completely (${status}).\nRemove the reason that its events name:\n${look}\n` +
    `Then delete it, where needed with --retain-resources:\n${command('delete-stack')}\nand run this command again.`
  );
}
