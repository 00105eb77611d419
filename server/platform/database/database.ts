import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mutex } from 'async-mutex';
import { Sequelize } from 'sequelize';
import type { Config } from '../config';
import type { Params } from '../context';
import { UnavailableError } from '../errors';
import { MySqlSession, selectFromMySql } from './mysql-session';
import type { RawRow, Session } from './session';
import { closeSqliteFile, sqliteDriver } from './sqlite-driver';
import { selectFromSqlite, SqliteSession } from './sqlite-session';

const RETRIES = 20;
const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 250;
/** MySQL: deadlock, lock wait time-out, record changed since last read. */
const RETRYABLE_MYSQL_ERRORS = new Set([1213, 1205, 1020]);

/** MySQL's number for a unique key that is taken. */
const DUPLICATE_ENTRY = 1062;

/** The ledger's database and the only way into a transaction. */
export class Database {
  /** SQLite has one writer; a queue in the process is cheaper and fairer than colliding in the file. */
  private readonly writer = new Mutex();

  private constructor(
    readonly sequelize: Sequelize,
    readonly dialect: 'sqlite' | 'mysql',
    private readonly afterClose: () => void,
  ) {}

  /** Opens `sqlite:<file>`, `sqlite::memory:` (a throw-away file, since readers and writers need connections of their own) or `mysql://…`. */
  static open(config: Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'idempotencyWaitMs'>): Database {
    return config.databaseUrl.startsWith('sqlite:') ? openSqlite(config.databaseUrl) : openMySql(config);
  }

  /** For the two openers below only. */
  static of(sequelize: Sequelize, dialect: 'sqlite' | 'mysql', afterClose: () => void): Database {
    return new Database(sequelize, dialect, afterClose);
  }

  /**
   * Runs `work` in one transaction. A deadlock or a lock held elsewhere rolls it back and runs it again from the
   * start, so `work` must do nothing outside the transaction. Throws 503 DATABASE_BUSY when it never gets its turn.
   */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isContention(error)) throw asUnavailable(error);
        if (attempt === RETRIES) {
          throw new UnavailableError(
            'DATABASE_BUSY',
            'The ledger is busy. Nothing was changed; send the request again.',
            {
              cause: error,
              facts: { retryAfterSeconds: 1 },
            },
          );
        }
        await sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.5 + Math.random()));
      }
    }
  }

  /** Rows of one statement outside any transaction. */
  select(sql: string, params: Params): Promise<RawRow[]> {
    const { sequelize, dialect } = this;
    return dialect === 'mysql' ? selectFromMySql(sequelize, sql, params) : selectFromSqlite(sequelize, sql, params);
  }

  async close(): Promise<void> {
    await this.sequelize.close();
    this.afterClose();
  }

  private attempt<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.dialect === 'mysql') return MySqlSession.transaction(this.sequelize, work);
    return this.writer.runExclusive(() => SqliteSession.transaction(this.sequelize, work));
  }
}

function openSqlite(url: string): Database {
  const path = url.slice('sqlite:'.length).replace(/^\/\//, '');
  const scratch = path === ':memory:' ? mkdtempSync(join(tmpdir(), 'orderloom-')) : undefined;
  const storage = scratch ? join(scratch, 'ledger.sqlite') : resolve(path);
  mkdirSync(dirname(storage), { recursive: true });
  const sequelize = new Sequelize({ dialect: 'sqlite', storage, dialectModule: sqliteDriver, logging: false });
  return Database.of(sequelize, 'sqlite', () => {
    closeSqliteFile(storage);
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });
}

interface RawMySqlConnection {
  query(sql: string, done: (error: Error | null) => void): void;
}

function openMySql(config: Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'idempotencyWaitMs'>): Database {
  const waitSeconds = Math.max(1, Math.ceil(config.idempotencyWaitMs / 1000));
  const sequelize = new Sequelize(config.databaseUrl, {
    dialect: 'mysql',
    logging: false,
    pool: { max: config.databasePoolSize, min: 0, acquire: 15_000, idle: 30_000 },
    dialectOptions: {
      decimalNumbers: true,
      charset: 'utf8mb4',
      // Statements that need not wait for each other travel together; every value in them is escaped by `bind`.
      multipleStatements: true,
      // Our columns are texts and whole numbers, which need none of Sequelize's casts.
      typeCast: true,
    },
    hooks: {
      // Once per connection, so that a transaction costs no statement for it.
      afterConnect: async (connection: unknown) => {
        const raw = connection as RawMySqlConnection;
        await settle(raw, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
        await settle(raw, `SET SESSION innodb_lock_wait_timeout = ${waitSeconds}`);
      },
    },
  });
  return Database.of(sequelize, 'mysql', () => undefined);
}

function settle(connection: RawMySqlConnection, sql: string): Promise<void> {
  return new Promise((done, fail) => connection.query(sql, (error) => (error ? fail(error) : done())));
}

interface DriverError {
  name?: string;
  errno?: number;
  code?: string;
  original?: { errno?: number; code?: string };
  parent?: { errno?: number; code?: string };
}

/** Thrown by a command that met what somebody else wrote after it had looked; begun anew, it sees it. */
export class LookAgain extends Error {}

/** Somebody else held what we needed; the same work may succeed a moment later. */
export function isContention(error: unknown): boolean {
  if (error instanceof LookAgain) return true;
  const { original } = error as DriverError;
  if (!original) return false;
  return RETRYABLE_MYSQL_ERRORS.has(original.errno ?? 0) || /^SQLITE_(BUSY|LOCKED)/.test(original.code ?? '');
}

/** A row with this key is there already. */
export function isDuplicateKey(error: unknown): boolean {
  const { name, original } = error as DriverError;
  return name === 'SequelizeUniqueConstraintError' || original?.errno === DUPLICATE_ENTRY;
}

function asUnavailable(error: unknown): unknown {
  const name = (error as DriverError).name ?? '';
  if (!/^Sequelize(Connection|HostNotFound|HostNotReachable|AccessDenied)/.test(name)) return error;
  return new UnavailableError(
    'DATABASE_DOWN',
    'The ledger cannot be reached. Nothing was changed; try again shortly.',
    {
      cause: error,
      facts: { retryAfterSeconds: 5 },
    },
  );
}
