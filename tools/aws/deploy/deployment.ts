/** One deployment, from the first look to the address of the site. */
import { CommandError, ExitCode, UsageError } from '../../../apps/pipeline/src/command.error';
import { count, enumerate } from '../../../apps/pipeline/src/output/figures';
import { ResolvedTemplate } from '../../cloudformation/resolve-template';
import { Template } from '../../cloudformation/template';
import { writeParameter } from '../account/handed-over';
import { ImageName } from '../account/images';
import { Artifact, uploadArtifacts } from '../artifacts/artifacts';
import { AwsClients } from '../clients';
import { CommandContext } from '../command-context';
import { costSentence, PRICES_OF } from '../cost/cost-lines';
import { monthlyCosts } from '../cost/monthly-costs';
import { Identity } from '../preflight/identity';
import { preflight } from '../preflight/preflight';
import { parameterPrefix, StageName, stackName } from '../stage/areas';
import {
  GivenValues,
  handedOverPath,
  handedOverPaths,
  missingParameters,
  resolveGiven,
  stackParameters,
} from '../stage/stack-parameters';
import { EventPrinter } from '../stacks/event-printer';
import { executeStack, settleStack, waitUntilIdle } from '../stacks/execute-stack';
import { PlannedChange } from '../stacks/planned-change';
import { planStack, StackInput, StackPlan } from '../stacks/stack-plan';
import { templateSource } from '../stacks/template-source';
import { readSource, Source } from '../source/source-files';
import { sourceInWords } from '../source/source-lines';
import { findUploadedSource, SOURCE_KEY, uploadSource } from '../source/source-zip';
import { buildImages } from '../image-build/image-build';
import { deliveryLines, takesUploads } from './delivery-lines';
import { endingLines } from './ending';
import { ImagePlan, imageLines, imagePlan } from './image-plan';
import { collectInputs, Inputs } from './inputs';
import { changeLine, planLines, refusalText } from './plan-lines';

export interface DeploymentSettings {
  readonly clients: AwsClients;
  readonly region: string;
  readonly identity: Identity;
  readonly name: StageName;
  readonly all: readonly Template[];
  readonly chosen: readonly Template[];
  readonly stageFile: GivenValues;
  readonly named: ReadonlyMap<ImageName, string>;
  readonly allowed: readonly string[];
  readonly checksPermissions: boolean;
  /** Whether a build of the images was asked for. */
  readonly builds: boolean;
  readonly isDryRun: boolean;
  readonly isAsked: boolean;
}

/** Parts that images are built with, and nothing that runs them. */
const BEFORE_IMAGES: readonly string[] = ['network', 'storage', 'build'];

/** Stages of this name hold what people rely on. */
const PROTECTED_STAGE = 'production';

export class Deployment {
  readonly #printer: EventPrinter;

  constructor(
    private readonly context: CommandContext,
    private readonly settings: DeploymentSettings,
  ) {
    this.#printer = new EventPrinter(context.screen);
  }

  get #isProtected(): boolean {
    return this.settings.name.stage === PROTECTED_STAGE;
  }

  async run(): Promise<void> {
    const { screen } = this.context;
    const { name, identity, region, isDryRun } = this.settings;
    screen.say(`Stage ${name.stage} of ${name.project}, account ${identity.accountId}, ${region}, as ${identity.arn}`);
    await this.#waitForOthers();
    const inputs = await collectInputs(this.settings);
    const plans = await this.#plan(inputs);
    const images = imagePlan({ ...this.settings, ...inputs, isAskedFor: this.settings.builds });
    await this.#preflight(inputs, plans, images);
    const source = images.builds ? await readSource(this.context.sourceFolder) : undefined;
    this.#show(plans);
    this.#showImages(images, inputs, source);
    const refusals = plans.flatMap((plan) => plan.refusals);
    if (refusals.length > 0) throw new CommandError(refusalText(refusals), ExitCode.refused);
    if (isDryRun) {
      screen.say('', 'This was a dry run: nothing has been changed.');
      return;
    }
    if (plans.some(({ action }) => action !== 'none') || source !== undefined) {
      await this.#confirm('Deploy this?');
      this.context.farewell =
        'Stopped. CloudFormation goes on with the stack that it is at; the same command takes it up again.';
      await this.#execute(plans, inputs.artifacts, source);
    } else {
      screen.say('', 'There is nothing to do.');
      for (const { stack } of plans) await settleStack(stack, { ...this.settings, isProtected: this.#isProtected });
    }
    await this.#end(plans);
  }

  /** Nothing can be said about stacks that somebody is changing. */
  async #waitForOthers(): Promise<void> {
    const { clients, chosen, name } = this.settings;
    for (const { area } of chosen) {
      await waitUntilIdle(clients, stackName(name, area), this.#printer, (text) => this.context.screen.say(text));
    }
  }

  async #plan(inputs: Inputs): Promise<StackPlan[]> {
    const plans: StackPlan[] = [];
    for (const template of this.settings.chosen) {
      plans.push(await planStack(this.#stackInput(template, inputs), this.settings));
    }
    return plans;
  }

  #stackInput(template: Template, { given, handedOver }: Inputs): StackInput {
    const { clients, name, region } = this.settings;
    const resolved = this.#resolve(given).find((each) => each.template === template);
    if (resolved === undefined) throw new Error(`${template.file} is not among the templates`);
    const prefix = parameterPrefix(name);
    const parameters = stackParameters(template, name, given);
    return {
      ...{ template, resolved, parameters },
      source: () => templateSource(clients.s3, template, handedOver.get('storage/build-bucket'), region),
      isSupplied:
        missingParameters(template, parameters).length === 0 &&
        handedOverPaths(template, name).every(
          (path) => !path.startsWith(prefix) || handedOver.has(path.slice(prefix.length)),
        ),
    };
  }

  #resolve(given: GivenValues): ResolvedTemplate[] {
    const { all, name, region, identity } = this.settings;
    return resolveGiven(all, name, given, { region, accountId: identity.accountId });
  }

  async #preflight(inputs: Inputs, plans: readonly StackPlan[], images: ImagePlan): Promise<void> {
    const { screen } = this.context;
    const findings = await preflight({
      ...this.settings,
      ...{ inputs, images },
      chosen: plans.map(({ input }) => input.resolved),
      created: plans.filter(({ action }) => action === 'create').map(({ input }) => input.resolved),
    });
    for (const { kind, text } of findings) if (kind === 'warning') screen.warn(text);
    const faults = findings.filter(({ kind }) => kind === 'fault');
    if (faults.length === 0) return;
    throw new CommandError(
      `Nothing has been changed, because it could not go well:\n\n${faults.map(({ text }) => text).join('\n\n')}`,
    );
  }

  #show(plans: readonly StackPlan[]): void {
    const { screen } = this.context;
    screen.heading('What will change');
    for (const { text, colour, indent = 0 } of planLines(plans)) screen.item(text, indent, colour);
    const after = plans.flatMap(({ input }) => monthlyCosts([input.resolved]));
    const before = plans.flatMap(({ deployed }) => this.#costsOf(deployed));
    screen.heading('What it costs');
    screen.say(`${costSentence(after, before)}; ${PRICES_OF}.`, 'npm run cost shows it by resource.');
  }

  #showImages(images: ImagePlan, inputs: Inputs, source: Source | undefined): void {
    const { screen } = this.context;
    const lines = imageLines(images, inputs.images, source === undefined ? '' : sourceInWords(source));
    if (lines.length > 0) screen.heading('Images');
    for (const { text, colour } of lines) screen.item(text, 0, colour);
  }

  /** Of a stack as it is. */
  #costsOf(deployed: StackPlan['deployed']) {
    if (deployed === undefined) return [];
    const { all } = this.settings;
    const templates = all.map((template) => (template.file === deployed.template.file ? deployed.template : template));
    const { name, region, identity } = this.settings;
    const place = { region, accountId: identity.accountId };
    const own = Object.entries(deployed.parameters).filter(
      ([parameter]) => handedOverPath(deployed.template.parameters[parameter], name) === undefined,
    );
    const given = { ...this.settings.stageFile, ...Object.fromEntries(own) };
    const resolved = resolveGiven(templates, name, given, place);
    return monthlyCosts(resolved.filter(({ template }) => template === deployed.template));
  }

  async #confirm(question: string): Promise<void> {
    if (!this.settings.isAsked) return;
    const answer = await this.context.ask(`\n${question} [y/N] `);
    if (answer === undefined) {
      throw new UsageError('There is nobody to ask: say --yes where no person sits at the terminal.');
    }
    if (!/^y(es)?$/i.test(answer)) throw new CommandError('Nothing has been changed.');
  }

  /** Images are built as soon as there is what builds them: if that fails, little else has been made. */
  async #execute(plans: readonly StackPlan[], artifacts: readonly Artifact[], source: Source | undefined) {
    const isBefore = ({ area }: StackPlan) => BEFORE_IMAGES.includes(area);
    await this.#executeStacks(plans.filter(isBefore), artifacts);
    if (source !== undefined) await this.#buildImages(source);
    await this.#executeStacks(
      plans.filter((plan) => !isBefore(plan)),
      artifacts,
    );
  }

  async #buildImages(source: Source): Promise<void> {
    const { clients, region, chosen } = this.settings;
    const { handedOver } = await collectInputs(this.settings, []);
    await buildImages(this.context, { clients, region, handedOver, source });
    const { images } = await collectInputs(this.settings, []);
    const { missing } = imagePlan({ chosen, images, handedOver, isAskedFor: false });
    if (missing.length === 0) return;
    throw new CommandError(
      `The build has succeeded, and has written no digest of ${enumerate(missing)} to ${parameterPrefix(this.settings.name)}images/.`,
    );
  }

  async #executeStacks(plans: readonly StackPlan[], artifacts: readonly Artifact[]): Promise<void> {
    for (const plan of plans) {
      // Read again: earlier stacks hand over what was not there, and CodeDeploy may have turned a listener since.
      const inputs = await collectInputs(this.settings, artifacts);
      if (inputs.live.faults.length > 0)
        throw new CommandError(`${inputs.live.faults.join('\n')} Deploy again after that.`);
      await this.#upload(plan, inputs);
      if (plan.area === 'delivery') await this.#giveFirstSource(plan, inputs);
      const input = this.#stackInput(plan.input.template, inputs);
      await executeStack(
        { ...plan, input },
        {
          ...this.settings,
          isProtected: this.#isProtected,
          printer: this.#printer,
          confirm: (changed, unseen) => this.#confirmUnseen(changed, unseen),
          refuse: (refusals) => {
            throw new CommandError(refusalText(refusals), ExitCode.refused);
          },
        },
      );
    }
  }

  async #upload({ input }: StackPlan, inputs: Inputs): Promise<void> {
    const bucket = inputs.handedOver.get('storage/build-bucket');
    const own = inputs.artifacts.filter(({ parameter }) => Object.hasOwn(input.template.parameters, parameter));
    if (bucket === undefined || own.length === 0) return;
    const uploaded = await uploadArtifacts(this.settings.clients.s3, bucket, own);
    if (uploaded.length > 0)
      this.context.screen.say('', `Uploaded ${count(uploaded.length, 'artifact')} to ${bucket}.`);
  }

  /** A pipeline runs as soon as it is there, and would find nothing to take. */
  async #giveFirstSource({ action, input }: StackPlan, { handedOver }: Inputs): Promise<void> {
    const bucket = handedOver.get('storage/build-bucket');
    if (action !== 'create' || bucket === undefined || !takesUploads(input.resolved)) return;
    const { s3 } = this.settings.clients;
    if ((await findUploadedSource(s3, bucket)) !== undefined) return;
    await uploadSource(s3, bucket, await readSource(this.context.sourceFolder));
    this.context.screen.say('', `Uploaded the source for the pipeline to ${bucket}/${SOURCE_KEY}.`);
  }

  async #confirmUnseen({ stack }: StackPlan, unseen: readonly PlannedChange[]): Promise<void> {
    const { screen } = this.context;
    screen.heading(`${stack}: more will change, because of what earlier stacks hand over now`);
    for (const { text, colour, indent = 0 } of unseen.map(changeLine)) screen.item(text, indent, colour);
    await this.#confirm('Go on?');
  }

  async #end(plans: readonly StackPlan[]): Promise<void> {
    const { clients, name, named } = this.settings;
    for (const [image, uri] of named) await writeParameter(clients.ssm, name, `images/${image}`, uri);
    const { handedOver } = await collectInputs(this.settings, []);
    const delivery = plans.find(({ area }) => area === 'delivery');
    const lines = [
      ...(await endingLines(clients, name, handedOver)),
      ...(delivery === undefined
        ? []
        : await deliveryLines(clients, name, handedOver, delivery, this.context.sourceFolder)),
    ];
    for (const { text, colour } of lines) {
      this.context.screen.say(this.context.screen.paint(text, colour));
    }
  }
}
