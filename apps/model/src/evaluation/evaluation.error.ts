/** The evaluation cannot be done. The message is a sentence for whoever started the job: it says what is wrong, and where. */
export class EvaluationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvaluationError';
  }
}
