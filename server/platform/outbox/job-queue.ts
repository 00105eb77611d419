import type { OutboxRow } from './outbox.models';

/**
 * Where claimed rows are worked on. The database stays the memory: a queue may carry ids alone (Bull, with the row's id
 * as the job's id) and may lose them, because a row whose lease lapses is claimed again.
 */
export interface JobQueue {
  /** How many more rows it would take now. */
  readonly room: number;
  /** Names of which it holds so many rows that it wants others first. */
  readonly crowded: readonly string[];
  /** Rows taken and not yet finished; their leases must be renewed. */
  readonly held: readonly OutboxRow[];
  push(rows: readonly OutboxRow[]): void;
  /** Hands back the rows it has not begun. */
  withdraw(): OutboxRow[];
  untilRoom(): Promise<void>;
  untilEmpty(): Promise<void>;
}

export interface QueueLimits {
  /** Rows held at once, running or waiting. */
  held: number;
  /** Rows of one name held before others are wanted first. */
  heldPerName: number;
  running: number;
  /** Rows of one name running at once, so that one slow destination never takes every place. */
  runningPerName: number;
}

const LIMITS: QueueLimits = { held: 128, heldPerName: 64, running: 8, runningPerName: 6 };

/** Runs the row's handler and answers how to write its outcome down. Neither ever throws. */
export type RunRow = (row: OutboxRow) => Promise<() => Promise<void>>;

/** Runs rows inside this process. A place is free as soon as a handler is done, so outcomes are written many at a time. */
export class InProcessQueue implements JobQueue {
  private waiting: OutboxRow[] = [];
  private readonly running = new Set<OutboxRow>();
  private readonly settling = new Set<OutboxRow>();
  private listeners: (() => void)[] = [];

  constructor(
    private readonly run: RunRow,
    private readonly limits: QueueLimits = LIMITS,
  ) {}

  get held(): readonly OutboxRow[] {
    return [...this.settling, ...this.running, ...this.waiting];
  }

  get room(): number {
    return Math.max(0, this.limits.held - this.held.length);
  }

  get crowded(): readonly string[] {
    return [...countByName(this.held)].filter(([, count]) => count >= this.limits.heldPerName).map(([name]) => name);
  }

  push(rows: readonly OutboxRow[]): void {
    this.waiting.push(...rows);
    this.fill();
  }

  withdraw(): OutboxRow[] {
    const rows = this.waiting.splice(0);
    this.tellOfChange();
    return rows;
  }

  async untilRoom(): Promise<void> {
    while (this.room === 0) await this.change();
  }

  async untilEmpty(): Promise<void> {
    while (this.held.length > 0) await this.change();
  }

  private fill(): void {
    while (this.running.size < this.limits.running) {
      const counts = countByName(this.running);
      const next = this.waiting.findIndex(({ name }) => (counts.get(name) ?? 0) < this.limits.runningPerName);
      if (next < 0) return;
      void this.work(this.waiting.splice(next, 1)[0]);
    }
  }

  private async work(row: OutboxRow): Promise<void> {
    this.running.add(row);
    const settle = await this.run(row);
    this.running.delete(row);
    this.settling.add(row);
    this.fill();
    await settle();
    this.settling.delete(row);
    this.tellOfChange();
  }

  private tellOfChange(): void {
    for (const listen of this.listeners.splice(0)) listen();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }
}

function countByName(rows: Iterable<OutboxRow>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of rows) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
