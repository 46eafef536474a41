/**
 * The Lambda function behind the queue of SageMaker's events. A record that may succeed later is handed back to the
 * queue; one that never will is reported and forgotten.
 */
import {
  DeploymentContext,
  DeploymentError,
  EndpointBusyError,
  isThrottling,
  S3ObjectStore,
} from '@app/model-deployment';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describeError, WriteLine, writeToStdout } from '../function-log';
import { createQueueHandler } from '../queue-handler';
import { settingsOfProcess } from './deploy-model.config';
import { followRegistry } from './follow-registry';
import { readSageMakerEvent } from './sagemaker-events';

/** Short enough for the function's time limit of a minute, in which a failed endpoint may have to be deleted first. */
const POLL_INTERVAL_MS = 3_000;

/** `connect` is called at the first event: a function that is not set up says so for every one. */
export function createHandler(connect: () => DeploymentContext, write: WriteLine) {
  let context: DeploymentContext | undefined;
  return createQueueHandler(write, async (event, log) => {
    const known = readSageMakerEvent(event);
    if (known === undefined) {
      log.log('warn', 'not an event that this function knows: is the rule right?');
      return;
    }
    try {
      context ??= connect();
      await followRegistry(known, context, log);
    } catch (error) {
      const fields = { err: describeError(error), event: known };
      if (error instanceof EndpointBusyError || isThrottling(error)) {
        log.log('info', 'not now: to be tried again', fields);
        throw error;
      }
      if (error instanceof DeploymentError) {
        const endpoint = { Endpoint: context?.settings.endpointName ?? '' };
        log.count('ModelDeploymentRefused', endpoint, error.message, fields);
        return;
      }
      log.log('error', 'unforeseen: to be tried again', fields);
      throw error;
    }
  });
}

export const handler = createHandler(
  () => ({
    sageMaker: new SageMakerClient({}),
    autoScaling: new ApplicationAutoScalingClient({}),
    objects: new S3ObjectStore(new S3Client({})),
    settings: settingsOfProcess(),
    pollIntervalMs: POLL_INTERVAL_MS,
  }),
  writeToStdout,
);
