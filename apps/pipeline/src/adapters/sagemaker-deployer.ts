/** Deployments by the library that the Lambda uses too, on AWS or on this machine. */
import {
  deployedVersion,
  DeployedVersion,
  DeploymentContext,
  DeploymentError,
  rollback,
  startDeployment,
  StartedDeployment,
  waitForDeployment,
} from '@app/model-deployment';
import { CommandError } from '../command.error';
import { Deployment, EndpointStatus, ModelDeployer } from '../deployment/model-deployer.port';
import { ModelVersion } from '../models/model-version';
import { CalledService, explained } from './sagemaker-problems';

export class SageMakerDeployer implements ModelDeployer {
  constructor(
    private readonly context: DeploymentContext,
    private readonly service: CalledService,
    /** Whether a process or an instance answers at the endpoint. */
    private readonly isServed: () => Promise<boolean>,
  ) {}

  async status(): Promise<EndpointStatus | undefined> {
    const deployed = await this.#call(deployedVersion(this.context));
    if (deployed === undefined) return undefined;
    return statusOf(deployed, await this.isServed());
  }

  async deploy({ arn }: ModelVersion, onProgress: (sentence: string) => void): Promise<Deployment> {
    const started = await this.#call(startDeployment(this.context, arn));
    return this.#finish(started, onProgress);
  }

  async rollback(onProgress: (sentence: string) => void): Promise<Deployment> {
    const { from, to } = await this.#call(rollback(this.context));
    onProgress(`Back from version ${from.number}, which is rejected now, to version ${to.number}`);
    return this.#finish(to, onProgress);
  }

  async #finish(started: StartedDeployment, onProgress: (sentence: string) => void): Promise<Deployment> {
    for (const note of started.notes) onProgress(note);
    const { number: version } = started;
    const end = await this.#call(
      waitForDeployment(this.context, {
        onProgress: ({ status, detail }) =>
          onProgress(`The endpoint is ${inWords(status)}${detail === undefined ? '' : ` (${detail})`}`),
      }),
    );
    if (end.state === 'serving' && end.number === version) return { version, isServed: await this.isServed() };
    if (end.state === 'failed') throw new CommandError(`Version ${version} does not serve: ${end.reason}`);
    throw new CommandError(
      end.state === 'serving'
        ? `Version ${end.number ?? 'unknown'} serves, not ${version}: somebody else deployed at the same time.`
        : `Version ${version} did not come up, and version ${end.number ?? 'before'} goes on serving: ${end.reason}`,
    );
  }

  async #call<T>(call: Promise<T>): Promise<T> {
    try {
      return await explained(this.service, call);
    } catch (error) {
      if (error instanceof DeploymentError) throw new CommandError(error.message, undefined, { cause: error });
      throw error;
    }
  }
}

export function statusOf({ status, serving, pending }: DeployedVersion, isServed: boolean): EndpointStatus {
  return {
    state: `${inWords(status)}${pending === undefined ? '' : ` (version ${pending.number} is on its way)`}`,
    ...(serving === undefined ? {} : { version: serving.number }),
    isServed,
  };
}

/** `SystemUpdating` -> `system updating` */
export function inWords(status: string): string {
  return status.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
