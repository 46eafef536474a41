import { ProblemError } from '@app/contracts';
import { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/**
 * Limits the requests of one client address (of one /56 for IPv6) in a minute, and says so in the RateLimit headers of
 * draft-ietf-httpapi-ratelimit-headers. Counts are kept in this process: with n tasks a client has up to n times as many.
 */
export function limitRate(requestsPerMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'per-client',
    validate: { xForwardedForHeader: false }, // a forged header without a trusted proxy is ignored, and no news
    handler: (_request, response, next) => {
      const retryAfterSeconds = Number(response.getHeader('retry-after')) || WINDOW_MS / 1000;
      next(new ProblemError('too-many-requests', { retryAfterSeconds }));
    },
  });
}
