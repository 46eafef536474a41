import { isProblem, MediaType, ProblemError } from '@app/contracts';
import {
  BaselineDescription,
  DESCRIBE_BASELINE_REQUEST,
  DESCRIBE_REQUEST,
  formatInvocationAttributes,
  InvocationAttributes,
  ModelDescription,
  parseInvocationTimings,
} from '@app/contracts/sagemaker';
import { ClientLeftError, formatTraceparent } from '@app/platform';
import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { CallContext, Classifier, ClassifierAnswer, ClassifierOptions, ModelImage } from './classifier.port';
import { readAnswer } from './read-answer';
import { isOutage, toProblem } from './sagemaker-problems';

/** The first attempt and one more; the SDK tries again only what may be tried again, and within the abort signal. */
const MAX_ATTEMPTS = 2;

/** A container may take 60 s; one that is cut off earlier is cut off by the deadline and not by the socket. */
const REQUEST_TIMEOUT_MS = 70_000;

/** This many outages in a row open the circuit ... */
const OUTAGES_TO_OPEN = 10;
/** ... and after this long one request is let through to see whether it is over. */
const HALF_OPEN_AFTER_MS = 1000;

export interface SageMakerClassifierOptions {
  readonly endpointName: string;
  /** Connections that are kept to the endpoint. */
  readonly maxSockets: number;
  /** Names for containers that answer bare probabilities, by position. */
  readonly labelNames: readonly string[];
}

interface InvocationReply {
  readonly json: unknown;
  readonly variant: string;
  readonly customAttributes: string | undefined;
}

/** Asks a SageMaker endpoint, through one kept-alive pool and a circuit breaker. The only file of was that knows the SDK's calls. */
@Injectable()
export class SageMakerClassifier extends Classifier implements OnApplicationShutdown {
  private readonly logger = new Logger(SageMakerClassifier.name);
  private readonly client: SageMakerRuntimeClient;
  private readonly breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(OUTAGES_TO_OPEN),
  });

  constructor(private readonly options: SageMakerClassifierOptions) {
    super();
    this.client = new SageMakerRuntimeClient({
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: 1000,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive: true, maxSockets: options.maxSockets },
        httpsAgent: { keepAlive: true, maxSockets: options.maxSockets },
      },
    });
    this.breaker.onBreak(() => this.logger.error(`endpoint ${options.endpointName} is failing: circuit opened`));
    this.breaker.onReset(() => this.logger.log(`endpoint ${options.endpointName} answers again: circuit closed`));
  }

  async classify(image: ModelImage, options: ClassifierOptions, context: CallContext): Promise<ClassifierAnswer> {
    const reply = await this.invoke(image.bytes, image.mediaType, options, context);
    const { model, ...answer } = readAnswer(reply.json, options.topK, this.options.labelNames);
    const timings = parseInvocationTimings(reply.customAttributes);
    return {
      ...answer,
      model: { name: this.options.endpointName, version: 'unversioned', ...model, variant: reply.variant },
      ...(timings === undefined ? {} : { timings }),
    };
  }

  async describe(context: CallContext): Promise<{ variant: string; description: ModelDescription | undefined }> {
    const { json, variant } = await this.ask(DESCRIBE_REQUEST, context);
    return { variant, description: isDescription(json) ? json : undefined };
  }

  async describeBaseline(context: CallContext): Promise<BaselineDescription | undefined> {
    const { json } = await this.ask(DESCRIBE_BASELINE_REQUEST, context);
    return isBaseline(json) ? json : undefined;
  }

  onApplicationShutdown(): void {
    this.client.destroy();
  }

  /** Gives no content when the container does not know what it is asked. */
  private async ask(request: object, context: CallContext): Promise<Pick<InvocationReply, 'json' | 'variant'>> {
    try {
      return await this.invoke(Buffer.from(JSON.stringify(request)), MediaType.json, {}, context);
    } catch (error) {
      if (isAnswerOfAnotherFamily(error)) return { json: undefined, variant: '' };
      throw error;
    }
  }

  private async invoke(
    body: Buffer,
    contentType: string,
    attributes: Pick<InvocationAttributes, 'topK' | 'heatmap' | 'observe'>,
    { requestId, trace, deadline }: CallContext,
  ): Promise<InvocationReply> {
    try {
      return await this.breaker.execute(() => this.send(body, contentType, attributes, requestId, trace, deadline));
    } catch (error) {
      if (error instanceof ClientLeftError) throw error;
      if (error instanceof BrokenCircuitError) throw new ProblemError('model-unavailable', { retryAfterSeconds: 1 });
      throw this.explain(error);
    }
  }

  private async send(
    body: Buffer,
    contentType: string,
    attributes: Pick<InvocationAttributes, 'topK' | 'heatmap' | 'observe'>,
    requestId: string,
    trace: CallContext['trace'],
    deadline: CallContext['deadline'],
  ): Promise<InvocationReply> {
    const command = new InvokeEndpointCommand({
      EndpointName: this.options.endpointName,
      Body: body,
      ContentType: contentType,
      Accept: MediaType.json,
      CustomAttributes: formatInvocationAttributes({
        ...attributes,
        requestId,
        traceparent: formatTraceparent(trace),
        deadlineMs: deadline.remainingMs,
      }),
    });
    try {
      const reply = await this.client.send(command, { abortSignal: deadline.signal });
      // The SDK's types do not know that there is no body when the endpoint sends none.
      const answer = reply.Body as typeof reply.Body | null;
      return {
        json: JSON.parse(answer?.transformToString() ?? '') as unknown,
        variant: reply.InvokedProductionVariant ?? '',
        customAttributes: reply.CustomAttributes,
      };
    } catch (error) {
      deadline.signal.throwIfAborted(); // the reason says more than the SDK's AbortError
      throw error;
    }
  }

  private explain(error: unknown): ProblemError {
    const problem = toProblem(error);
    // A client's mistake and a busy model are no news; everything else that an endpoint does someone has to know of.
    if (problem.code === 'model-missing')
      this.logger.warn(`there is no model: endpoint ${this.options.endpointName} does not exist, or is being created`);
    else if (problem.status >= 500 && problem.code !== 'overloaded')
      this.logger.warn({ err: error }, `the endpoint failed: ${problem.code}`);
    return problem;
  }
}

/** That a container answers is what counts: one of another family, or an older one of ours, refuses what it does not know, or answers something else. */
function isAnswerOfAnotherFamily(error: unknown): boolean {
  if (!isProblem(error)) return false;
  return error.code === 'bad-model-answer' || error.code === 'malformed-request' || error.cause instanceof ModelError;
}

function isDescription(json: unknown): json is ModelDescription {
  return (
    typeof json === 'object' &&
    json !== null &&
    'labels' in json &&
    Array.isArray(json.labels) &&
    'input' in json &&
    'thresholds' in json
  );
}

function isBaseline(json: unknown): json is BaselineDescription {
  return (
    typeof json === 'object' &&
    json !== null &&
    'model' in json &&
    typeof json.model === 'object' &&
    json.model !== null &&
    'baseline' in json &&
    typeof json.baseline === 'object'
  );
}
