import { JobError } from '../job/job.error';

/** The evaluation cannot be done. */
export class EvaluationError extends JobError {
  override readonly name = 'EvaluationError';
}
