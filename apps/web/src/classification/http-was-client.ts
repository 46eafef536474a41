import { Header, isProblem, MediaType, ProblemError } from '@app/contracts';
import { Classification, DeployedModel, FeedbackResponse, TierReport } from '@app/contracts/classification';
import { DriftReport, MonitorSummary, MonitorWindow } from '@app/contracts/monitoring';
import { formatTraceparent, TraceContext } from '@app/platform';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { Dispatcher, errors, Pool } from 'undici';
import { observeWasRequest } from './observe-was-request';
import { ClassifyOptions, Feedback, WasCallContext, WasClient } from './was-client.port';

/** Kept-alive connections to the business tier; requests beyond them wait for one until their deadline. */
const MAX_CONNECTIONS = 128;

/** A tier that does not take a connection within a second is down. */
const CONNECT_TIMEOUT_MS = 1000;

/** A load balancer closes a connection that was idle for 60 s; the side that closes first is to be us, or the next request meets its end. */
export const IDLE_CONNECTION_MS = 50_000;

const RETRY_AFTER_SECONDS = 2;

/** What was gets less than is left, at most and as a share: its own refusal says why, and has to be back before we give up. */
const WAY_BACK_MS = 250;
const WAY_BACK_SHARE = 0.1;

interface WasRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Without what may differ from one to the next; names the request where many are counted. */
  readonly template: string;
  /** Default the template. */
  readonly path?: string;
  readonly body?: Buffer | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** For what changes something there: a second time might be refused, and the first time's success lost with it. */
  readonly onlyOnce?: boolean;
}

/** Speaks HTTP/1.1 with the business tier: raw image bytes there, JSON or a problem back. */
@Injectable()
export class HttpWasClient extends WasClient implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly server: { readonly address: string; readonly port: number };

  constructor(wasUrl: string) {
    super();
    const { hostname, port, protocol } = new URL(wasUrl);
    this.server = { address: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
    this.pool = new Pool(wasUrl, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveMaxTimeout: IDLE_CONNECTION_MS, // was offers more
      // The deadline ends what takes too long.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async classify(image: Buffer, { topK, heatmap }: ClassifyOptions, context: WasCallContext): Promise<Classification> {
    const template = '/v1/classifications';
    const path = `${template}?top_k=${topK}&heatmap=${heatmap}`;
    return (await this.ask({ method: 'POST', template, path, body: image }, context)) as Classification;
  }

  async giveFeedback(
    id: string,
    { token, right, label, consent, photo }: Feedback,
    context: WasCallContext,
  ): Promise<FeedbackResponse> {
    const query = new URLSearchParams({ right: String(right), consent: String(consent) });
    if (label !== undefined) query.set('label', label);
    const request = { ...feedbackRequest(id, token, `?${query.toString()}`), method: 'POST', body: photo } as const;
    return (await this.ask(request, context)) as FeedbackResponse;
  }

  async withdrawFeedback(id: string, token: string, context: WasCallContext): Promise<void> {
    await this.ask({ ...feedbackRequest(id, token), method: 'DELETE' }, context);
  }

  async model(context: WasCallContext): Promise<DeployedModel> {
    return (await this.ask({ method: 'GET', template: '/v1/model' }, context)) as DeployedModel;
  }

  async status(context: WasCallContext): Promise<readonly TierReport[]> {
    const { tiers } = (await this.ask({ method: 'GET', template: '/v1/status' }, context)) as { tiers: TierReport[] };
    return tiers;
  }

  async monitorSummary(window: MonitorWindow, context: WasCallContext): Promise<MonitorSummary> {
    const template = '/v1/monitor/summary';
    const path = `${template}?window=${window}`;
    return (await this.ask({ method: 'GET', template, path }, context)) as MonitorSummary;
  }

  async monitorDrift(window: MonitorWindow, context: WasCallContext): Promise<DriftReport> {
    const template = '/v1/monitor/drift';
    const path = `${template}?window=${window}`;
    return (await this.ask({ method: 'GET', template, path }, context)) as DriftReport;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }

  /**
   * Asks once more when the connection broke before a reply, as it does when a load balancer closes a kept connection at
   * the moment of its next use, or when a task behind it is gone; but not what changes something.
   */
  private async ask(request: WasRequest, context: WasCallContext): Promise<unknown> {
    try {
      return await this.askOnce(request, context).catch((error: unknown) => {
        const isWorthAnother = isBrokenConnection(error) && request.onlyOnce !== true;
        if (isWorthAnother && !context.deadline.signal.aborted) return this.askOnce(request, context);
        throw error;
      });
    } catch (error) {
      context.deadline.signal.throwIfAborted(); // the reason says more than undici's AbortError
      if (isProblem(error)) throw error;
      throw new ProblemError('service-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
    }
  }

  private async askOnce(request: WasRequest, context: WasCallContext): Promise<unknown> {
    const { method, template } = request;
    const observed = { method, template, server: this.server, parent: context.trace };
    return await observeWasRequest(observed, async (trace, answered) => {
      const { statusCode, body } = await this.send(request, context, trace);
      answered(statusCode);
      return contentOf(statusCode, parseOrNothing(await body.text()));
    });
  }

  private async send(
    { method, template, path, body, headers }: WasRequest,
    { requestId, deadline }: WasCallContext,
    trace: TraceContext,
  ): Promise<Dispatcher.ResponseData> {
    return await this.pool.request({
      method,
      path: path ?? template,
      body: body ?? null,
      headers: {
        accept: MediaType.json,
        ...(body === undefined ? {} : { 'content-type': MediaType.anyImage }),
        ...headers,
        [Header.requestId]: requestId,
        [Header.traceparent]: formatTraceparent(trace),
        [Header.deadlineMs]: String(timeForWas(deadline.remainingMs)),
      },
      signal: deadline.signal,
    });
  }
}

/** @throws ProblemError */
function contentOf(statusCode: number, json: unknown): unknown {
  if (statusCode === 204 || (statusCode < 300 && json !== undefined)) return json;
  const problem = ProblemError.fromDocument(json);
  if (problem !== undefined) throw problem;
  // A load balancer in between has replies of its own.
  if (statusCode === 502) throw new BrokenBehindBalancerError();
  throw statusCode === 504 ? timedOut() : unavailable();
}

/** What a load balancer says when its own connection to was broke before a reply. */
class BrokenBehindBalancerError extends Error {
  override readonly name = 'BrokenBehindBalancerError';
}

/** Whether no reply came because of a connection that had been there; one that cannot be made is another matter. */
function isBrokenConnection(error: unknown): boolean {
  if (error instanceof errors.SocketError || error instanceof BrokenBehindBalancerError) return true;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE'; // the system's own words, which undici passes on
}

/** The token travels in a header: addresses end up in logs. */
function feedbackRequest(id: string, token: string, query = '') {
  const path = `/v1/feedback/${encodeURIComponent(id)}${query}`;
  return { template: '/v1/feedback/{id}', path, headers: { [Header.feedbackToken]: token }, onlyOnce: true };
}

function timeForWas(remainingMs: number): number {
  return Math.floor(remainingMs - Math.min(WAY_BACK_MS, remainingMs * WAY_BACK_SHARE));
}

function unavailable(): ProblemError {
  return new ProblemError('service-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function timedOut(): ProblemError {
  return new ProblemError('deadline-exceeded', {});
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
