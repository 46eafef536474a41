/** A Lambda function behind a queue of events of EventBridge. Knows nothing of what the events say. */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { FunctionLog, WriteLine } from './function-log';

export type Invocation = Pick<Context, 'awsRequestId'>;

/** Deals with one event, undefined for what is no JSON. It throws, after it has logged why, when the event has to come again. */
export type HandleEvent = (event: unknown, log: FunctionLog) => Promise<void>;

/** Takes a batch of a queue, and answers what of it has to come again; or one event as it is, and throws then. */
export function createQueueHandler(write: WriteLine, handle: HandleEvent) {
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
