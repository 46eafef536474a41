import { Header, isProblem, MediaType, ProblemError } from '@app/contracts';
import { ArgumentsHost, Catch, ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Express, Request, Response } from 'express';
import { allowedMethods } from '../http/allowed-methods';
import { ClientLeftError } from '../http/client-left.error';
import { replyEarly } from '../http/reply-early';
import { openRequestContext, requestContextOf } from '../http/request-context';

export interface RenderedProblem {
  readonly mediaType: string;
  readonly body: string;
}

/**
 * Turns whatever was thrown into a reply: problems of ours as they are, what Nest and Express throw by its status, and
 * everything else into an opaque 500 whose request id is in the log together with the error.
 */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    openRequestContext(request, response);
    if (error instanceof ClientLeftError) {
      response.destroy();
      return;
    }
    const problem = this.problemOf(error, request);
    if (problem.code === 'internal-error') this.logger.error(error, 'unexpected error');

    if (response.headersSent || response.destroyed) {
      response.destroy(); // too late for a reply; an end in the middle is what a client can notice
      return;
    }
    const { retryAfterSeconds } = problem;
    if (retryAfterSeconds !== undefined) response.setHeader(Header.retryAfter, String(retryAfterSeconds));
    if (problem.code === 'method-not-allowed') response.setHeader('allow', this.methodsAt(request).join(', '));
    const { mediaType, body } = this.render(problem, request);
    response.status(problem.status).type(mediaType);
    if (isStillArriving(request)) replyEarly(request, response, body);
    else response.send(body);
  }

  /** Writes the problem in the form that fits the request. */
  protected render(problem: ProblemError, request: Request): RenderedProblem {
    const document = problem.toDocument(requestContextOf(request).requestId);
    return { mediaType: MediaType.problem, body: JSON.stringify(document) };
  }

  private problemOf(error: unknown, request: Request): ProblemError {
    if (isProblem(error)) return error;
    const status = statusOf(error);
    if (status === 404) {
      const allowed = this.methodsAt(request);
      return allowed.length === 0
        ? new ProblemError('not-found', {})
        : new ProblemError('method-not-allowed', { allowed });
    }
    if (status !== undefined && status >= 400 && status < 500) {
      return new ProblemError('malformed-request', { reason: 'not-as-documented' });
    }
    return new ProblemError('internal-error', {}, { cause: error });
  }

  private methodsAt(request: Request): string[] {
    return allowedMethods(this.adapterHost.httpAdapter.getInstance<Express>(), request.path);
  }
}

/** The HTTP status that Nest's and Express's own errors carry. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number') {
    return error.status;
  }
  return undefined;
}

function isStillArriving(request: Request): boolean {
  const hasBody = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
  return hasBody && !request.complete;
}
