import type { ErrorRequestHandler, Response } from 'express';
import type { ZodError } from 'zod';
import { Refusal, ValidationError, type FieldError } from '../errors';
import type { Logger } from '../logger';
import { MISSING } from './field-words';

const TITLES: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  413: 'Too large',
  422: 'The request says something impossible',
  429: 'Too many requests',
  500: 'Our mistake',
  503: 'Not available',
};

/** The one place where an error becomes an HTTP answer (RFC 9457). */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const refusal = asRefusal(error);
    const requestId = String(response.locals.requestId ?? '');
    if (!refusal) {
      logger.error({ err: error, requestId }, 'request.failed');
      return send(response, 500, {
        code: 'INTERNAL_ERROR',
        detail: `Something went wrong on our side; nothing was changed. Quote ${requestId} when you ask about it.`,
        requestId,
      });
    }
    if (refusal.status === 503) logger.warn({ err: refusal.cause ?? refusal, requestId }, 'request.unavailable');
    const retryAfter = refusal.facts.retryAfterSeconds;
    if (typeof retryAfter === 'number') response.setHeader('Retry-After', String(retryAfter));
    return send(response, refusal.status, {
      code: refusal.code,
      detail: refusal.message,
      requestId,
      ...(refusal.errors ? { errors: refusal.errors } : {}),
      ...refusal.facts,
    });
  };
}

function send(response: Response, status: number, problem: { code: string } & Record<string, unknown>): void {
  const type = `urn:orderloom:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`;
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, type, title: TITLES[status] ?? 'Error', status }));
}

interface BodyParserError {
  type?: string;
  limit?: number;
  status?: number;
  expose?: boolean;
}

/** MySQL's word for comparing a text in another script with a column of plain letters, where nothing can match. */
const INCOMPARABLE_TEXTS = 1267;

function isIncomparable(error: unknown): boolean {
  const { original } = (error ?? {}) as { original?: { errno?: number } };
  return original?.errno === INCOMPARABLE_TEXTS;
}

/** What a library refused on the caller's account becomes a refusal of ours. */
function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { type, limit } = (error ?? {}) as BodyParserError;
  if (type === 'entity.parse.failed') {
    return new ValidationError('BODY_MALFORMED', 'The body is not valid JSON. Check quotes, commas and brackets.', {
      status: 400,
    });
  }
  if (type === 'entity.too.large') {
    return new ValidationError('BODY_TOO_LARGE', `The body is larger than ${limit} bytes. Send it in smaller parts.`, {
      status: 413,
      facts: { limitBytes: limit },
    });
  }
  if (type === 'charset.unsupported' || type === 'encoding.unsupported' || type === 'request.size.invalid') {
    return new ValidationError('BODY_MALFORMED', 'Send the body as UTF-8 JSON.', { status: 400 });
  }
  if (isIncomparable(error)) {
    return new ValidationError('ID_MALFORMED', 'An id or name holds letters that none has. Check how it is spelled.');
  }
  const { status = 500, expose = false } = (error ?? {}) as BodyParserError;
  if (expose && status < 500 && !(error instanceof URIError)) {
    return new ValidationError('BODY_MALFORMED', 'The body cannot be read. Send it as UTF-8 JSON, gzip or plain.', {
      status: 400,
    });
  }
  if (error instanceof URIError) {
    return new ValidationError('ADDRESS_MALFORMED', 'The address holds a broken percent sequence.', { status: 400 });
  }
  return undefined;
}

/** Zod's findings as our field errors; `path` reads as one would write it in code. */
export function fieldErrors(error: ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((name) => ({
        path: pathText([...issue.path, name]),
        code: 'UNKNOWN_FIELD',
        message: `There is no field "${name}" here. Remove it or check its spelling.`,
      }));
    }
    return [{ path: pathText(issue.path), code: issueCode(issue), message: issue.message }];
  });
}

function issueCode(issue: ZodError['issues'][number]): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith(MISSING)) return 'REQUIRED';
  return issue.code.toUpperCase();
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
