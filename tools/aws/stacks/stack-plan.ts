/** What is to become of each stack, found out without changing any. */
import { GetTemplateCommand, Stack } from '@aws-sdk/client-cloudformation';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { ResolvedTemplate } from '../../cloudformation/resolve-template';
import { parseTemplate, Template } from '../../cloudformation/template';
import { AwsClients } from '../clients';
import { StageName, stackName } from '../stage/areas';
import { createChangeSet, deleteChangeSet, TemplateSource } from './change-set';
import { Refusal, refusedChanges } from './guard';
import { PlannedChange, plannedChange } from './planned-change';
import { findStack, readinessOf, wayOut } from './stack-state';

export interface StackInput {
  readonly template: Template;
  readonly resolved: ResolvedTemplate;
  readonly parameters: Readonly<Record<string, string>>;
  /** Uploads it when it has to be. */
  readonly source: () => Promise<TemplateSource>;
  /** Whether there is a value for everything that it takes: other stacks may have to come first. */
  readonly isSupplied: boolean;
}

export interface StackPlan {
  readonly area: string;
  readonly stack: string;
  readonly input: StackInput;
  readonly action: 'create' | 'update' | 'none';
  /** What an earlier command has left, and is taken away before the stack is made. */
  readonly remains?: string | undefined;
  /** What changes cannot be known before the stacks in front of it are done. */
  readonly isLater: boolean;
  readonly changes: readonly PlannedChange[];
  readonly refusals: readonly Refusal[];
  /** As it is now; undefined when it is to be made. */
  readonly deployed?: DeployedStack | undefined;
}

export interface DeployedStack {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface PlanOptions {
  readonly clients: AwsClients;
  readonly name: StageName;
  readonly region: string;
  readonly allowed: readonly string[];
}

/** For people who look for what belongs together, and for bills. */
export function stackTags({ project, stage }: StageName): Record<string, string> {
  return { project, stage };
}

/** @throws {CommandError} when the stack is in a state that only a person can lead it out of. */
export async function planStack(input: StackInput, options: PlanOptions): Promise<StackPlan> {
  const { clients, name, region } = options;
  const { template } = input;
  const stack = stackName(name, template.area);
  const found = await findStack(clients.cloudFormation, stack);
  const status = found?.StackStatus ?? '';
  const plan = { area: template.area, stack, input, isLater: false };
  if (found === undefined || readinessOf(status) === 'remains') {
    const remains = found === undefined ? undefined : status;
    return { ...plan, action: 'create', remains, changes: additions(input.resolved), refusals: [] };
  }
  if (readinessOf(status) === 'stuck') throw new CommandError(wayOut(stack, status, region));
  const deployed = await deployedStack(clients, found, template.file);
  if (!input.isSupplied) return { ...plan, deployed, action: 'update', isLater: true, changes: [], refusals: [] };
  const changes = await lookAtChanges(input, options);
  return {
    ...plan,
    deployed,
    action: changes === undefined ? 'none' : 'update',
    changes: changes ?? [],
    refusals: refusedChanges(
      { template, changes: changes ?? [], changedParameters: changedParameters(input, deployed) },
      options.allowed,
    ),
  };
}

/** By a change set that is taken away at once: between the question and the answer it would only grow old. */
async function lookAtChanges(
  input: StackInput,
  { clients, name }: PlanOptions,
): Promise<readonly PlannedChange[] | undefined> {
  const changeSet = await createChangeSet(clients.cloudFormation, {
    stack: stackName(name, input.template.area),
    isNew: false,
    source: await input.source(),
    parameters: input.parameters,
    tags: stackTags(name),
  });
  if (changeSet === undefined) return undefined;
  await deleteChangeSet(clients.cloudFormation, changeSet.id);
  return changeSet.changes.map(plannedChange);
}

export function changedParameters({ parameters }: StackInput, deployed: DeployedStack): string[] {
  return Object.keys(parameters).filter((name) => parameters[name] !== deployed.parameters[name]);
}

async function deployedStack(clients: AwsClients, stack: Stack, file: string): Promise<DeployedStack> {
  const { TemplateBody = '' } = await clients.cloudFormation.send(
    new GetTemplateCommand({ StackName: stack.StackName, TemplateStage: 'Original' }),
  );
  return {
    template: parseTemplate(TemplateBody, file),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
  };
}

function additions({ resources }: ResolvedTemplate): PlannedChange[] {
  return Object.values(resources).map(({ logicalId, Type }) => ({
    kind: 'add',
    logicalId,
    type: Type,
    properties: [],
    isRetained: false,
  }));
}
