/**
 * A local endpoint that serves what the state folder says: at the start what is in service there, and then each deployment that is
 * asked for, by whatever process. It tells what came of each. It does not know who asks, nor what the models are.
 */
import { FSWatcher, watch } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { ContainerStartError } from '../container-process';
import { EndpointLog, silentLog } from '../endpoint-log';
import { LocalEndpoint, LocalEndpointOptions } from '../local-endpoint';
import { StateFolder } from '../state';
import { EndpointProcesses } from './endpoint-processes';
import { EndpointRecord, EndpointState, NumberedDeployment, outcomeOf } from './endpoint-record';
import { ContainerModel, HostedModels } from './hosted-models';
import { ModelDataError } from './model-data';

/** `watch` of Node tells nothing on some file systems. */
const POLL_INTERVAL_MS = 500;

export interface FollowingEndpointOptions extends Omit<LocalEndpointOptions, 'modelEnvironment' | 'stateFolder'> {
  readonly state: StateFolder;
  /** Whether `packageDir` is served at first even when something else has been deployed. */
  readonly startsWithPackage?: boolean;
}

/** The state folder is of no use. The message says which and why. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
}

export class FollowingEndpoint {
  readonly #record: EndpointRecord;
  readonly #processes: EndpointProcesses;
  readonly #hosted: HostedModels;
  readonly #log: EndpointLog;
  readonly #packageDir: string;
  /** What requests go to; undefined for the package folder. */
  #serving: NumberedDeployment | undefined;
  /** The last one that was in service when the package folder was preferred to it. */
  readonly #overruled: number;
  #handled: number | undefined;
  readonly #stopping = new AbortController();
  #look: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;

  private constructor(
    { state, endpointName, packageDir, log = silentLog }: FollowingEndpointOptions,
    readonly local: LocalEndpoint,
    serving: NumberedDeployment | undefined,
    overruled: number,
  ) {
    this.#record = new EndpointRecord(state, endpointName);
    this.#processes = new EndpointProcesses(state, endpointName);
    this.#hosted = new HostedModels(state);
    this.#log = log;
    this.#packageDir = packageDir;
    this.#serving = serving;
    this.#overruled = overruled;
  }

  /**
   * Resolves when a model is served: of what was being deployed when the last process ended, what is in service, and what was before,
   * the first that comes up. Rejects as `LocalEndpoint.start` does when none comes up, and with a `StateFolderError`.
   */
  static async start(options: FollowingEndpointOptions): Promise<FollowingEndpoint> {
    const record = new EndpointRecord(options.state, options.endpointName);
    const state = await usable(options.state, () => record.read());
    const isPackageWanted = state === undefined || options.startsWithPackage === true;
    const endpoint = isPackageWanted
      ? await FollowingEndpoint.#startWith(options, undefined, state?.inService?.number ?? 0)
      : await FollowingEndpoint.#startFirstThatComesUp(options, record, state);
    try {
      await endpoint.#processes.announce(endpoint.local.url);
    } catch (error) {
      await endpoint.local.stop();
      throw error;
    }
    endpoint.#follow();
    return endpoint;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#processes.withdraw();
    await this.local.stop();
    await this.#look;
  }

  /** Looks now, and again when the folder changes or, where the system does not tell, a little later. */
  #follow(): void {
    clearTimeout(this.#timer);
    this.#watch();
    this.#look = this.#catchUp()
      .catch((error: unknown) => {
        this.#handled = undefined;
        this.#log.error({ err: error }, 'the state folder cannot be followed; trying again');
      })
      .finally(() => {
        this.#look = undefined;
        if (!this.#stopping.signal.aborted) this.#timer = setTimeout(() => this.#follow(), POLL_INTERVAL_MS);
      });
  }

  #watch(): void {
    if (this.#watcher !== undefined) return;
    try {
      this.#watcher = watch(this.#record.watchedFolder, () => {
        if (this.#look === undefined && !this.#stopping.signal.aborted) this.#follow();
      });
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      // The folder is not there before the first deployment, or the system has no more watches: then the timer does.
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const state = await this.#record.read();
      const wanted = state?.latest.outcome === undefined ? state?.latest : state.inService;
      if (wanted === undefined || wanted.number === this.#handled || this.#stopping.signal.aborted) return;
      const failureReason = this.#isServed(wanted) ? undefined : await this.#deploy(wanted);
      await this.#decide(wanted, failureReason);
      this.#handled = wanted.number;
    }
  }

  async #decide(wanted: NumberedDeployment, failureReason: string | undefined): Promise<void> {
    const isGivenUp = this.#stopping.signal.aborted; // then the next process tries again
    if (wanted.outcome === undefined && !isGivenUp) {
      await this.#record.decide(wanted.number, outcomeOf(failureReason));
    }
  }

  #isServed({ number, isShipped }: NumberedDeployment): boolean {
    if (this.#serving !== undefined) return this.#serving.number === number;
    return isShipped === true || number <= this.#overruled;
  }

  /** Gives the reason when the model does not come up; then the one before serves on. */
  async #deploy(wanted: NumberedDeployment): Promise<string | undefined> {
    const { endpointConfigName } = wanted;
    this.#log.info({ endpointConfigName }, 'a deployment was asked for: starting its model');
    try {
      const { packageDir, environment } = await containerOf(wanted, this.#hosted, this.#packageDir);
      await this.local.deploy(packageDir, environment);
      this.#serving = wanted;
      this.#log.info({ endpointConfigName }, 'the deployment is in service');
      return undefined;
    } catch (error) {
      const reason = messageOf(error);
      if (!this.#stopping.signal.aborted) this.#log.error({ endpointConfigName }, `the deployment failed: ${reason}`);
      return reason;
    }
  }

  static async #startWith(
    options: FollowingEndpointOptions,
    serving: NumberedDeployment | undefined,
    overruled: number,
  ): Promise<FollowingEndpoint> {
    const { state, packageDir, startsWithPackage: _, ...rest } = options;
    const first = await containerOf(serving, new HostedModels(state), packageDir);
    const local = await LocalEndpoint.start({
      ...rest,
      packageDir: first.packageDir,
      modelEnvironment: first.environment,
      stateFolder: state.root,
    });
    return new FollowingEndpoint(options, local, serving, overruled);
  }

  static async #startFirstThatComesUp(
    options: FollowingEndpointOptions,
    record: EndpointRecord,
    { latest }: EndpointState,
  ): Promise<FollowingEndpoint> {
    const undecided = latest.outcome === undefined ? [latest] : [];
    const candidates = [...undecided, ...(await record.onceInService())];
    if (candidates.length === 0) return FollowingEndpoint.#startWith(options, undefined, 0);
    const failures: Error[] = [];
    for (const candidate of candidates) {
      const isDecided = candidate.outcome !== undefined;
      try {
        const endpoint = await FollowingEndpoint.#startWith(options, candidate, 0);
        if (!isDecided) await record.decide(candidate.number, outcomeOf(undefined));
        else if (failures[0] !== undefined) await endpoint.#replaceWhatIsInService(candidate, failures[0]);
        return endpoint;
      } catch (error) {
        if (!(error instanceof ContainerStartError) && !(error instanceof ModelDataError)) throw error;
        const { endpointConfigName } = candidate;
        options.log?.error({ endpointConfigName }, `the model of an endpoint configuration failed: ${error.message}`);
        if (isDecided) failures.push(error);
        else await record.decide(candidate.number, outcomeOf(error.message));
      }
    }
    throw failures[0] ?? new ModelDataError('There is no model to serve.');
  }

  /** What was in service does not come up any more: an earlier one is, and the state folder says so from now on. */
  async #replaceWhatIsInService(earlier: NumberedDeployment, { message }: Error): Promise<void> {
    const { endpointConfigName, members } = earlier;
    const latest = (await this.#record.read())?.latest.number ?? earlier.number;
    const time = Date.now() / 1000;
    const deployment = { endpointConfigName, members, requested: time };
    if (!(await this.#record.request(latest + 1, deployment))) return; // another one was asked for at this moment
    await this.#record.decide(latest + 1, { status: 'InService', time, failureReason: message });
    this.#serving = { ...deployment, number: latest + 1 };
  }
}

/** Fails at once when nothing can be read or written there, and not after a model was loaded. */
async function usable<T>({ root }: StateFolder, read: () => Promise<T>): Promise<T> {
  try {
    await mkdir(root, { recursive: true });
    await access(root, constants.R_OK | constants.W_OK);
    return await read();
  } catch (error) {
    throw new StateFolderError(`The state folder ${root} cannot be used: ${messageOf(error)}.`);
  }
}

/** The model that ships is the package folder itself: nothing has to be unpacked. */
function containerOf(
  deployment: NumberedDeployment | undefined,
  hosted: HostedModels,
  packageDir: string,
): Promise<ContainerModel> {
  return deployment === undefined || deployment.isShipped === true
    ? Promise.resolve({ packageDir, environment: {} })
    : hosted.prepare(deployment.endpointConfigName);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
