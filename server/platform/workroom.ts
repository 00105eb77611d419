import type { CommandContext, JobContext, Role } from './context';
import type { Clock } from './clock';
import type { Database } from './database/database';
import { type Caller, Reader } from './database/reader';
import { UnitOfWork } from './database/unit-of-work';
import { Refusal } from './errors';
import { newId } from './ids';
import type { Logger } from './logger';
import type { Registry } from './registry';

/** Thrown inside a transaction to undo it while keeping what it found out. */
class RolledBack<T> extends Error {
  constructor(readonly result: T) {
    super('The transaction was rolled back on purpose.');
  }
}

/** Where work is done: hands out readers and transactions, and tells the relay when something was left in the outbox. */
export class Workroom {
  /** Set by the relay; called after each commit that left something in the outbox. */
  afterCommit: () => void = () => undefined;

  constructor(
    readonly database: Database,
    readonly registry: Registry,
    readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  reader(caller: Caller): Reader {
    return new Reader(this.database, caller);
  }

  /** Runs one command. With `dryRun` everything is checked and done, then undone. Returns the result and the effects. */
  async command<T>(
    caller: Caller,
    run: (ctx: UnitOfWork) => Promise<T>,
    options: { dryRun?: boolean } = {},
  ): Promise<{ result: T; effects: UnitOfWork['effects'] }> {
    const dryRun = options.dryRun ?? false;
    try {
      const outcome = await this.database.transaction(async (session) => {
        const ctx = new UnitOfWork(this.database, caller, session, this.registry.subscriptions, dryRun);
        const result = await run(ctx);
        if (dryRun) {
          await ctx.flush();
          throw new RolledBack({ result, effects: ctx.effects });
        }
        // Travels with the commit.
        ctx.handOver();
        return { result, effects: ctx.effects, leftWork: ctx.leftWork };
      });
      if (outcome.leftWork) this.afterCommit();
      return outcome;
    } catch (error) {
      if (error instanceof RolledBack) return error.result as { result: T; effects: UnitOfWork['effects'] };
      // The one place that every refused command comes by. Begun before the caller hears of the refusal, so it is not lost.
      if (!dryRun && error instanceof Refusal && error.aftermath) await this.writeDown(caller, error, error.aftermath);
      throw error;
    }
  }

  /** The refusal stands, and is what the caller hears, whatever becomes of writing it down. */
  private async writeDown(
    caller: Caller,
    { code }: Refusal,
    aftermath: (ctx: CommandContext) => Promise<void>,
  ): Promise<void> {
    try {
      await this.command(caller, aftermath);
    } catch (error) {
      this.logger.error({ err: error, code, requestId: caller.requestId }, 'command.aftermath_failed');
    }
  }

  /** The caller that jobs, sweeps and the boot itself act as. */
  systemCaller(name: string): Caller {
    const role: Role = 'system';
    return {
      actor: { kind: 'system', id: name, name, role, storeIds: 'all' },
      now: this.clock.now(),
      requestId: newId(),
      execution: {},
    };
  }

  jobContext(name: string): JobContext {
    return {
      read: this.reader(this.systemCaller(name)),
      transaction: async <T>(run: (ctx: CommandContext) => Promise<T>) =>
        (await this.command(this.systemCaller(name), run)).result,
    };
  }
}
