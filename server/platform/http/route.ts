import type { z } from 'zod';
import type { CommandContext, JobContext, ReadContext } from '../context';
import type { Permission } from '../auth/permissions';

type Schema = z.ZodType;
type Infer<S> = S extends Schema ? z.output<S> : undefined;

/** An answer with another status than the route's usual one, or with headers of its own. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

/** What follows a commit works with: no transaction is open. */
export interface Afterwards {
  /** As the caller sees it at this moment. */
  read(): ReadContext;
  /** As the service itself, with a transaction for each thing it changes. */
  job: JobContext;
}

/**
 * Runs after a command's commit, and after a repeat was answered from memory, but not for a preview: for work that
 * ends elsewhere, such as with a courier. It answers how things stand now. When it refuses, the answer that was kept
 * for the Idempotency-Key is forgotten, so that a refusal is never repeated for ever.
 */
export type FollowUp = (afterwards: Afterwards, reply: Reply) => Promise<Reply>;

/** An answer that is a file: a page, a PDF, what a label printer reads. Nobody on the way keeps it. */
export class FileReply extends Reply {
  constructor(content: Buffer | string, { mediaType, fileName }: { mediaType: string; fileName: string }) {
    super(200, content, {
      'Content-Type': mediaType,
      'Content-Disposition': `inline; filename="${fileName}"`,
      'Cache-Control': 'no-store',
    });
  }
}

interface RouteShape<P, Q, B> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, Express style: `/orders/:id`. */
  path: string;
  /** One line for the API's documentation. */
  summary: string;
  /** The section it stands in, usually the slice's name. */
  tag: string;
  permission: Permission;
  params?: P;
  query?: Q;
  body?: B;
  /** Body fields left out of the idempotency comparison: call-back addresses and due times. */
  volatileFields?: readonly string[];
  /** Fields of the answer that are shown once and never kept, so a repeat is answered without them. */
  shownOnce?: readonly string[];
  response: Schema;
  /** Media types of an answer that is no JSON. */
  produces?: readonly string[];
  /** Usual status of success; 200 unless said. */
  status?: number;
}

export interface Request<P, Q, B> {
  params: Infer<P>;
  query: Infer<Q>;
  body: Infer<B>;
  headers: Record<string, string | undefined>;
}

export interface Route {
  kind: 'query' | 'command' | 'bulk';
  followUp?: FollowUp;
  definition: RouteShape<Schema | undefined, Schema | undefined, Schema | undefined>;
  run(ctx: ReadContext | CommandContext, request: Request<Schema, Schema, Schema>): Promise<unknown>;
}

/** A route that reads. With a body for what an address cannot hold it is asked by `post`, and needs no key for that. */
export function query<P extends Schema | undefined, Q extends Schema | undefined, B extends Schema | undefined>(
  definition: RouteShape<P, Q, B> & {
    run(ctx: ReadContext, request: Request<P, Q, B>): Promise<unknown>;
  },
): Route {
  return { kind: 'query', definition, run: definition.run as unknown as Route['run'] };
}

/** A route that changes something: it wants an Idempotency-Key, runs in one transaction and can be previewed. */
export function command<P extends Schema | undefined, Q extends Schema | undefined, B extends Schema | undefined>(
  definition: RouteShape<P, Q, B> & {
    run(ctx: CommandContext, request: Request<P, Q, B>): Promise<unknown>;
    followUp?: FollowUp;
  },
): Route {
  const { followUp } = definition;
  return { kind: 'command', definition, followUp, run: definition.run as unknown as Route['run'] };
}

/** One command of a bulk request: which thing it is about, what is compared when it comes again, and the command itself. */
export interface BulkElement {
  id: string;
  body: unknown;
  run(ctx: CommandContext): Promise<unknown>;
}

/** Many commands in one request, each in its own transaction with its own result; `elements` takes the body apart. */
export function bulk<B extends Schema>(
  definition: RouteShape<undefined, undefined, B> & { elements(body: z.output<B>): BulkElement[] },
): Route {
  const run = (_ctx: unknown, request: { body: unknown }): Promise<BulkElement[]> =>
    Promise.resolve(definition.elements(request.body as z.output<B>));
  return { kind: 'bulk', definition, run: run as unknown as Route['run'] };
}
