/** Makes, reads and takes away change sets. */
import {
  Change,
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ListChangeSetsCommand,
  ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { reasonOf } from '../../../apps/pipeline/src/reason-of';

const POLL_INTERVAL_MS = 1_000;
/** By their names those that an interrupted command has left are known. */
const NAME_PREFIX = 'deploy-';
const NO_CHANGES = /didn't contain changes|No updates are to be performed/;

/** Where the text of a template is: in the request, or, when that is too long, in a bucket. */
export type TemplateSource = { readonly TemplateBody: string } | { readonly TemplateURL: string };

export interface ChangeSetRequest {
  readonly stack: string;
  readonly isNew: boolean;
  readonly source: TemplateSource;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  readonly changes: readonly ResourceChange[];
}

/** Undefined when nothing would change. @throws {CommandError} when CloudFormation refuses it. */
export async function createChangeSet(
  client: CloudFormationClient,
  { stack, isNew, source, parameters, tags }: ChangeSetRequest,
): Promise<ChangeSet | undefined> {
  let id: string | undefined;
  try {
    const answer = await client.send(
      new CreateChangeSetCommand({
        StackName: stack,
        ChangeSetName: `${NAME_PREFIX}${Date.now()}`,
        ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
        ...source,
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    id = answer.Id ?? '';
    return await describe(client, id);
  } catch (error) {
    if (id !== undefined) await deleteChangeSet(client, id);
    if (NO_CHANGES.test(reasonOf(error))) return undefined;
    throw new CommandError(`CloudFormation refuses the stack ${stack}: ${reasonOf(error)}`, undefined, {
      cause: error,
    });
  }
}

async function describe(client: CloudFormationClient, id: string): Promise<ChangeSet> {
  for (;;) {
    const changes: Change[] = [];
    const request = { ChangeSetName: id, IncludePropertyValues: true };
    let page = await client.send(new DescribeChangeSetCommand(request));
    if (page.Status === 'FAILED') throw new Error(page.StatusReason ?? 'the change set failed');
    changes.push(...(page.Changes ?? []));
    while (page.Status === 'CREATE_COMPLETE' && page.NextToken !== undefined) {
      page = await client.send(new DescribeChangeSetCommand({ ...request, NextToken: page.NextToken }));
      changes.push(...(page.Changes ?? []));
    }
    if (page.Status === 'CREATE_COMPLETE') {
      return {
        id,
        stackId: page.StackId ?? '',
        changes: changes.flatMap(({ ResourceChange: change }) => (change === undefined ? [] : [change])),
      };
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

export async function deleteChangeSet(client: CloudFormationClient, id: string): Promise<void> {
  await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
}

/** Those that an earlier command made and did not come to use or to take away. */
export async function deleteOrphanedChangeSets(client: CloudFormationClient, stack: string): Promise<number> {
  const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stack }));
  const orphans = Summaries.filter(
    ({ ChangeSetName = '', ExecutionStatus, StackName = stack }) =>
      StackName === stack &&
      ChangeSetName.startsWith(NAME_PREFIX) &&
      (ExecutionStatus === 'AVAILABLE' || ExecutionStatus === 'UNAVAILABLE'),
  );
  for (const { ChangeSetId = '' } of orphans) await deleteChangeSet(client, ChangeSetId);
  return orphans.length;
}
