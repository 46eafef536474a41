import { Environment } from '@app/platform/config';
import { runJob } from '../job/run-job';
import { TrainingConfig } from './training.config';
import { trainingFolders } from './training-folders';
import { runTrainingJob } from './training-job';

/** The job `train` as a process. */
export function train(environment: Environment): Promise<void> {
  return runJob(environment, {
    config: TrainingConfig,
    reasonFile: ({ baseFolder }) => trainingFolders(baseFolder).failure,
    run: (context) => runTrainingJob({ ...context, folders: trainingFolders(context.config.baseFolder) }),
  });
}
