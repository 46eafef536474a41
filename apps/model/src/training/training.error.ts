import { EXIT_CODE_CONFIG } from '@app/platform/config';
import { EXIT_CODE_FAILED, EXIT_CODE_INTERRUPTED, JobError } from '../job/job.error';

const EXIT_CODES = {
  'bad-hyperparameters': EXIT_CODE_CONFIG,
  'bad-configuration': EXIT_CODE_CONFIG,
  'bad-channel': EXIT_CODE_FAILED,
  interrupted: EXIT_CODE_INTERRUPTED,
} as const;

/**
 * The training job cannot go on.
 *
 * `bad-hyperparameters`: names or values are wrong. `bad-configuration`: SageMaker's other files ask for what is not offered.
 * `bad-channel`: a channel is missing or holds something else. `interrupted`: it was told to stop.
 */
export class TrainingError extends JobError {
  override readonly name = 'TrainingError';

  constructor(
    readonly code: keyof typeof EXIT_CODES,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, { ...options, exitCode: EXIT_CODES[code] });
  }
}
