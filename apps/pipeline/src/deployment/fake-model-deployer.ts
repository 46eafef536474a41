import { CommandError } from '../command.error';
import { ModelVersion } from '../models/model-version';
import { Deployment, EndpointStatus, ModelDeployer } from './model-deployer.port';

/** Puts versions into production in memory. */
export class FakeModelDeployer implements ModelDeployer {
  /** In the order of their deployment; the last one serves. */
  readonly history: number[];
  /** Whether the endpoint's process is there. */
  isServing = true;
  failure: string | undefined;

  constructor(...deployed: number[]) {
    this.history = deployed;
  }

  status(): Promise<EndpointStatus | undefined> {
    const version = this.history.at(-1);
    return Promise.resolve(
      version === undefined ? undefined : { state: 'in service', version, isServed: this.isServing },
    );
  }

  deploy({ number }: ModelVersion, onProgress: (sentence: string) => void): Promise<Deployment> {
    onProgress('The endpoint is updating');
    if (this.failure !== undefined) return Promise.reject(new CommandError(this.failure));
    this.history.push(number);
    return Promise.resolve({ version: number, isServed: this.isServing });
  }

  rollback(onProgress: (sentence: string) => void): Promise<Deployment> {
    const before = this.history.at(-2);
    if (before === undefined) return Promise.reject(new CommandError('There is no version to go back to.'));
    onProgress('The endpoint is updating');
    this.history.pop();
    return Promise.resolve({ version: before, isServed: this.isServing });
  }
}
