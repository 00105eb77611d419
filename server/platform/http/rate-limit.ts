import { rateLimit } from 'express-rate-limit';
import type { RequestHandler } from 'express';
import { createHash } from 'node:crypto';
import { TooManyRequestsError } from '../errors';

const WINDOW_MS = 1_000;

/** So many requests a second per API key; 0 turns it off. */
export function keyRateLimit(perSecond: number): RequestHandler {
  if (perSecond === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perSecond,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: false,
    keyGenerator: (request) =>
      createHash('sha256')
        .update(request.get('authorization') ?? request.ip ?? '')
        .digest('base64'),
    handler: (_request, _response, next) => {
      next(
        new TooManyRequestsError('RATE_LIMITED', `At most ${perSecond} requests a second. Wait a second and go on.`, {
          facts: { retryAfterSeconds: 1 },
        }),
      );
    },
  });
}
