/**
 * The Lambda function behind the queue of events that may start training. A record that may succeed later is handed
 * back to the queue; one that never will is reported and forgotten.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describeError, WriteLine, writeToStdout } from '../function-log';
import { createQueueHandler } from '../queue-handler';
import { startTraining, TrainingContext } from './start-training';
import { settingsOfProcess } from './start-training.config';
import { readTrainingEvent } from './training-events';

/** `connect` is called at the first event: a function that is not set up says so for every one. */
export function createHandler(connect: () => TrainingContext, write: WriteLine) {
  let context: TrainingContext | undefined;
  return createQueueHandler(write, async (event, log) => {
    const known = readTrainingEvent(event);
    if (known === undefined) {
      log.log('warn', 'not an event that this function knows: is the rule right?');
      return;
    }
    try {
      context ??= connect();
      await startTraining(known, context, log);
    } catch (error) {
      log.log('error', 'unforeseen: to be tried again', { err: describeError(error), event: known });
      throw error;
    }
  });
}

export const handler = createHandler(
  () => ({
    sageMaker: new SageMakerClient({}),
    s3: new S3Client({}),
    ssm: new SSMClient({}),
    settings: settingsOfProcess(),
  }),
  writeToStdout,
);
