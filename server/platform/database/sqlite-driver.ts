import BetterSqlite, { type Database as Handle } from 'better-sqlite3';

type Callback = (this: { lastID?: number; changes?: number }, error: Error | null, rows?: unknown) => void;

/**
 * Sequelize speaks to SQLite through sqlite3's callback interface; better-sqlite3 carries its binary in the
 * package, so nothing needs compiling. This is the thin layer between the two.
 *
 * better-sqlite3 is synchronous: waiting for a lock would stop the whole process, the lock's holder included.
 * So the busy time-out is 0 and the transaction runner waits and retries.
 */
class SqliteConnection {
  private readonly handle: Handle;
  readonly filename: string;

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename;
    this.handle = idleHandles.get(filename)?.pop() ?? openHandle(filename);
    setImmediate(opened, null);
  }

  run(sql: string, parameters: unknown, callback?: Callback): this {
    return this.perform(sql, parameters, callback);
  }

  all(sql: string, parameters: unknown, callback?: Callback): this {
    return this.perform(sql, parameters, callback);
  }

  exec(sql: string, callback?: Callback): this {
    return this.perform(sql, [], callback);
  }

  serialize(work: () => void): void {
    work();
  }

  /** A transaction's connection goes back for the next one; opening a file for each would cost more than the work. */
  close(callback?: (error: Error | null) => void): void {
    const idle = idleHandles.get(this.filename) ?? [];
    if (this.handle.inTransaction) this.handle.exec('ROLLBACK');
    idleHandles.set(this.filename, [...idle, this.handle]);
    callback?.(null);
  }

  private perform(sql: string, parameters: unknown, callback?: Callback): this {
    const done = (typeof parameters === 'function' ? parameters : callback) as Callback | undefined;
    const values = typeof parameters === 'function' || parameters === undefined ? [] : parameters;
    // A BEGIN that met a locked file began nothing; Sequelize rolls it back all the same.
    if (sql.startsWith('ROLLBACK') && !this.handle.inTransaction) {
      done?.call({}, null, []);
      return this;
    }
    try {
      const statement = this.handle.prepare(sql);
      if (statement.reader) {
        done?.call({}, null, statement.all(...asArguments(values)));
      } else {
        const result = statement.run(...asArguments(values));
        done?.call({ lastID: Number(result.lastInsertRowid), changes: result.changes }, null, []);
      }
    } catch (error) {
      if (!done) throw error;
      done.call({}, error as Error);
    }
    return this;
  }
}

const idleHandles = new Map<string, Handle[]>();

function openHandle(filename: string): Handle {
  const handle = new BetterSqlite(filename, { timeout: 0 });
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.pragma('foreign_keys = ON');
  return handle;
}

/** Sequelize names its parameters `$1`, `$2`…; better-sqlite3 wants the names without the sign. */
function asArguments(values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  const named = Object.entries(values as Record<string, unknown>);
  return named.length === 0 ? [] : [Object.fromEntries(named.map(([name, value]) => [name.replace(/^\$/, ''), value]))];
}

/** Closes the file for good; the pool of handles is the process's, so a closed ledger must leave it. */
export function closeSqliteFile(filename: string): void {
  for (const handle of idleHandles.get(filename) ?? []) handle.close();
  idleHandles.delete(filename);
}

/** What Sequelize takes as `dialectModule`. */
export const sqliteDriver = {
  Database: SqliteConnection,
  OPEN_READONLY: 1,
  OPEN_READWRITE: 2,
  OPEN_CREATE: 4,
};
