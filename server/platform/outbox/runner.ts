import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs } from '../clock';
import type { Logger } from '../logger';
import type { DeliveredEvent, JobHandler, JobInfo, JobOptions, Registry } from '../registry';
import type { Claims, OpenJob } from './claims';
import type { OutboxRow } from './outbox.models';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Waits between tries where a job names none of its own: fifteen minutes of patience, then once every half hour. */
const BACKOFF_MS: readonly number[] = [1, 5, 30, 2 * 60, 10 * 60, 30 * 60].map((seconds) => seconds * SECOND_MS);
const ATTEMPTS = 20;
/** How long a row waits for a version of the service that knows its handler. */
export const UNKNOWN_HANDLER_WAIT_MS = MINUTE_MS;
/** The outcome is written again after these waits; later the lease lapses and the row is run once more. */
const SETTLE_WAITS_MS: readonly number[] = [200, SECOND_MS, 5 * SECOND_MS];

/** Thrown by a handler when trying again cannot help: the row is put aside at once. */
export class PermanentFailure extends Error {}

interface Handler {
  handle: JobHandler;
  options: JobOptions;
}

/** Runs one claimed row; answers how to write down the way it went. Never throws. */
export class Runner {
  private readonly unknownNames = new Set<string>();

  constructor(
    private readonly registry: Registry,
    private readonly claims: Claims,
    private readonly openJob: OpenJob,
    private readonly log: Logger,
  ) {}

  async run(row: OutboxRow): Promise<() => Promise<void>> {
    const handler = this.handlerOf(row);
    if (!handler) return () => this.setAside(row);
    try {
      await handler.handle(this.openJob(row.name), row.payload, infoOf(row));
      return () => this.settle(row, () => this.claims.finish(row));
    } catch (error) {
      return () => this.fail(row, handler, error);
    }
  }

  private handlerOf(row: OutboxRow): Handler | undefined {
    if (row.kind === 'job') return this.registry.jobs.get(row.name);
    const subscription = this.registry.subscriptions.find(({ name }) => name === row.name);
    if (!subscription) return undefined;
    return { handle: (job) => subscription.handle(job, eventOf(row)), options: {} };
  }

  /** During a rolling upgrade a newer service may have left work that this one does not know yet. */
  private async setAside(row: OutboxRow): Promise<void> {
    if (!this.unknownNames.has(row.name)) {
      this.unknownNames.add(row.name);
      this.log.error({ handler: row.name, kind: row.kind }, 'Nothing here handles this; its rows wait in the outbox.');
    }
    await this.settle(row, () => this.claims.release([row], plusMs(this.now(), UNKNOWN_HANDLER_WAIT_MS)));
  }

  private async fail(row: OutboxRow, { options }: Handler, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const facts = { handler: row.name, row: row.id, attempt: row.attempts, err: error };
    if (row.attempts < (options.attempts ?? ATTEMPTS) && !(error instanceof PermanentFailure)) {
      const waits = options.backoffMs ?? BACKOFF_MS;
      const waitMs = waits[Math.min(row.attempts, waits.length) - 1] ?? 0;
      this.log.warn({ ...facts, waitMs }, 'A handler failed; it is tried again later.');
      return this.settle(row, () => this.claims.retry(row, message, plusMs(this.now(), waitMs)));
    }
    this.log.error(facts, 'A handler failed for the last time.');
    await this.settle(row, async () => {
      // Told before the row is put aside: should we be killed in between, it is told twice rather than never.
      await options.onDead?.(this.openJob(row.name), row.payload, infoOf(row));
      await this.claims.bury(row, message);
    });
  }

  private async settle(row: OutboxRow, write: () => Promise<void>): Promise<void> {
    for (const waitMs of [...SETTLE_WAITS_MS, undefined]) {
      try {
        return await write();
      } catch (error) {
        const facts = { handler: row.name, row: row.id, err: error };
        this.log.warn(facts, 'The outcome of a handler could not be written.');
        if (waitMs !== undefined) await sleep(waitMs);
      }
    }
  }

  private now(): string {
    return this.openJob('relay').read.now;
  }
}

function infoOf(row: OutboxRow): JobInfo {
  return { id: String(row.id), attempt: row.attempts };
}

function eventOf(row: OutboxRow): DeliveredEvent {
  return {
    id: row.eventId ?? '',
    occurredAt: row.createdAt,
    topic: row.topic,
    storeId: row.storeId ?? '',
    orderId: row.orderId ?? undefined,
    orderVersion: row.orderVersion ?? undefined,
    data: row.payload,
  };
}
