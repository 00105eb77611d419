import { sleep } from 'n8n-workflow';
import type {
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  IN8nHttpFullResponse,
  IWebhookFunctions,
} from 'n8n-workflow';
import { Refusal } from './refusal';
import { BASE_PATH, CREDENTIAL, type Problem } from './service';

export type Caller = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IWebhookFunctions;

export interface ServiceRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1; parts that come from outside are already encoded. */
  path: string;
  query?: IDataObject;
  body?: IDataObject;
  /** Of every write: one value for one intention, the same when it is tried again. */
  idempotencyKey?: string;
  /** The event that started the run, for the audit trail and for the recovery of runs that died. */
  eventId?: string;
}

export interface ServiceFile {
  content: Buffer;
  mediaType: string;
  fileName: string;
}

const ATTEMPTS_MAX = 6;
const REQUEST_TIMEOUT_MS = 30_000;
const RETRY_WAIT_MS = 400;
const RETRY_WAIT_MAX_MS = 5_000;
const RETRIABLE_STATUSES: readonly number[] = [429, 502, 503, 504];
const RETRIABLE_NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EAI_AGAIN'];

/**
 * Calls the service and answers its JSON. Throws a Refusal when the service says No. Trying again is safe only for
 * reads and for writes with a key, which the service answers from memory; anything else is sent once.
 */
export async function callService<Answer>(caller: Caller, request: ServiceRequest): Promise<Answer> {
  return (await ask(caller, request, 'json')).body as Answer;
}

/** A document of the service, such as a label to print. Throws a Refusal when the service says No. */
export async function fetchFile(
  caller: Caller,
  request: Pick<ServiceRequest, 'path' | 'query' | 'eventId'>,
): Promise<ServiceFile> {
  const { body, headers } = await ask(caller, { ...request, method: 'GET' }, 'file');
  const [mediaType = ''] = String(headers['content-type'] ?? '').split(';');
  const [, fileName = ''] = /filename="([^"]*)"/.exec(String(headers['content-disposition'] ?? '')) ?? [];
  return { content: body as Buffer, mediaType, fileName };
}

type Form = 'json' | 'file';

async function ask(caller: Caller, request: ServiceRequest, form: Form): Promise<Answered> {
  const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await send(caller, request, form);
    if (outcome.ok) return outcome;
    if (!repeatable || attempt >= ATTEMPTS_MAX || outcome.retryAfterMs === undefined) throw outcome.error;
    await sleep(Math.min(Math.max(outcome.retryAfterMs, RETRY_WAIT_MS * 2 ** (attempt - 1)), RETRY_WAIT_MAX_MS));
  }
}

interface Answered {
  ok: true;
  body: unknown;
  headers: IN8nHttpFullResponse['headers'];
}

type Outcome = Answered | { ok: false; error: Error; retryAfterMs?: number };

async function send(caller: Caller, request: ServiceRequest, form: Form): Promise<Outcome> {
  const { baseUrl } = await caller.getCredentials(CREDENTIAL);
  const options: IHttpRequestOptions = {
    method: request.method,
    url: `${String(baseUrl).replace(/\/+$/, '')}${BASE_PATH}${request.path}`,
    qs: present(request.query),
    body: request.body && present(request.body),
    headers: headersOf(caller, request),
    ...(form === 'json' ? { json: true } : { encoding: 'arraybuffer' as const }),
    timeout: REQUEST_TIMEOUT_MS,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
  };
  try {
    const response = (await caller.helpers.httpRequestWithAuthentication.call(
      caller,
      CREDENTIAL,
      options,
    )) as IN8nHttpFullResponse;
    return read(response);
  } catch (error) {
    const code = networkCode(error);
    if (code !== undefined) return { ok: false, error: unreachable(code), retryAfterMs: 0 };
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function read({ statusCode, body, headers }: IN8nHttpFullResponse): Outcome {
  if (statusCode < 400) return { ok: true, body, headers };
  const isParsed = body !== null && typeof body === 'object' && !Buffer.isBuffer(body);
  const problem: Problem = isParsed ? (body as Problem) : parse(body);
  const error = new Refusal(statusCode, problem);
  // The first request with this key is still at work; its answer will be ours in a moment.
  const inProgress = problem.code === 'IDEMPOTENCY_IN_PROGRESS';
  if (!inProgress && !RETRIABLE_STATUSES.includes(statusCode)) return { ok: false, error };
  return { ok: false, error, retryAfterMs: (Number(headers['retry-after']) || 0) * 1000 };
}

/** n8n parses application/json only; a problem document arrives as text, or as bytes where a file was asked for. */
function parse(body: unknown): Problem {
  try {
    return JSON.parse(String(body)) as Problem;
  } catch {
    // A proxy's HTML page is not worth showing; the status says enough.
    return {};
  }
}

/** Fields left empty in the node are not sent, so that the service's defaults hold. */
function present(fields: IDataObject = {}): IDataObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

function headersOf(caller: Caller, request: ServiceRequest): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    'Idempotency-Key': request.idempotencyKey,
    'X-Event-Id': request.eventId,
    'X-Workflow-Id': caller.getWorkflow().id,
    'X-Workflow-Execution-Id': 'getExecutionId' in caller ? caller.getExecutionId() : undefined,
    'X-Workflow-Node': caller.getNode().name,
  };
  return Object.fromEntries(
    Object.entries(headers)
      .filter((entry): entry is [string, string] => Boolean(entry[1]))
      .map(([name, value]) => [name, headerSafe(value)]),
  );
}

/** Node names may be written in any script; a header holds ASCII only. */
function headerSafe(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value);
}

function networkCode(error: unknown): string | undefined {
  const { code, httpCode, cause } = (error ?? {}) as { code?: string; httpCode?: string; cause?: { code?: string } };
  return [code, cause?.code, httpCode].find((found) => RETRIABLE_NETWORK_CODES.includes(String(found)));
}

/** A service that cannot be reached has refused nothing, but is shown and handled as one that is not available. */
function unreachable(code: string): Refusal {
  const detail =
    'The Orderloom service cannot be reached. Check that it is running and that the base URL of the credential is right.';
  return new Refusal(503, { code: 'SERVICE_UNREACHABLE', detail, networkCode: code });
}
