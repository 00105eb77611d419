import type { CommandContext } from './context';

/**
 * Refusals are data: a stable code for programs, a sentence for people, facts for both.
 * Each class names whose move it is next; anything that is not one of these is our bug and becomes a 500.
 */

/** What is to be written down of a refusal: a transaction of its own, after that of the refused command was undone. */
export type Aftermath = (ctx: CommandContext) => Promise<void>;

/** One field that must be put right. `path` is the way to it in the request, such as `lines[0].quantity`. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
  [fact: string]: unknown;
}

export interface RefusalDetails {
  /** Fields to put right, in the order of the request. */
  errors?: FieldError[];
  /** Anything a program may want to act on; stands at the top level of the problem document. */
  facts?: Record<string, unknown>;
  aftermath?: Aftermath;
  cause?: unknown;
}

export abstract class Refusal extends Error {
  abstract readonly status: number;
  readonly errors?: FieldError[];
  readonly facts: Record<string, unknown>;
  /** Seen to by the workroom, whoever asked: a request, a page, a job. */
  readonly aftermath?: Aftermath;

  constructor(
    readonly code: string,
    message: string,
    details: RefusalDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.errors = details.errors;
    this.facts = details.facts ?? {};
    this.aftermath = details.aftermath;
  }
}

/** The request is malformed (400) or says something impossible (422). The caller must change it. */
export class ValidationError extends Refusal {
  readonly status: 400 | 413 | 422;
  constructor(code: string, message: string, details: RefusalDetails & { status?: 400 | 413 | 422 } = {}) {
    super(code, message, details);
    this.status = details.status ?? 422;
  }
}

/** Nobody known is asking. */
export class UnauthorizedError extends Refusal {
  readonly status = 401;
}

/** Somebody known is asking for what they may not do. */
export class ForbiddenError extends Refusal {
  readonly status = 403;
}

export class NotFoundError extends Refusal {
  readonly status = 404;
}

/** The request is fine, the state of the business is not. It may succeed later, unchanged. */
export class ConflictError extends Refusal {
  readonly status = 409;
}

/** More requests than this key may send; `facts.retryAfterSeconds` says when to come back. */
export class TooManyRequestsError extends Refusal {
  readonly status = 429;
}

/** Something we lean on is down. Nothing was changed; the same request may be sent again. */
export class UnavailableError extends Refusal {
  readonly status = 503;
}
