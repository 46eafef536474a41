// Where SageMaker's contract for training containers puts things:
// https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
import { join } from 'node:path';

export interface TrainingFolders {
  readonly hyperparameters: string;
  readonly inputDataConfig: string;
  readonly resourceConfig: string;
  /** Holds a folder for each channel. */
  readonly channels: string;
  /** What is in it becomes `model.tar.gz`. */
  readonly model: string;
  /** What is in it becomes `output.tar.gz`. */
  readonly outputData: string;
  /** A file: why the job failed. */
  readonly failure: string;
  /** Kept in S3 from one interruption to the next; there only when the job has a `CheckpointConfig`. */
  readonly checkpoints: string;
}

export function trainingFolders(base: string): TrainingFolders {
  const config = join(base, 'input', 'config');
  return {
    hyperparameters: join(config, 'hyperparameters.json'),
    inputDataConfig: join(config, 'inputdataconfig.json'),
    resourceConfig: join(config, 'resourceconfig.json'),
    channels: join(base, 'input', 'data'),
    model: join(base, 'model'),
    outputData: join(base, 'output', 'data'),
    failure: join(base, 'output', 'failure'),
    checkpoints: join(base, 'checkpoints'),
  };
}
