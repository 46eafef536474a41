// What the commands are given: the services for one place, where everything lies, and a way to let go of it.
import { AccountOptions, AccountSettingName } from './pipeline.config';
import { ModelDeployer } from './deployment/model-deployer.port';
import { ModelService } from './models/model.service';
import { RunService } from './runs/run.service';
import { Pipelines } from './runs/pipelines.port';
import { ObjectStore } from './storage/object-store.port';

/** Where SageMaker is. */
export type Place = 'local' | 'sagemaker';

export interface PlaceOptions extends AccountOptions {
  readonly on: Place;
  /** Folder that stands for an AWS account on this machine. */
  readonly state: string;
  readonly group: string;
  readonly endpoint: string;
  readonly project: string;
  /** Copy of the product in an AWS account; it says all that is not given otherwise. */
  readonly stage?: string;
  /** S3 prefix where feedback is kept, of the commands that read it. */
  readonly feedback?: string;
  /** Options that were not given but taken from the stage. */
  readonly fromStage?: readonly string[];
}

export interface DeployOptions {
  readonly instanceType?: string;
  readonly instances?: number;
}

export interface Connection {
  readonly runs: RunService;
  readonly models: ModelService;
  readonly pipelines: Pipelines;
  readonly objects: ObjectStore;
  readonly deployer: ModelDeployer;
  /** What a model that ships with the product calls its labels, by their ids; nothing for another model. */
  readonly shippedLabels: (modelName: string) => Promise<ReadonlyMap<string, string>>;
  /** Ends what runs here on behalf of this process. */
  close(): Promise<void>;
}

/** Throws a `UsageError` that names all of `needs` that are missing. */
export type Connect = (
  options: PlaceOptions & DeployOptions,
  needs: readonly AccountSettingName[],
) => Promise<Connection>;
