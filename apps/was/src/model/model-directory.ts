import { isProblem } from '@app/contracts';
import { DeployedModel } from '@app/contracts/classification';
import { ModelDescription } from '@app/contracts/sagemaker';
import { Deadline } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { CallContext, Classifier } from '../classification/classifier.port';

/** Good enough for shrinking images; an answer of another version makes it asked for again anyway. */
const FRESH_MS = 30_000;
/** Who asks what is deployed is told of a deployment at once; within this time all get the same answer. */
const CURRENT_MS = 1000;

/** A description is small and at hand; a container that takes longer has other troubles. */
const DESCRIBE_TIMEOUT_MS = 3000;

type Caller = Pick<CallContext, 'requestId' | 'trace'>;

/** Knows what the deployed model says of itself, without asking for each image. */
@Injectable()
export class ModelDirectory {
  private readonly logger = new Logger(ModelDirectory.name);
  private known: { readonly deployed: DeployedModel; readonly askedAt: number } | undefined;
  private asking: Promise<DeployedModel> | undefined;

  constructor(private readonly classifier: Classifier) {}

  /** The deployed model; asks the endpoint unless it was asked within the last second. Throws what `Classifier.describe` throws. */
  async deployed(caller: Caller): Promise<DeployedModel> {
    if (this.known !== undefined && this.ageMs < CURRENT_MS) return this.known.deployed;
    return await this.ask(caller);
  }

  /** Ids of the labels of a model; nothing when another one is deployed by now, or when it cannot be asked. */
  async labelsOf(
    { name, version }: Pick<DeployedModel['model'], 'name' | 'version'>,
    caller: Caller,
  ): Promise<ReadonlySet<string> | undefined> {
    const { description } = await this.deployed(caller).catch((error: unknown) => {
      if (isProblem(error)) return { description: undefined };
      throw error;
    });
    if (description?.name !== name || description.version !== version) return undefined;
    return new Set(description.labels.map(({ id }) => id));
  }

  /** Asks the endpoint now, to see whether it answers. */
  async check(caller: Caller): Promise<DeployedModel> {
    return await this.ask(caller);
  }

  /**
   * Side of the square that the model sees, in pixels; nothing when it does not tell. An image is only shrunk by it, so
   * a stale value is good enough and a missing one no reason to fail: only the very first image waits for it, and not
   * longer than its deadline.
   */
  async inputSize({ deadline, ...caller }: CallContext): Promise<number | undefined> {
    if (this.known === undefined) await beforeAbort(this.refresh(caller), deadline.signal);
    else if (this.ageMs >= FRESH_MS) void this.refresh(caller);
    return this.known?.deployed.description?.input.size;
  }

  /** To be told of every answer: another version than the known one was deployed. */
  noteVersion({ name, version }: { readonly name: string; readonly version: string }, caller: Caller): void {
    const description = this.known?.deployed.description;
    if (description === undefined || (description.name === name && description.version === version)) return;
    void this.refresh(caller);
  }

  private get ageMs(): number {
    return this.known === undefined ? Infinity : performance.now() - this.known.askedAt;
  }

  private async refresh(caller: Caller): Promise<void> {
    try {
      await this.ask(caller);
    } catch (error) {
      this.logger.debug({ err: error }, 'the model did not describe itself');
    }
  }

  /** One question at a time, whoever asks; it has a deadline of its own, because others wait for it too. */
  private ask({ requestId, trace }: Caller): Promise<DeployedModel> {
    this.asking ??= this.describe({ requestId, trace, deadline: new Deadline(DESCRIBE_TIMEOUT_MS) }).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async describe(context: CallContext): Promise<DeployedModel> {
    const { variant, description } = await this.classifier.describe(context);
    const deployed = deployedModel(variant, description);
    if (deployed.model.version !== this.known?.deployed.model.version) {
      this.logger.log(`the endpoint serves ${deployed.model.name} ${deployed.model.version}`);
    }
    this.known = { deployed, askedAt: performance.now() };
    return deployed;
  }
}

/** Throws the signal's reason when it aborts first; the work itself goes on for others who wait for it. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error); // a `Deadline` aborts with errors only
    signal.addEventListener('abort', leave);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function deployedModel(variant: string, description: ModelDescription | undefined): DeployedModel {
  if (description === undefined) return { model: { name: 'unknown', version: 'unversioned', variant } };
  return { model: { name: description.name, version: description.version, variant }, description };
}
