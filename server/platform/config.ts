import { readFileSync } from 'node:fs';

type Environment = Record<string, string | undefined>;

/** Everything that can be set from outside; this class is the only reader of the environment. */
export class Config {
  /** DEMO — the service holds a mailbox and a courier sandbox itself. */
  readonly demo: boolean;
  /** PORT — where the service listens; 0 takes any free port. */
  readonly port: number;
  /** DATABASE_URL — `sqlite:<file>`, `sqlite::memory:` or `mysql://user:pass@host:3306/db`. */
  readonly databaseUrl: string;
  /** DATABASE_POOL_SIZE — connections held to MySQL. */
  readonly databasePoolSize: number;
  /** REDIS_URL — empty: jobs run inside the service. */
  readonly redisUrl: string;
  /** SMTP_URL — where mail leaves; empty is allowed only with DEMO, then the mailbox catches it. */
  readonly smtpUrl: string;
  /** MAIL_FROM — the sender of every mail. */
  readonly mailFrom: string;
  /** PUBLIC_URL — the address in links that leave the building. */
  readonly publicUrl: string;
  /** ADMIN_API_KEY — becomes the admin's key at first boot; empty: one is made and printed once. */
  readonly adminApiKey: string;
  /** STORE_NAME — the name of the store that the first boot opens, as mails and papers show it. */
  readonly storeName: string;
  /** SESSION_SECRET — signs links and sessions; empty: one is made at first boot and kept in the database. */
  sessionSecret: string;
  /** LOG_LEVEL — pino's levels. */
  readonly logLevel: string;
  /** RATE_LIMIT_PER_SECOND — per API key; 0 is off. */
  readonly rateLimitPerSecond: number;
  /** IDEMPOTENCY_WAIT_MS — how long a second request with a key in flight waits for the first. */
  readonly idempotencyWaitMs: number;
  /** PIPELINE_STALL_MS — how long an order may stand still before its starting event is delivered again. */
  readonly pipelineStallMs: number;
  /** RELAY_POLL_MS — how often the outbox is looked at when nothing nudges it. */
  readonly relayPollMs: number;
  /** CHROMIUM_PATH — the Chromium or Chrome that makes the PDFs; empty: looked for in the usual places. */
  readonly chromiumPath: string;
  /** DATA_FOLDER — the demo mailbox's mails and other files of the service. */
  readonly dataFolder: string;

  /** STEADFAST_BASE_URL — the courier's API; empty with DEMO and without keys: the service's own sandbox. */
  readonly steadfastBaseUrl: string;
  /** STEADFAST_API_KEY — of the merchant's account at Steadfast. */
  readonly steadfastApiKey: string;
  /** STEADFAST_SECRET_KEY — belongs to the API key. */
  readonly steadfastSecretKey: string;
  /** STEADFAST_TIMEOUT_MS — how long an answer of the courier is waited for. */
  readonly steadfastTimeoutMs: number;

  constructor(env: Environment = process.env) {
    const text = (name: string, fallback: string): string => readSetting(env, name) ?? fallback;
    const number = (name: string, fallback: number): number => toNumber(name, readSetting(env, name), fallback);
    this.demo = text('DEMO', 'false') === 'true';
    this.port = number('PORT', 3000);
    this.databaseUrl = text('DATABASE_URL', 'sqlite:.orderloom/ledger.sqlite');
    this.databasePoolSize = number('DATABASE_POOL_SIZE', 20);
    this.redisUrl = text('REDIS_URL', '');
    this.smtpUrl = text('SMTP_URL', '');
    this.mailFrom = text('MAIL_FROM', 'Orderloom <orders@orderloom.local>');
    this.publicUrl = text('PUBLIC_URL', `http://localhost:${this.port}`).replace(/\/+$/, '');
    this.adminApiKey = text('ADMIN_API_KEY', '');
    this.storeName = text('STORE_NAME', 'Main store');
    this.sessionSecret = text('SESSION_SECRET', '');
    this.logLevel = text('LOG_LEVEL', 'info');
    this.rateLimitPerSecond = number('RATE_LIMIT_PER_SECOND', 1000);
    this.idempotencyWaitMs = number('IDEMPOTENCY_WAIT_MS', 10_000);
    this.pipelineStallMs = number('PIPELINE_STALL_MS', 120_000);
    this.relayPollMs = number('RELAY_POLL_MS', 500);
    this.chromiumPath = text('CHROMIUM_PATH', '');
    this.dataFolder = text('DATA_FOLDER', '.orderloom');
    this.steadfastBaseUrl = text('STEADFAST_BASE_URL', '').replace(/\/+$/, '');
    this.steadfastApiKey = text('STEADFAST_API_KEY', '');
    this.steadfastSecretKey = text('STEADFAST_SECRET_KEY', '');
    this.steadfastTimeoutMs = number('STEADFAST_TIMEOUT_MS', 10_000);
  }
}

/** `NAME`, or the content of the file that `NAME_FILE` points at, as container secrets come. */
function readSetting(env: Environment, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (file) return readFileSync(file, 'utf8').trim();
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

function toNumber(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 0) {
    throw new Error(`${name} must be a whole number of at least 0, not "${value}".`);
  }
  return parsed;
}
