import { FromEnv } from '@app/platform/config';
import { IsNotEmpty } from 'class-validator';

/** What every job takes from its environment. */
export abstract class JobConfig {
  @FromEnv('SAGEMAKER_BASE_DIR', 'Folder of a job, where its inputs lie and its results go')
  @IsNotEmpty()
  readonly baseFolder: string = '/opt/ml';
}
