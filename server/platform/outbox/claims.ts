import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs } from '../clock';
import type { CommandContext, JobContext, Params, ReadContext } from '../context';
import { newId } from '../ids';
import type { Logger } from '../logger';
import type { Subscription } from '../registry';
import { brokenConditions, unconcerned } from './concerns';
import { outbox, type OutboxRow } from './outbox.models';

/** A claim lapses after this time unless it is renewed; then another relay takes the row up. */
export const LEASE_MS = 30_000;
const ERROR_LENGTH_MAX = 500;
/** Rows that finish within this time of each other are marked in one statement. */
const MARK_GATHER_MS = 5;

const FREE = `status = 'pending' AND available_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)`;
const RELEASED = { claimedBy: null, claimedUntil: null };

/** Opens a context of its own for each piece of work, so that each sees the present time. */
export type OpenJob = (name: string) => JobContext;

export interface Claimed {
  /** Ours, to be worked on. */
  rows: OutboxRow[];
  /** Whether as much was due as was asked for, so that more may be. */
  isMore: boolean;
}

interface Due {
  id: number;
  /** 1 where the event has nothing for its handler. */
  unconcerned: number;
}

export interface ClaimsOptions {
  leaseMs?: number;
  /** Those whose conditions are asked before a row is taken; nobody's unless given. */
  subscriptions?: readonly Subscription[];
  log?: Logger;
}

/** The outbox as the relays share it: each change is a guarded update that counts only while the claim is ours. */
export class Claims {
  private readonly finished: OutboxRow[] = [];
  private marking?: Promise<void>;
  private readonly leaseMs: number;
  private readonly subscriptions: readonly Subscription[];
  private readonly log?: Logger;
  /** What has been told of conditions that cannot be asked, so that it is told once and not at every look. */
  private readonly told = new Set<string>();

  constructor(
    private readonly openJob: OpenJob,
    { leaseMs = LEASE_MS, subscriptions = [], log }: ClaimsOptions = {},
  ) {
    this.leaseMs = leaseMs;
    this.subscriptions = subscriptions;
    this.log = log;
  }

  /**
   * Takes up to `limit` due rows that nobody holds, oldest first, passing over the names in `except`. Of those, rows
   * that hold nothing for their handler are done by that.
   */
  async claim(limit: number, except: readonly string[] = []): Promise<Claimed> {
    const job = this.openJob('relay');
    const due = await this.due(job.read, limit, except);
    if (due.length === 0) return { rows: [], isMore: false };
    const { found } = await job.transaction((ctx) => Promise.resolve(this.take(ctx, due)));
    return { rows: await found, isMore: due.length === limit };
  }

  /** All of it travels with the commit: what was found is asked for and not waited for. */
  private take(ctx: CommandContext, due: readonly Due[]): { found: Promise<OutboxRow[]> } {
    const { now } = ctx;
    const idle = due.filter((row) => row.unconcerned === 1).map(({ id }) => id);
    const wanted = due.filter((row) => row.unconcerned !== 1).map(({ id }) => id);
    if (idle.length > 0) {
      ctx.executeLater(
        `UPDATE outbox SET status = 'done', done_at = :now, attempts = attempts + 1, claimed_by = NULL,
           claimed_until = NULL, last_error = NULL
          WHERE id IN (:idle) AND ${FREE}`,
        { idle, now },
      );
    }
    if (wanted.length === 0) return { found: Promise.resolve([]) };
    const token = newId();
    // Another relay may have seen the same rows and been first; then fewer come back.
    ctx.executeLater(
      `UPDATE outbox SET claimed_by = :token, claimed_until = :until, attempts = attempts + 1
        WHERE id IN (:wanted) AND ${FREE}`,
      { token, until: plusMs(now, this.leaseMs), wanted, now },
    );
    const found = ctx.find(outbox, 'id IN (:wanted) AND claimed_by = :token ORDER BY available_at, id', {
      wanted,
      token,
    });
    // A transaction that fails tells of it, and may run again; this promise of a run that failed is nobody's.
    found.catch(() => undefined);
    return { found };
  }

  async isAnythingDue(): Promise<boolean> {
    return (await this.due(this.openJob('relay').read, 1, [])).length > 0;
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
    this.marking ??= this.markFinished();
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

  /** Looked up outside any transaction, so that a relay with nothing to do never queues for the writer. */
  private async due(read: ReadContext, limit: number, except: readonly string[]): Promise<Due[]> {
    const conditions = unconcerned(this.subscriptions);
    try {
      return await this.look(read, { limit, except, ...conditions });
    } catch (error) {
      // Every row depends on this look; a handler that runs for nothing looks again under its locks. Where the
      // database itself is away, this look fails as well.
      const due = await this.look(read, { limit, except, ...unconcerned([]) });
      await this.tellBroken(read, error);
      return due;
    }
  }

  private look(
    read: ReadContext,
    { limit, except, sql, params }: { limit: number; except: readonly string[]; sql: string; params: Params },
  ): Promise<Due[]> {
    // Conditions are asked of the rows that are taken, not of all that wait.
    return read.select<Due>(
      `SELECT id, ${sql} AS unconcerned FROM (
        SELECT id, kind, name, order_id FROM outbox
          WHERE ${FREE} ${except.length > 0 ? 'AND name NOT IN (:except)' : ''}
          ORDER BY available_at, id LIMIT ${limit}) AS heard`,
      { ...params, now: read.now, except },
    );
  }

  private async tellBroken(read: ReadContext, error: unknown): Promise<void> {
    const handlers = (await brokenConditions(read, this.subscriptions)).flatMap(({ names }) => names);
    const what = handlers.join() || String(error);
    if (this.told.has(what)) return;
    this.told.add(what);
    this.log?.error({ err: error, handlers }, 'The outbox is read without conditions: one could not be asked.');
  }

  private async markFinished(): Promise<void> {
    try {
      while (this.finished.length > 0) {
        await sleep(MARK_GATHER_MS);
        await this.markDone(this.finished.splice(0));
      }
    } finally {
      // In the same turn in which nothing was left: who finishes after that begins anew.
      this.marking = undefined;
    }
  }

  private markDone(rows: readonly OutboxRow[]): Promise<void> {
    return this.openJob('relay').transaction((ctx) =>
      Promise.resolve(
        ctx.executeLater(
          `UPDATE outbox SET status = 'done', done_at = :now, claimed_by = NULL, claimed_until = NULL, last_error = NULL
            WHERE id IN (:ids) AND claimed_by IN (:tokens)`,
          { ...claimsOf(rows), now: ctx.now },
        ),
      ),
    );
  }

  private async giveUp(row: OutboxRow, set: Partial<OutboxRow>): Promise<void> {
    await this.openJob('relay').transaction((ctx) =>
      ctx.update(outbox, set, 'id = :id AND claimed_by = :token', { id: row.id, token: row.claimedBy }),
    );
  }
}

function claimsOf(rows: readonly OutboxRow[]): { ids: number[]; tokens: (string | null)[] } {
  return { ids: rows.map(({ id }) => id), tokens: [...new Set(rows.map(({ claimedBy }) => claimedBy))] };
}
