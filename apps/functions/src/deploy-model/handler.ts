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
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { settingsOfProcess } from './deploy-model.config';
import { followRegistry } from './follow-registry';
import { FunctionLog, WriteLine } from './function-log';
import { readSageMakerEvent } from './sagemaker-events';

/** Short enough for the function's time limit of a minute, in which a failed endpoint may have to be deleted first. */
const POLL_INTERVAL_MS = 3_000;

export type Invocation = Pick<Context, 'awsRequestId'>;

/** `connect` is called at the first event: a function that is not set up says so for every one. */
export function createHandler(connect: () => DeploymentContext, write: WriteLine) {
  let context: DeploymentContext | undefined;

  const handle = async (event: unknown, log: FunctionLog): Promise<void> => {
    const known = readSageMakerEvent(event);
    if (known === undefined) {
      log.log('warn', 'not an event that this function knows: is the rule right?');
      return;
    }
    try {
      context ??= connect();
      await followRegistry(known, context, log);
    } catch (error) {
      const fields = { err: describe(error), event: known };
      if (error instanceof EndpointBusyError || isThrottling(error)) {
        log.log('info', 'not now: to be tried again', fields);
        throw error;
      }
      if (error instanceof DeploymentError) {
        log.count('ModelDeploymentRefused', context?.settings.endpointName ?? '', error.message, fields);
        return;
      }
      log.log('error', 'unforeseen: to be tried again', fields);
      throw error;
    }
  };

  /** Takes a batch of a queue, and answers what of it has to come again; or one event as it is, and throws then. */
  return async (event: unknown, { awsRequestId: requestId }: Invocation): Promise<SQSBatchResponse | undefined> => {
    if (!isBatch(event)) {
      await handle(event, new FunctionLog(write, { requestId }));
      return undefined;
    }
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body, attributes } of event.Records) {
      const { AWSTraceHeader: traceId, ApproximateReceiveCount: attempt } = attributes;
      const log = new FunctionLog(write, { requestId, traceId, messageId, attempt });
      await handle(parse(body), log).catch(() => batchItemFailures.push({ itemIdentifier: messageId }));
    }
    return { batchItemFailures };
  };
}

export const handler = createHandler(
  () => ({
    sageMaker: new SageMakerClient({}),
    objects: new S3ObjectStore(new S3Client({})),
    settings: settingsOfProcess(),
    pollIntervalMs: POLL_INTERVAL_MS,
  }),
  // Not console.log: Lambda puts words before its lines, and then they are no JSON.
  (line) => process.stdout.write(`${line}\n`),
);

function isBatch(event: unknown): event is SQSEvent {
  return typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack, ...('code' in error ? { code: error.code } : {}) };
}
