import type { Logger } from '../logger';
import type { Workroom } from '../workroom';
import { Claims, LEASE_MS } from './claims';
import { InProcessQueue, type JobQueue } from './job-queue';
import { Runner } from './runner';

/** Less than the rows a queue holds beyond those of one name, so that a crowd of one name leaves room for others. */
const CLAIM_BATCH = 48;
/** After news the relay waits this long for more, so that a busy service claims many rows at once, not one by one. */
const GATHER_MS = 20;
/** A lease is renewed three times before it lapses, so that one lost renewal does no harm. */
const RENEWALS_PER_LEASE = 3;

export interface RelayOptions {
  /** How often to look when nothing nudges, in milliseconds. */
  pollMs?: number;
  leaseMs?: number;
  /** In-process unless given. */
  queue?: JobQueue;
}

/**
 * Carries what commands left in the outbox to its handlers, at least once each. Any number of relays may share a
 * database. A database that is down or locked is logged and tried again; nothing here ends the process.
 */
export class Relay {
  private readonly claims: Claims;
  private readonly queue: JobQueue;
  private stopping = false;
  private nudged = false;
  /** Whether rows may be due that were passed over, because the queue holds enough of their name. */
  private leftOut = false;
  /** Rows taken up since the start. */
  private claimed = 0;
  private wake: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();
  private passing: Promise<unknown> = Promise.resolve();
  private renewal?: NodeJS.Timeout;

  private readonly pollMs: number;
  private readonly leaseMs: number;

  constructor(
    private readonly workroom: Workroom,
    private readonly log: Logger,
    options: RelayOptions = {},
  ) {
    const openJob = (name: string) => workroom.jobContext(name);
    this.pollMs = options.pollMs ?? workroom.registry.config.relayPollMs;
    this.leaseMs = options.leaseMs ?? LEASE_MS;
    this.claims = new Claims(openJob, {
      leaseMs: this.leaseMs,
      subscriptions: workroom.registry.subscriptions,
      log,
    });
    const runner = new Runner(workroom.registry, this.claims, openJob, log);
    this.queue = options.queue ?? new InProcessQueue((row) => runner.run(row));
  }

  start(): void {
    this.stopping = false;
    this.workroom.afterCommit = () => this.nudge();
    this.renewal ??= setInterval(() => void this.renewLeases(), this.leaseMs / RENEWALS_PER_LEASE);
    this.loop = this.keepLooking();
  }

  /** Something was just committed; look now instead of at the next poll. */
  nudge(): void {
    if (this.nudged) return;
    this.nudged = true;
    this.wake();
  }

  /** Lets running handlers finish and gives back what was not begun. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    const unbegun = this.queue.withdraw();
    await this.loop;
    unbegun.push(...this.queue.withdraw());
    // What can't be given back now is taken up when its lease lapses.
    await this.claims
      .release(unbegun)
      .catch((error: unknown) => this.log.warn({ err: error }, 'Unbegun work keeps its lease.'));
    await this.queue.untilEmpty();
    clearInterval(this.renewal);
    this.renewal = undefined;
  }

  /** For tests: resolves when nothing that is due is left, including what handlers left behind themselves. */
  async idle(): Promise<void> {
    let before: number;
    do {
      before = this.claimed;
      await this.pass();
      await this.queue.untilEmpty();
    } while (!this.stopping && ((await this.claims.isAnythingDue()) || (await this.claimedSince(before))));
  }

  /** What the loop has claimed meanwhile is not due any more, and not done yet. */
  private async claimedSince(before: number): Promise<boolean> {
    await this.passing;
    return this.claimed !== before;
  }

  private async keepLooking(): Promise<void> {
    while (!this.stopping) {
      this.nudged = false;
      try {
        await this.pass();
      } catch (error) {
        this.log.warn({ err: error }, 'The outbox could not be read; it is tried again.');
        this.nudged = false;
      }
      await this.rest();
    }
  }

  /** Claims and queues until nothing is due. Passes follow each other, so that `idle` and the loop never compete. */
  private pass(): Promise<void> {
    const pass = this.passing.then(async () => {
      for (;;) {
        await this.queue.untilRoom();
        if (this.stopping) return;
        const { room, crowded } = this.queue;
        const { rows, isMore } = await this.claims.claim(Math.min(CLAIM_BATCH, room), crowded);
        this.leftOut = crowded.length > 0;
        this.claimed += rows.length;
        this.queue.push(rows);
        if (!isMore) return;
      }
    });
    this.passing = pass.catch(() => undefined);
    return pass;
  }

  /** Sleeps until the next poll or until there is news, and then a little longer. */
  private async rest(): Promise<void> {
    if (!this.nudged) await this.sleep(this.leftOut ? GATHER_MS : this.pollMs);
    if (this.nudged) await this.sleep(GATHER_MS);
  }

  private sleep(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, this.pollMs));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async renewLeases(): Promise<void> {
    try {
      await this.claims.renew(this.queue.held);
    } catch (error) {
      this.log.warn({ err: error }, 'Leases of running work could not be renewed; it is tried again.');
    }
  }
}
