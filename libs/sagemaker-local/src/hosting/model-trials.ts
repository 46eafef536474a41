/** Finds out whether a deployment would come up, where no endpoint process is there to carry it out: starts its model and stops it. */
import { ContainerOptions, ContainerProcess } from '../container-process';
import { EndpointLog } from '../endpoint-log';
import { StateFolder } from '../state';
import { EndpointRecord, NumberedDeployment, outcomeOf } from './endpoint-record';
import { HostedModels } from './hosted-models';

export type TrialContainer = Pick<ContainerOptions, 'command' | 'environment' | 'startupTimeoutMs'>;

export class ModelTrials {
  readonly #hosted: HostedModels;
  /** By endpoint and number of the deployment. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    state: StateFolder,
    private readonly container: TrialContainer,
    private readonly log: EndpointLog,
  ) {
    this.#hosted = new HostedModels(state);
  }

  /** Tries a deployment in the background, once, and tells the record what came of it. */
  start(record: EndpointRecord, deployment: NumberedDeployment): void {
    const key = `${record.name}/${deployment.number}`;
    if (this.#running.has(key) || this.#stopping.signal.aborted) return;
    const trial = this.#run(record, deployment)
      .catch((error: unknown) => this.log.error({ err: error }, 'a deployment could not be tried'))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, trial);
  }

  /** Gives up what runs, undecided: whoever asks for the endpoint next has it tried again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  async #run(record: EndpointRecord, { number, endpointConfigName }: NumberedDeployment): Promise<void> {
    const failureReason = await this.#failureOf(endpointConfigName);
    if (this.#stopping.signal.aborted) return;
    await record.decide(number, outcomeOf(failureReason));
  }

  async #failureOf(endpointConfigName: string): Promise<string | undefined> {
    try {
      const { packageDir, environment } = await this.#hosted.prepare(endpointConfigName);
      const container = await ContainerProcess.start(
        {
          ...this.container,
          packageDir,
          environment: { ...this.container.environment, ...environment },
          invocationTimeoutMs: 0, // nothing is invoked
          onLine: () => undefined,
        },
        this.#stopping.signal,
      );
      container.kill(); // it has nothing to finish
      await container.exited;
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
