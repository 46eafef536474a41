import { FromEnv } from '@app/platform/config';
import { PRODUCT_VERSION } from '@app/platform/product';
import { IsNotEmpty } from 'class-validator';
import { JobConfig } from '../job/job.config';

/** What a training job takes from its environment; nothing of it is needed. The table in README.md is compared with it by a test. */
export class TrainingConfig extends JobConfig {
  @FromEnv('CODE_VERSION', 'Version of the code, for the provenance of the model')
  @IsNotEmpty()
  readonly codeVersion: string = PRODUCT_VERSION;

  @FromEnv('TRAINING_JOB_NAME', 'Name of the training job, for the provenance of the model; SageMaker sets it')
  readonly jobName: string = '';
}
