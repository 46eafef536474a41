import { FromEnv } from '@app/platform/config';
import { IsInt, Max, Min } from 'class-validator';
import { JobConfig } from '../job/job.config';

/** Everything that can be set for an evaluation job. The table in README.md is compared with it by a test. */
export class EvaluationConfig extends JobConfig {
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
