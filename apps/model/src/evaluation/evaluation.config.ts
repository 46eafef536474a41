import { FromEnv } from '@app/platform';
import { IsInt, IsNotEmpty, Max, Min } from 'class-validator';

/** Everything that can be set for an evaluation job. The table in README.md is compared with it by a test. */
export class EvaluationConfig {
  @FromEnv(
    'SAGEMAKER_BASE_DIR',
    'Folder in which SageMaker puts the inputs of a job and from which it takes its outputs',
  )
  @IsNotEmpty()
  readonly baseFolder: string = '/opt/ml';

  @FromEnv('EVALUATION_PARITY_IMAGES', 'Test images that are also sent over HTTP, for the answers to be compared')
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly parityImages: number = 200;

  @FromEnv('EVALUATION_LATENCY_IMAGES', 'How many of those requests are timed')
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly latencyImages: number = 100;

  @FromEnv('EVALUATION_SEED', 'Decides the made images and the samples for the standard deviations')
  @IsInt()
  @Min(0)
  @Max(2 ** 31 - 1)
  readonly seed: number = 0;
}
