import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, type Service } from '../../server/main';
import { type Clock, systemClock } from '../../server/platform/clock';
import { Config } from '../../server/platform/config';

export const ADMIN_KEY = 'test-admin-key';

export interface Answer<Body = Record<string, any>> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface CallOptions {
  /** Made up when missing; `null` sends none. */
  key?: string | null;
  apiKey?: string;
  headers?: Record<string, string>;
}

/** The real service on a free port with an empty ledger of its own. */
export interface TestApp {
  url: string;
  apiKey: string;
  service: Service;
  /** Calls the API; `path` is below /api/v1. */
  call<Body = Record<string, any>>(
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Answer<Body>>;
  get<Body = Record<string, any>>(path: string, options?: CallOptions): Promise<Answer<Body>>;
  post<Body = Record<string, any>>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>>;
  put<Body = Record<string, any>>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>>;
  /** Makes a key for a role and, if said, for some stores only. */
  keyFor(role: string, storeIds?: string[]): Promise<string>;
  /** Waits until nothing is owed to anybody. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Missing: SQLite in a file of its own. */
  databaseUrl?: string;
  clock?: Clock;
  env?: Record<string, string>;
}

let counter = 0;

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-test-'));
  const config = new Config({
    DEMO: 'true',
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: options.databaseUrl ?? 'sqlite::memory:',
    DATA_FOLDER: folder,
    ADMIN_API_KEY: ADMIN_KEY,
    RATE_LIMIT_PER_SECOND: '0',
    RELAY_POLL_MS: '50',
    ...options.env,
  });
  const service = await boot(config, options.clock ?? systemClock);
  const call = caller(service.url);
  return {
    url: service.url,
    apiKey: ADMIN_KEY,
    service,
    call,
    get: (path, opts) => call('GET', path, undefined, opts),
    post: (path, body, opts) => call('POST', path, body, opts),
    put: (path, body, opts) => call('PUT', path, body, opts),
    keyFor: async (role, storeIds = []) => {
      const made = await call('POST', '/api-keys', { name: role, role, storeIds });
      return String(made.body.key);
    },
    settled: () => service.relay.idle(),
    close: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A caller of any service, also of one that runs as a process of its own. */
export function caller(url: string, apiKey = ADMIN_KEY): TestApp['call'] {
  return async (method, path, body, options = {}) => {
    const headers: Record<string, string> = { authorization: `Bearer ${options.apiKey ?? apiKey}`, ...options.headers };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET' && options.key !== null)
      headers['idempotency-key'] = options.key ?? `test-${process.pid}-${(counter += 1)}`;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
  };
}
