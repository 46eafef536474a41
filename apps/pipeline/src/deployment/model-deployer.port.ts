import { ModelVersion } from '../models/model-version';

export interface EndpointStatus {
  /** In a sentence's words: `in service`, `updating`, ... */
  readonly state: string;
  /** The version that is served, when it is one of the registry. */
  readonly version?: number;
  /** Whether something answers there: on this machine the endpoint's process may not be running. */
  readonly isServed: boolean;
}

export interface Deployment {
  readonly version: number;
  /** As in `EndpointStatus`. */
  readonly isServed: boolean;
}

/** Puts versions into production. Each step of it is told as a sentence. */
export interface ModelDeployer {
  /** Undefined when nothing was deployed yet. */
  status(): Promise<EndpointStatus | undefined>;
  /** Ends when the version takes all traffic; throws a `CommandError` when it does not come to that. */
  deploy(version: ModelVersion, onProgress: (sentence: string) => void): Promise<Deployment>;
  /** Back to the version before; throws a `CommandError` when there is none. */
  rollback(onProgress: (sentence: string) => void): Promise<Deployment>;
}
