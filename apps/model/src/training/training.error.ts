/**
 * The training job cannot go on. The message says why, in one line, for whoever started it.
 *
 * `bad-hyperparameters`: names or values are wrong. `bad-configuration`: SageMaker's other files ask for what is not offered.
 * `bad-channel`: a channel is missing or holds something else. `not-written`: a result has no place. `interrupted`: it was told to stop.
 */
export class TrainingError extends Error {
  constructor(
    readonly code: 'bad-hyperparameters' | 'bad-configuration' | 'bad-channel' | 'not-written' | 'interrupted',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TrainingError';
  }
}
