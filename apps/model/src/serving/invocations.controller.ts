import { Header, IMAGE_MEDIA_TYPES, MAX_INVOCATION_BYTES, MAX_TOP_K, MediaType, ProblemError } from '@app/contracts';
import {
  BaselineDescription,
  DESCRIBE_BASELINE_REQUEST,
  DESCRIBE_REQUEST,
  formatInvocationTimings,
  InvocationAttributes,
  ModelDescription,
  parseInvocationAttributes,
} from '@app/contracts/sagemaker';
import { Context, Deadline, headerOf, readBody, type RequestContext } from '@app/platform';
import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ClassifyOptions } from '../inference/classifier';
import { inferenceProblem } from './inference-problem';
import { InvocationGate } from './invocation-gate';
import { ModelHost } from './model-host';

/** What may be sent to be classified. Which format it really is, the bytes decide. */
const IMAGE_TYPES: readonly string[] = [...Object.values(IMAGE_MEDIA_TYPES), MediaType.anyImage];

/** SageMaker stops waiting for a container after 60 s. */
const LONGEST_INVOCATION_MS = 60_000;

/** The caller is a tier of ours or SageMaker, which has the whole body before it calls. */
const BODY_LIMITS = { limitBytes: MAX_INVOCATION_BYTES, idleTimeoutMs: 10_000 };

/** SageMaker's `POST /invocations`: an image is classified; JSON with an `operation` asks about the model. */
@Controller('invocations')
export class InvocationsController {
  constructor(
    private readonly host: ModelHost,
    private readonly gate: InvocationGate,
  ) {}

  @Post()
  @HttpCode(200)
  async invoke(@Req() request: Request, @Res() response: Response, @Context() context: RequestContext): Promise<void> {
    const mediaType = mediaTypeOf(request);
    if (mediaType !== MediaType.json && !IMAGE_TYPES.includes(mediaType ?? '')) {
      throw new ProblemError('unsupported-media-type', { received: mediaType, supported: IMAGE_TYPES });
    }
    if (request.accepts(MediaType.json) === false) {
      throw new ProblemError('not-acceptable', { available: [MediaType.json] });
    }
    if (mediaType === MediaType.json) sendJson(response, this.describe(await readBody(request, BODY_LIMITS)));
    else await this.classify(request, response, context);
  }

  private describe(body: Buffer): ModelDescription | BaselineDescription {
    switch (operationOf(body)) {
      case DESCRIBE_REQUEST.operation:
        return this.host.classifier.description;
      case DESCRIBE_BASELINE_REQUEST.operation:
        return this.host.classifier.baseline;
      default: {
        const known = [DESCRIBE_REQUEST, DESCRIBE_BASELINE_REQUEST].map((request) => JSON.stringify(request));
        throw new ProblemError('malformed-request', { reason: 'operation-unknown', known });
      }
    }
  }

  private async classify(request: Request, response: Response, { requestId, trace }: RequestContext): Promise<void> {
    const attributes = parseInvocationAttributes(headerOf(request, Header.customAttributes));
    const { signal } = Deadline.ofRequest(attributes.deadlineMs ?? LONGEST_INVOCATION_MS, response);
    const options = { ...classifyOptionsOf(attributes), signal, trace };
    const { classifier } = this.host;
    const image = await readBody(request, BODY_LIMITS);
    try {
      const { answer, ...timings } = await this.gate.pass(() => classifier.classify(image, options));
      response.setHeader(Header.customAttributes, formatInvocationTimings({ requestId, ...timings }));
      sendJson(response, answer);
    } catch (error) {
      throw inferenceProblem(error);
    }
  }
}

function classifyOptionsOf({ topK, heatmap, observe }: InvocationAttributes): ClassifyOptions {
  if (topK !== undefined && (!Number.isInteger(topK) || topK < 1 || topK > MAX_TOP_K)) {
    const fault = { parameter: 'top_k', rule: 'whole-number-between', least: 1, most: MAX_TOP_K } as const;
    throw new ProblemError('invalid-parameter', { errors: [fault] });
  }
  return {
    ...(topK === undefined ? {} : { topK }),
    ...(heatmap === undefined ? {} : { heatmap }),
    ...(observe === undefined ? {} : { observe }),
  };
}

function mediaTypeOf(request: Request): string | undefined {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

function operationOf(body: Buffer): unknown {
  try {
    const document: unknown = JSON.parse(body.toString('utf8'));
    return typeof document === 'object' && document !== null && 'operation' in document
      ? document.operation
      : undefined;
  } catch {
    return undefined;
  }
}

/** As bytes: for a text, Express would add a charset that JSON does not have. */
function sendJson(response: Response, value: unknown): void {
  response.setHeader('content-type', MediaType.json);
  response.send(Buffer.from(JSON.stringify(value)));
}
