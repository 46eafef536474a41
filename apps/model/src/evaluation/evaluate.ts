import { Environment } from '@app/platform/config';
import { runJob } from '../job/run-job';
import { EvaluationConfig } from './evaluation.config';
import { EvaluationFolders } from './evaluation-folders';
import { runEvaluationJob } from './evaluation-job';

/** The job `evaluate` as a process. */
export function evaluate(environment: Environment): Promise<void> {
  return runJob(environment, {
    config: EvaluationConfig,
    reasonFile: ({ baseFolder }) => new EvaluationFolders(baseFolder).message,
    run: (context) => runEvaluationJob({ ...context, folders: new EvaluationFolders(context.config.baseFolder) }),
  });
}
