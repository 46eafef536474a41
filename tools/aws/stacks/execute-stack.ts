/** Carries out the plan for one stack, from whatever state it is in, and waits for the end. */
import {
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  SetStackPolicyCommand,
  StackEvent,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { takesImage } from '../account/images';
import { AwsClients } from '../clients';
import { StageName } from '../stage/areas';
import { createChangeSet, deleteChangeSet, deleteOrphanedChangeSets } from './change-set';
import { EventPrinter } from './event-printer';
import { firstCause } from './first-cause';
import { Refusal, refusedChanges } from './guard';
import { ChangeKind, PlannedChange, plannedChange } from './planned-change';
import { followStack, StackEvents } from './stack-events';
import { changedParameters, StackPlan, stackTags } from './stack-plan';
import { findStack, readinessOf } from './stack-state';
import { stackPolicy } from './stack-policy';
import { typeInWords } from './words';

export interface ExecuteOptions {
  readonly clients: AwsClients;
  readonly name: StageName;
  readonly allowed: readonly string[];
  readonly isProtected: boolean;
  readonly printer: EventPrinter;
  /** Changes that have come up since the plan was shown, because earlier stacks hand over something else now. */
  readonly confirm: (plan: StackPlan, unseen: readonly PlannedChange[]) => Promise<void>;
  readonly refuse: (refusals: readonly Refusal[]) => never;
}

/** Whether anything was changed. */
export async function executeStack(plan: StackPlan, options: ExecuteOptions): Promise<boolean> {
  const { clients, name, allowed } = options;
  const { cloudFormation } = clients;
  const { stack, input, action } = plan;
  if (plan.remains !== undefined) await takeAwayRemains(plan, options);
  if (action !== 'create') await deleteOrphanedChangeSets(cloudFormation, stack);
  const changeSet = await createChangeSet(cloudFormation, {
    stack,
    isNew: action === 'create',
    source: await input.source(),
    parameters: input.parameters,
    tags: stackTags(name),
  });
  if (changeSet === undefined) {
    await settleStack(stack, options);
    return false;
  }
  try {
    await requireAsPlanned(plan, changeSet.changes.map(plannedChange), options);
  } catch (error) {
    await deleteChangeSet(cloudFormation, changeSet.id);
    throw error;
  }
  const events = new StackEvents(cloudFormation, changeSet.stackId);
  await events.forgetPast();
  if (allowed.length > 0 && action === 'update') await setPolicy(stack, options, allowed);
  options.printer.begin(plan);
  await cloudFormation.send(
    // A first attempt that fails leaves nothing: neither buckets nor keys that the next one knows nothing of.
    new ExecuteChangeSetCommand({ ChangeSetName: changeSet.id, RetainExceptOnCreate: action === 'create' }),
  );
  await follow(plan, events, options);
  return true;
}

/** What holds for every stack that is there: nothing guarded goes, and production stays. A command that was killed may not have come to it. */
export async function settleStack(
  stack: string,
  options: Pick<ExecuteOptions, 'clients' | 'isProtected'>,
): Promise<void> {
  await setPolicy(stack, options, []);
  if (!options.isProtected) return;
  await options.clients.cloudFormation.send(
    new UpdateTerminationProtectionCommand({ StackName: stack, EnableTerminationProtection: true }),
  );
}

/** Waits for what an earlier command, or somebody else, has begun. */
export async function waitUntilIdle(
  clients: AwsClients,
  stack: string,
  printer: EventPrinter,
  say: (text: string) => void,
): Promise<void> {
  const found = await findStack(clients.cloudFormation, stack);
  if (found === undefined || readinessOf(found.StackStatus ?? '') !== 'busy') return;
  say(`The stack ${stack} is being worked on (${found.StackStatus ?? ''}): waiting for the end.`);
  const events = new StackEvents(clients.cloudFormation, found.StackId ?? stack);
  await events.rewindToOperation();
  const { status, events: all } = await followStack(clients.cloudFormation, events, printer.print, printer.remind);
  say(isSuccess(status) ? `The stack ${stack} has come to rest: ${status}.` : failureOf(stack, status, all));
}

async function requireAsPlanned(
  plan: StackPlan,
  changes: readonly PlannedChange[],
  options: ExecuteOptions,
): Promise<void> {
  if (plan.deployed === undefined) return;
  const { template } = plan.input;
  const refusals = refusedChanges(
    { template, changes, changedParameters: changedParameters(plan.input, plan.deployed) },
    options.allowed,
  );
  if (refusals.length > 0) options.refuse(refusals);
  const seen = new Set(plan.changes.map(({ kind, logicalId }) => `${kind} ${logicalId}`));
  const unseen = changes.filter(({ kind, logicalId }) => isGrave(kind) && !seen.has(`${kind} ${logicalId}`));
  if (unseen.length > 0) await options.confirm(plan, unseen);
}

function isGrave(kind: ChangeKind): boolean {
  return kind !== 'change' && kind !== 'add';
}

async function takeAwayRemains({ stack, remains = '' }: StackPlan, { clients, printer }: ExecuteOptions) {
  const found = await findStack(clients.cloudFormation, stack);
  const id = found?.StackId ?? stack;
  printer.say(`Taking away what an earlier attempt has left of ${stack} (${remains}).`);
  const events = new StackEvents(clients.cloudFormation, id);
  await events.forgetPast();
  await clients.cloudFormation.send(new DeleteStackCommand({ StackName: id }));
  const { status } = await followStack(clients.cloudFormation, events, printer.print, printer.remind);
  if (status !== 'DELETE_COMPLETE') {
    throw new CommandError(`The stack ${stack} cannot be taken away: ${status}. Delete it, then run this again.`);
  }
}

async function follow(plan: StackPlan, events: StackEvents, options: ExecuteOptions): Promise<void> {
  const { printer } = options;
  const { stack } = plan;
  const { status, events: all } = await followStack(events.client, events, printer.print, printer.remind);
  // Also when it has failed: what was allowed was allowed once.
  if (readinessOf(status) === 'ready') await settleStack(stack, options);
  if (isSuccess(status)) {
    printer.end(stack, status);
    return;
  }
  const image = takesImage(plan.input.template)
    ? '\nWhere the image is at fault, mend its source and add --build: known images are not built again by themselves.'
    : '';
  throw new CommandError(
    `${failureOf(stack, status, all)}\nMend it, then run the same command again: it goes on from here.${image}`,
  );
}

export function failureOf(stack: string, status: string, events: readonly StackEvent[]): string {
  const cause = firstCause(events);
  const why =
    cause === undefined
      ? 'CloudFormation names no cause.'
      : `The first thing that failed was ${cause.logicalId} (${typeInWords(cause.type)}):\n  ${cause.reason}`;
  return `The stack ${stack} failed: ${status}.\n${why}`;
}

function isSuccess(status: string): boolean {
  return /^(CREATE|UPDATE|IMPORT|DELETE)_COMPLETE$/.test(status);
}

async function setPolicy(stack: string, { clients }: Pick<ExecuteOptions, 'clients'>, allowed: readonly string[]) {
  await clients.cloudFormation.send(
    new SetStackPolicyCommand({ StackName: stack, StackPolicyBody: stackPolicy(allowed) }),
  );
}
