import type { Params } from '../context';

export type RawRow = Record<string, unknown>;

/** A statement that was handed over and not sent yet. */
export interface Statement {
  sql: string;
  /** Values of `:name` placeholders; without them a colon stays a colon. */
  params: Params | undefined;
  /** Whether rows are wanted; otherwise the number of rows that were touched. */
  reads: boolean;
}

interface Waiting extends Statement {
  settle: (result: RawRow[] | number) => void;
  fail: (error: unknown) => void;
}

const ignore = (): void => undefined;

/**
 * One transaction's statements. What is handed over within one turn of the event loop is sent together, in order, so
 * that reads which don't need each other's answer, and writes whose answer nobody awaits, cost one round trip. When a
 * statement fails, those sent after it in the same batch were not carried out and fail with it.
 */
export abstract class Session {
  private waiting: Waiting[] = [];
  private sending?: Promise<void>;
  private scheduled = false;
  private over = false;

  abstract escape(value: string | number | Buffer): string;

  /** Carries out in order; the answers stand in the same order. Throws the error of the first that failed. */
  protected abstract carryOut(batch: readonly Statement[]): Promise<(RawRow[] | number)[]>;

  select(sql: string, params: Params): Promise<RawRow[]> {
    return this.ask({ sql, params, reads: true }) as Promise<RawRow[]>;
  }

  /** Answers how many rows were touched. */
  change(sql: string, params?: Params): Promise<number> {
    return this.ask({ sql, params, reads: false }) as Promise<number>;
  }

  /** Hands over a statement whose answer nobody needs; it travels with the next one, whose failure tells of its own. */
  leave(sql: string, params?: Params): void {
    this.assertOpen();
    this.waiting.push({ sql, params, reads: false, settle: ignore, fail: ignore });
  }

  /** Whether something was handed over that has not been sent. */
  protected get holdsStatements(): boolean {
    return this.waiting.length > 0;
  }

  /** Carries out what was left with nothing after it to travel with, and reads that nobody waited for. */
  protected async carryOutLeft(): Promise<void> {
    await this.sending;
    const left = this.waiting.splice(0);
    if (left.length === 0) return;
    try {
      const results = await this.carryOut(left);
      left.forEach(({ settle }, n) => settle(results[n] ?? 0));
    } catch (error) {
      this.failWaiting(left, error);
      throw error;
    }
  }

  /** Nothing more is sent; what waits fails. Resolves when the connection is quiet. */
  protected async end(): Promise<void> {
    this.over = true;
    this.failWaiting(this.waiting.splice(0), new Error('The transaction is over.'));
    await this.sending;
  }

  private ask(statement: Statement): Promise<RawRow[] | number> {
    return new Promise((settle, fail) => {
      this.assertOpen();
      this.waiting.push({ ...statement, settle, fail });
      this.schedule();
    });
  }

  private assertOpen(): void {
    if (this.over) throw new Error('The transaction is over.');
  }

  private schedule(): void {
    if (this.scheduled || this.sending) return;
    this.scheduled = true;
    // After every promise that can go on by now has gone on, and has handed over what it has.
    process.nextTick(() => {
      this.scheduled = false;
      if (this.waiting.length > 0) this.sending = this.send(this.waiting.splice(0));
    });
  }

  private async send(batch: Waiting[]): Promise<void> {
    try {
      const results = await this.carryOut(batch);
      this.sending = undefined;
      batch.forEach(({ settle }, n) => settle(results[n] ?? 0));
    } catch (error) {
      this.sending = undefined;
      this.failWaiting(batch, error);
    }
    if (this.waiting.some(({ settle }) => settle !== ignore)) this.schedule();
  }

  private failWaiting(batch: readonly Waiting[], error: unknown): void {
    for (const { fail } of batch) fail(error);
  }
}
