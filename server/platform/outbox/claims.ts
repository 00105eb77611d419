import { plusMs } from '../clock';
import type { JobContext, ReadContext } from '../context';
import { newId } from '../ids';
import { outbox, type OutboxRow } from './outbox.models';

/** A claim lapses after this time unless it is renewed; then another relay takes the row up. */
export const LEASE_MS = 30_000;
const ERROR_LENGTH_MAX = 500;

const FREE = `status = 'pending' AND available_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)`;
const RELEASED = { claimedBy: null, claimedUntil: null };

/** Opens a context of its own for each piece of work, so that each sees the present time. */
export type OpenJob = (name: string) => JobContext;

/** The outbox as the relays share it: each change is a guarded update that counts only while the claim is ours. */
export class Claims {
  private readonly finished: OutboxRow[] = [];
  private marking?: Promise<void>;

  constructor(
    private readonly openJob: OpenJob,
    private readonly leaseMs = LEASE_MS,
  ) {}

  /** Takes up to `limit` due rows that nobody holds, oldest first, passing over the names in `except`. */
  async claim(limit: number, except: readonly string[] = []): Promise<OutboxRow[]> {
    const job = this.openJob('relay');
    const due = await dueIds(job.read, limit, except);
    if (due.length === 0) return [];
    const token = newId();
    return job.transaction(async (ctx) => {
      const until = plusMs(ctx.now, this.leaseMs);
      // Another relay may have seen the same rows and been first; then fewer come back.
      ctx.executeLater(
        `UPDATE outbox SET claimed_by = :token, claimed_until = :until, attempts = attempts + 1
          WHERE id IN (:due) AND ${FREE}`,
        { token, until, due, now: ctx.now },
      );
      return ctx.find(outbox, 'id IN (:due) AND claimed_by = :token ORDER BY available_at, id', { due, token });
    });
  }

  async isAnythingDue(): Promise<boolean> {
    return (await dueIds(this.openJob('relay').read, 1, [])).length > 0;
  }

  /** Extends the lease of rows that are still being worked on. */
  async renew(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.openJob('relay').transaction((ctx) =>
      ctx.execute(`UPDATE outbox SET claimed_until = :until WHERE id IN (:ids) AND claimed_by IN (:tokens)`, {
        ...claimsOf(rows),
        until: plusMs(ctx.now, this.leaseMs),
      }),
    );
  }

  /** Marks a row done. Rows that finish while a mark is being written are marked together in the next statement. */
  finish(row: OutboxRow): Promise<void> {
    this.finished.push(row);
    this.marking ??= this.markFinished().finally(() => {
      this.marking = undefined;
    });
    return this.marking;
  }

  /** Gives a failed row back, to be tried again at `availableAt`. */
  retry(row: OutboxRow, error: string, availableAt: string): Promise<void> {
    return this.giveUp(row, { ...RELEASED, availableAt, lastError: error.slice(0, ERROR_LENGTH_MAX) });
  }

  /** Puts a row aside that has failed for the last time. */
  bury(row: OutboxRow, error: string): Promise<void> {
    return this.giveUp(row, { ...RELEASED, status: 'dead', lastError: error.slice(0, ERROR_LENGTH_MAX) });
  }

  /** Gives rows back that were never tried; the claim does not count as an attempt. */
  async release(rows: readonly OutboxRow[], availableAt?: string): Promise<void> {
    if (rows.length === 0) return;
    await this.openJob('relay').transaction((ctx) =>
      ctx.execute(
        `UPDATE outbox SET claimed_by = NULL, claimed_until = NULL, attempts = attempts - 1,
           available_at = COALESCE(:availableAt, available_at)
          WHERE id IN (:ids) AND claimed_by IN (:tokens)`,
        { ...claimsOf(rows), availableAt: availableAt ?? null },
      ),
    );
  }

  private async markFinished(): Promise<void> {
    while (this.finished.length > 0) {
      const rows = this.finished.splice(0);
      await this.openJob('relay').transaction((ctx) =>
        Promise.resolve(
          ctx.executeLater(
            `UPDATE outbox SET status = 'done', done_at = :now, claimed_by = NULL, claimed_until = NULL, last_error = NULL
              WHERE id IN (:ids) AND claimed_by IN (:tokens)`,
            { ...claimsOf(rows), now: ctx.now },
          ),
        ),
      );
    }
  }

  private async giveUp(row: OutboxRow, set: Partial<OutboxRow>): Promise<void> {
    await this.openJob('relay').transaction((ctx) =>
      ctx.update(outbox, set, 'id = :id AND claimed_by = :token', { id: row.id, token: row.claimedBy }),
    );
  }
}

/** Looked up outside any transaction, so that a relay with nothing to do never queues for the writer. */
async function dueIds(read: ReadContext, limit: number, except: readonly string[]): Promise<number[]> {
  const rows = await read.select<{ id: number }>(
    `SELECT id FROM outbox WHERE ${FREE} ${except.length > 0 ? 'AND name NOT IN (:except)' : ''}
      ORDER BY available_at, id LIMIT ${limit}`,
    { now: read.now, except },
  );
  return rows.map(({ id }) => id);
}

function claimsOf(rows: readonly OutboxRow[]): { ids: number[]; tokens: (string | null)[] } {
  return { ids: rows.map(({ id }) => id), tokens: [...new Set(rows.map(({ claimedBy }) => claimedBy))] };
}
