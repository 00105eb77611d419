import { type NextFunction, type Request as HttpRequest, type Response, Router } from 'express';
import type { z } from 'zod';
import { authorise, mayUse } from '../auth/permissions';
import { type Actor, EVENT_ID, type ExecutionLink } from '../context';
import type { Caller } from '../database/reader';
import { ForbiddenError, Refusal, UnauthorizedError, ValidationError } from '../errors';
import type { Workroom } from '../workroom';
import { auditRefusal } from './audit-refusal';
import { runElements } from './bulk';
import { forgetKey, readKey, requestHash } from './idempotency';
import { fieldErrors } from './problem';
import { type BulkElement, FileReply, Reply, type Request, type Route } from './route';
import { runOnce } from './run-once';

const HEADER_LENGTH_MAX = 255;

/** Finds who holds a bearer key; the people slice provides it. */
export type Authenticate = (key: string) => Promise<Actor | undefined>;

/** Every route of every slice, with checking, authorising, idempotency and previews done in one way. */
export function apiRouter(workroom: Workroom, authenticate: Authenticate): Router {
  const router = Router();
  router.use(async (request: HttpRequest, response: Response, next: NextFunction) => {
    response.locals.actor = await identify(request, authenticate);
    next();
  });
  for (const route of workroom.registry.routes) {
    router[route.definition.method](route.definition.path, async (request: HttpRequest, response: Response) => {
      const caller = callerOf(request, response, workroom);
      if (route.kind === 'query') {
        authorise(caller.actor, route.definition.permission);
        const result = await route.run(workroom.reader(caller), parseRequest(route, request));
        return answer(response, toReply(result, route));
      }
      return runCommand(workroom, route, caller, request, response);
    });
  }
  return router;
}

async function identify(request: HttpRequest, authenticate: Authenticate): Promise<Actor> {
  const [scheme, key] = (request.get('authorization') ?? '').split(' ');
  const actor = scheme?.toLowerCase() === 'bearer' && key ? await authenticate(key) : undefined;
  if (actor) return actor;
  throw new UnauthorizedError(
    'API_KEY_INVALID',
    'Send a valid API key: "Authorization: Bearer <key>". An admin makes keys with POST /api/v1/api-keys.',
  );
}

function callerOf(request: HttpRequest, response: Response, workroom: Workroom): Caller {
  return {
    actor: response.locals.actor as Actor,
    now: workroom.clock.now(),
    requestId: String(response.locals.requestId),
    execution: executionOf(request),
  };
}

function executionOf(request: HttpRequest): ExecutionLink {
  const header = (name: string): string | undefined => request.get(name)?.slice(0, HEADER_LENGTH_MAX) || undefined;
  return {
    workflowId: header('x-workflow-id'),
    executionId: header('x-workflow-execution-id'),
    node: header('x-workflow-node'),
    eventId: EVENT_ID.test(request.get('x-event-id') ?? '') ? request.get('x-event-id') : undefined,
  };
}

async function runCommand(
  workroom: Workroom,
  route: Route,
  caller: Caller,
  request: HttpRequest,
  response: Response,
): Promise<void> {
  const dryRun = readDryRun(request.query.dryRun);
  try {
    if (!mayUse(caller.actor, route.definition.permission)) authorise(caller.actor, route.definition.permission);
    const key = dryRun ? undefined : readKey(request.get('idempotency-key'));
    const parsed = parseRequest(route, request);
    const target = `${route.definition.method} ${request.baseUrl}${request.path}`;
    const hash = requestHash(target, parsed.body, route.definition.volatileFields);
    if (route.kind === 'bulk') {
      const elements = (await route.run(workroom.reader(caller), parsed)) as BulkElement[];
      return answer(response, new Reply(200, await runElements(workroom, caller, route, { key, target, elements })));
    }
    const once = { key, hash, shownOnce: route.definition.shownOnce };
    const { reply, effects } = await runOnce(workroom, caller, once, async (ctx) =>
      toReply(await route.run(ctx, parsed), route),
    );
    if (dryRun) Object.assign(reply.body as object, { dryRun: true, effects });
    const followed = key ? await follow(workroom, route, caller, key, reply) : reply;
    answer(response, followed);
  } catch (error) {
    if (error instanceof ForbiddenError)
      await auditRefusal(workroom, caller, `${route.definition.method} ${request.path}`, error);
    throw error;
  }
}

/** Lets what was committed be followed up; a refusal then is one of the whole request, so nothing of it is kept. */
async function follow(workroom: Workroom, route: Route, caller: Caller, key: string, reply: Reply): Promise<Reply> {
  if (!route.followUp) return reply;
  const read = () => workroom.reader({ ...caller, now: workroom.clock.now() });
  try {
    const followed = await route.followUp({ read, job: workroom.jobContext('follow-up') }, reply);
    return new Reply(followed.status, followed.body, { ...reply.headers, ...followed.headers });
  } catch (error) {
    if (error instanceof Refusal) await workroom.command(caller, (ctx) => forgetKey(ctx, key));
    throw error;
  }
}

/** A preview that is spelled in another way must not become the real thing. Throws 400 DRY_RUN_INVALID. */
function readDryRun(value: unknown): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new ValidationError('DRY_RUN_INVALID', 'dryRun is true or false.', { status: 400 });
}

function toReply(result: unknown, route: Route): Reply {
  return result instanceof Reply ? result : new Reply(route.definition.status ?? 200, result);
}

function answer(response: Response, reply: Reply): void {
  const version = (reply.body as { version?: unknown } | null)?.version;
  if (typeof version === 'number') response.setHeader('ETag', `"${version}"`);
  response.status(reply.status).set(reply.headers);
  if (reply instanceof FileReply) response.send(reply.body);
  else response.json(reply.body);
}

type AnyRequest = Request<z.ZodType, z.ZodType, z.ZodType>;

function parseRequest(route: Route, request: HttpRequest): AnyRequest {
  const { params, query, body } = route.definition;
  const { dryRun: _dryRun, ...search } = request.query;
  return {
    params: check(params, request.params, 'params'),
    query: check(query, search, 'query'),
    body: check(body, route.definition.method === 'get' ? undefined : (request.body ?? {}), 'body'),
    headers: { 'if-match': request.get('if-match') },
  };
}

/** A null character ends a text in some of the programs a text passes through; nobody types one. */
function assertNoNull(value: unknown, part: string): void {
  if (!holdsNull(value)) return;
  throw new ValidationError('VALIDATION_FAILED', `The ${part} holds a null character. Remove it.`, {
    errors: [{ path: part, code: 'NULL_CHARACTER', message: 'Texts hold no null characters.' }],
  });
}

function holdsNull(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([name, inner]) => name.includes('\0') || holdsNull(inner));
}

function check(schema: z.ZodType | undefined, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) {
    assertNoNull(result.data, part);
    return result.data;
  }
  const errors = fieldErrors(result.error);
  const first = errors[0];
  const where = part === 'body' ? 'The request' : part === 'query' ? 'The address after "?"' : 'The address';
  throw new ValidationError(
    'VALIDATION_FAILED',
    `${where} needs a correction: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'see errors'}`,
    { errors },
  );
}
