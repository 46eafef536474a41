/** Takes one installation away, from the first look to the list of what is left. */
import { DeleteStackCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { DeleteParameterCommand } from '@aws-sdk/client-ssm';
import { join } from 'node:path';
import { CommandError, UsageError } from '../../../apps/pipeline/src/command.error';
import { count } from '../../../apps/pipeline/src/output/figures';
import { HandedOver, readHandedOver } from '../account/handed-over';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { CommandContext } from '../command-context';
import { AREAS, parameterPrefix, StageName, stackName, stageOptions } from '../stage/areas';
import { EventPrinter } from '../stacks/event-printer';
import { failureOf, waitUntilIdle } from '../stacks/execute-stack';
import { followStack, StackEvents } from '../stacks/stack-events';
import { ProgressPrinter } from '../terminal/progress-printer';
import { exportBucket } from './buckets';
import type { DataFate } from './data-fate';
import { destructionLines } from './destruction-lines';
import { waitForFunctionInterfaces } from './function-interfaces';
import { deleteKept, KeptResource, readKept, removalCommand, unitedKept, writeKept } from './kept-resources';
import { leftLogGroups } from './left-log-groups';
import { deleteEndpoints, stopDelivery, stopRollouts, stopServices, stopTraining } from './running-parts';
import { emptyWhatGoes, readStack, StackContents } from './stack-contents';
import { deregisterTaskDefinitions } from './task-definitions';

export interface DestructionSettings {
  readonly clients: AwsClients;
  readonly region: string;
  readonly accountId: string;
  readonly name: StageName;
  readonly fate: DataFate;
  readonly lifts: boolean;
  readonly isDryRun: boolean;
  readonly isAsked: boolean;
}

/** Load balancers deliver their last logs minutes after they are gone, into a bucket that was empty. */
const DELETE_ATTEMPTS = 3;

export class Destruction {
  readonly #printer: EventPrinter;

  constructor(
    private readonly context: CommandContext,
    private readonly settings: DestructionSettings,
  ) {
    this.#printer = new EventPrinter(context.screen);
  }

  async run(): Promise<void> {
    const { screen } = this.context;
    const { clients, name, region, accountId, fate, isDryRun } = this.settings;
    screen.say(`Stage ${name.stage} of ${name.project}, account ${accountId}, ${region}`);
    const stacks = await this.#readStacks();
    const handedOver = await readHandedOver(clients.ssm, name);
    const kept = unitedKept(
      readKept(handedOver),
      stacks.flatMap((stack) => stack.kept),
    );
    if (stacks.length === 0 && kept.length === 0) {
      screen.say('', 'There is nothing of this stage in this account and region.');
      return;
    }
    for (const { text, colour } of destructionLines(stacks, kept, fate)) screen.say(screen.paint(text, colour));
    this.#requireUnprotected(stacks);
    if (isDryRun) {
      screen.say('', 'This was a dry run: nothing has been changed.');
      return;
    }
    await this.#confirm();
    this.context.farewell = 'Stopped. The same command goes on from here.';
    if (fate.kind === 'export') await this.#export(kept, fate.folder);
    await this.#liftProtection(stacks);
    await writeKept(clients, name, kept);
    await this.#stop(stacks, handedOver);
    for (const stack of stacks) {
      if (stack.area === 'network') await this.#waitForFunctionInterfaces(stack);
      await this.#deleteStack(stack);
    }
    await this.#finish(await this.#settleKept(kept));
  }

  /** The last made first. Not from the templates: a stack may be older than they are. */
  async #readStacks(): Promise<StackContents[]> {
    const { clients, name } = this.settings;
    const stacks: StackContents[] = [];
    for (const area of Object.keys(AREAS).reverse()) {
      await waitUntilIdle(clients, stackName(name, area), this.#printer, (text) => this.context.screen.say(text));
      const stack = await readStack(clients, name, area);
      if (stack !== undefined) stacks.push(stack);
    }
    return stacks;
  }

  #requireUnprotected(stacks: readonly StackContents[]): void {
    if (this.settings.lifts || !stacks.some(({ isProtected }) => isProtected)) return;
    throw new CommandError(
      'The stacks of this stage are protected against deletion. To take them away all the same: --lift-protection',
    );
  }

  async #confirm(): Promise<void> {
    const { isAsked, name } = this.settings;
    if (!isAsked) return;
    const answer = await this.context.ask(`\nType the name of the stage to take it away (${name.stage}): `);
    if (answer === undefined) {
      throw new UsageError('There is nobody to ask: say --yes where no person sits at the terminal.');
    }
    if (answer !== name.stage) throw new CommandError('That is not its name. Nothing has been changed.');
  }

  async #export(kept: readonly KeptResource[], folder: string): Promise<void> {
    this.context.screen.say('');
    for (const { type, name, id } of kept) {
      if (type !== 'AWS::S3::Bucket') continue;
      const { files, bytes } = await exportBucket(this.settings.clients.s3, id, join(folder, name));
      this.context.screen.say(`Copied ${count(files, 'file')}, ${bytes} bytes, from ${id} to ${join(folder, name)}.`);
    }
  }

  async #liftProtection(stacks: readonly StackContents[]): Promise<void> {
    for (const { stack, isProtected } of stacks) {
      if (!isProtected) continue;
      await this.settings.clients.cloudFormation.send(
        new UpdateTerminationProtectionCommand({ StackName: stack, EnableTerminationProtection: false }),
      );
    }
  }

  async #stop(stacks: readonly StackContents[], handedOver: HandedOver): Promise<void> {
    const { clients, name } = this.settings;
    const say = (text: string) => this.context.screen.say(text);
    say('');
    await stopDelivery(clients, handedOver, say);
    await stopRollouts(clients, handedOver, say);
    await stopTraining(clients, handedOver, say);
    const services = stacks.flatMap(({ resources }) => resources).filter(({ type }) => type === 'AWS::ECS::Service');
    await stopServices(
      clients,
      services.map(({ id }) => id),
      say,
    );
    await deleteEndpoints(clients, name, say);
  }

  async #waitForFunctionInterfaces({ resources }: StackContents): Promise<void> {
    const vpc = resources.find(({ type }) => type === 'AWS::EC2::VPC');
    if (vpc === undefined) return;
    await waitForFunctionInterfaces(this.settings.clients, vpc.id, new ProgressPrinter(this.context.screen));
  }

  async #deleteStack(contents: StackContents): Promise<void> {
    const { cloudFormation } = this.settings.clients;
    const { stack, stackId } = contents;
    this.#printer.begin({ stack, action: 'delete' });
    for (let attempt = 1; ; attempt++) {
      await emptyWhatGoes(this.settings.clients, contents);
      const events = new StackEvents(cloudFormation, stackId);
      await events.forgetPast();
      await cloudFormation.send(new DeleteStackCommand({ StackName: stackId }));
      const { status, events: all } = await followStack(
        cloudFormation,
        events,
        this.#printer.print,
        this.#printer.remind,
      );
      if (status === 'DELETE_COMPLETE') break;
      if (attempt === DELETE_ATTEMPTS)
        throw new CommandError(`${failureOf(stack, status, all)}\nRun this again when that is gone.`);
      this.#printer.say(`${failureOf(stack, status, all)}\nTrying again.`);
    }
    this.#printer.end(stack, 'DELETE_COMPLETE');
  }

  /** Gives what is still there. */
  async #settleKept(kept: readonly KeptResource[]): Promise<KeptResource[]> {
    const { clients, name, fate } = this.settings;
    const left: KeptResource[] = [];
    for (const resource of kept) {
      if (fate.kind === 'keep' || !(await deleteKept(clients, resource))) left.push(resource);
    }
    // Keys are deleted by a person, by the command below; there is nothing of theirs to remember.
    await writeKept(clients, name, fate.kind === 'keep' ? left : []);
    return left;
  }

  async #finish(left: readonly KeptResource[]): Promise<void> {
    const { clients, name, region } = this.settings;
    const { screen } = this.context;
    const definitions = await deregisterTaskDefinitions(clients, name);
    if (definitions > 0) screen.say('', `Deregistered ${count(definitions, 'task definition')}.`);
    for (const path of (await readHandedOver(clients.ssm, name)).keys()) {
      if (!path.startsWith('images/')) continue;
      const Name = `${parameterPrefix(name)}${path}`;
      await unlessMissing(clients.ssm.send(new DeleteParameterCommand({ Name })));
    }
    const remaining = [...left, ...(await leftLogGroups(clients.logs, name))];
    if (remaining.length === 0) {
      screen.heading('Everything is gone.');
      return;
    }
    screen.heading('The stacks are gone. What is left, and how to remove it:');
    const buckets = remaining.filter(({ type }) => type === 'AWS::S3::Bucket');
    for (const { id } of buckets) screen.say(`  the bucket ${id}`);
    if (buckets.length > 0) screen.say(`    npm run destroy -- ${stageOptions(name)} --region ${region} --delete-data`);
    const keys = remaining.filter(({ type }) => type === 'AWS::KMS::Key');
    for (const resource of remaining) {
      if (!buckets.includes(resource) && !keys.includes(resource)) screen.say(`  ${removalCommand(resource, region)}`);
    }
    // Last, as it is the one that nobody can take back.
    if (keys.length > 0) screen.say('  the key, after everything that is encrypted with it: that cannot be read again');
    for (const key of keys) screen.say(`    ${removalCommand(key, region)}`);
  }
}
