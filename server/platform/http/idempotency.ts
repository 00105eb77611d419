import { createHash } from 'node:crypto';
import { plusMs } from '../clock';
import type { JobContext } from '../context';
import type { UnitOfWork } from '../database/unit-of-work';
import { isContention, isDuplicateKey } from '../database/database';
import { defineTable } from '../database/table';
import { ConflictError, ValidationError } from '../errors';
import type { Registry } from '../registry';

const KEY_LENGTH_MAX = 255;
/** How long a first answer is kept and given again. */
export const IDEMPOTENCY_KEPT_DAYS = 90;

export interface StoredAnswer {
  status: number;
  body: unknown;
}

interface IdempotencyRow {
  id: string;
  requestHash: string;
  status: number | null;
  answer: string | null;
  createdAt: string;
}

export const idempotencyKeys = defineTable<IdempotencyRow>('idempotency_keys');

/** The key as sent, checked. Throws 400 IDEMPOTENCY_KEY_MISSING or IDEMPOTENCY_KEY_INVALID. */
export function readKey(header: string | undefined): string {
  if (!header) {
    throw new ValidationError(
      'IDEMPOTENCY_KEY_MISSING',
      'Send an Idempotency-Key header with every write: one value for one intention, the same value when you try again.',
      { status: 400 },
    );
  }
  if (header.length > KEY_LENGTH_MAX || !/^[\x21-\x7e]+$/.test(header)) {
    throw new ValidationError(
      'IDEMPOTENCY_KEY_INVALID',
      `An Idempotency-Key is 1 to ${KEY_LENGTH_MAX} printable characters without spaces.`,
      { status: 400 },
    );
  }
  return header;
}

/** What is compared when a key comes again: the route with its parameters, and the body without its volatile fields. */
export function requestHash(target: string, body: unknown, volatileFields: readonly string[] = []): string {
  const kept =
    body && typeof body === 'object' && !Array.isArray(body)
      ? Object.fromEntries(Object.entries(body).filter(([name]) => !volatileFields.includes(name)))
      : body;
  return createHash('sha256')
    .update(`${target}\n${canonical(kept)}`)
    .digest('hex');
}

/** JSON with sorted keys, so that two spellings of one body are one body. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/**
 * Claims the key for this transaction. A second request with it waits here, on the row's lock, until the first has
 * committed or given up. Returns the first answer when there is one.
 * Throws 422 IDEMPOTENCY_KEY_REUSED (other body) or 409 IDEMPOTENCY_IN_PROGRESS (waited too long).
 */
export async function claimKey(ctx: UnitOfWork, key: string, hash: string): Promise<StoredAnswer | undefined> {
  const id = rowId(ctx, key);
  try {
    ctx.insert(idempotencyKeys, { id, requestHash: hash, status: null, answer: null, createdAt: ctx.now });
    await ctx.flush();
    return undefined;
  } catch (error) {
    if (isDuplicateKey(error)) return firstAnswer(ctx, id, hash);
    if (isLockTimeout(error)) throw inProgress(error);
    throw error;
  }
}

/**
 * Keeps the answer in the command's own transaction, so that effect and memory of it are one. Secrets that are shown
 * once are not kept.
 */
export function keepAnswer(
  ctx: UnitOfWork,
  key: string,
  answer: StoredAnswer,
  shownOnce: readonly string[] = [],
): void {
  const id = rowId(ctx, key);
  const kept = JSON.stringify(answer.body, (name, value: unknown) => (shownOnce.includes(name) ? undefined : value));
  const params = { id, status: answer.status, kept };
  ctx.executeLater('UPDATE idempotency_keys SET status = :status, answer = :kept WHERE id = :id', params);
}

/** The same request may be made anew, as if it had never been sent. */
export async function forgetKey(ctx: UnitOfWork, key: string): Promise<void> {
  await ctx.execute('DELETE FROM idempotency_keys WHERE id = :id', { id: rowId(ctx, key) });
}

/** A key is its sender's own: two programs may use the same one. */
function rowId(ctx: UnitOfWork, key: string): string {
  return createHash('sha256').update(`${ctx.actor.id}\n${key}`).digest('hex');
}

async function firstAnswer(ctx: UnitOfWork, id: string, hash: string): Promise<StoredAnswer> {
  const row = await ctx.get(idempotencyKeys, 'id = :id', { id });
  if (!row || row.status === null) throw inProgress();
  if (row.requestHash !== hash) {
    throw new ValidationError(
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key was used for another request. Use a new key for a new intention.',
    );
  }
  return { status: row.status, body: JSON.parse(row.answer ?? 'null') as unknown };
}

function inProgress(cause?: unknown): ConflictError {
  return new ConflictError(
    'IDEMPOTENCY_IN_PROGRESS',
    'The first request with this Idempotency-Key is still running. Send it again in a moment.',
    { cause, facts: { retryAfterSeconds: 1 } },
  );
}

function isLockTimeout(error: unknown): boolean {
  return isContention(error) && (error as { original?: { errno?: number } }).original?.errno === 1205;
}

const PRUNE_EVERY_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const KEYS_PER_SWEEP = 1_000;

/** Forgets answers beyond their time, in small bites so that nobody waits for it. */
async function pruneKeys(job: JobContext): Promise<void> {
  const before = plusMs(job.read.now, -IDEMPOTENCY_KEPT_DAYS * DAY_MS);
  const old = await job.read.select<{ id: string }>(
    `SELECT id FROM idempotency_keys WHERE created_at < :before ORDER BY created_at LIMIT ${KEYS_PER_SWEEP}`,
    { before },
  );
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  await job.transaction((ctx) => ctx.execute('DELETE FROM idempotency_keys WHERE id IN (:ids)', { ids }));
}

export function installIdempotency(registry: Registry): void {
  registry.every('idempotency.prune', PRUNE_EVERY_MS, pruneKeys);
}
