import type { Logger } from '../logger';
import type { Sweep } from '../registry';
import type { Workroom } from '../workroom';
import { pruneSweep } from './pruning';

/**
 * Runs the registered sweeps, each on its own interval and never twice at once in this process. Other processes run
 * theirs, so a sweep guards its changes like any command.
 */
export class Sweeper {
  private readonly timers = new Map<Sweep, NodeJS.Timeout>();
  private readonly running = new Map<Sweep, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly workroom: Workroom,
    private readonly log: Logger,
  ) {}

  /** The slices' sweeps and the outbox's own. */
  private get sweeps(): readonly Sweep[] {
    return [...this.workroom.registry.sweeps, pruneSweep];
  }

  start(): void {
    this.stopping = false;
    for (const sweep of this.sweeps) this.schedule(sweep);
  }

  /** Waits for the sweeps that are running. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    await Promise.all(this.running.values());
  }

  /** Runs every sweep once, or the one of that name, without waiting for its interval. */
  async runNow(name?: string): Promise<void> {
    for (const sweep of this.sweeps) {
      if (name === undefined || sweep.name === name) await this.run(sweep);
    }
  }

  private schedule(sweep: Sweep): void {
    if (this.stopping) return;
    const timer = setTimeout(() => void this.run(sweep).then(() => this.schedule(sweep)), sweep.everyMs);
    this.timers.set(sweep, timer);
  }

  /** Callers that come while it runs wait for that run, then have their own. */
  private run(sweep: Sweep): Promise<void> {
    const before = this.running.get(sweep) ?? Promise.resolve();
    const run = before.then(() => this.attempt(sweep));
    this.running.set(sweep, run);
    return run;
  }

  private async attempt(sweep: Sweep): Promise<void> {
    try {
      await sweep.run(this.workroom.jobContext(sweep.name));
    } catch (error) {
      this.log.error({ sweep: sweep.name, err: error }, 'A sweep failed; it runs again at its next turn.');
    }
  }
}
