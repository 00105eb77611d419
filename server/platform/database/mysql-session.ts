import { escape } from 'mysql2';
import { DatabaseError, type Sequelize } from 'sequelize';
import type { Params } from '../context';
import { bind } from './placeholders';
import { type RawRow, Session, type Statement } from './session';

/** A packet must stay far below MySQL's `max_allowed_packet`, of which 16 MiB is the least in use. */
const PACKET_CHARACTERS = 1024 * 1024;

interface Changed {
  affectedRows: number;
}

/** What we use of mysql2's connection, as Sequelize's pool hands it out. */
interface MySqlConnection {
  query(sql: string, done: (error: Error | null, result: unknown) => void): void;
}

type Outcome = RawRow[] | Changed;

/** A transaction on one connection of Sequelize's pool, spoken to without Sequelize's cost for each statement. */
export class MySqlSession extends Session {
  private begun = false;

  private constructor(private readonly connection: MySqlConnection) {
    super();
  }

  /** Runs `work` in a transaction; `START TRANSACTION` travels with its first statement and `COMMIT` with its last. */
  static async transaction<T>(sequelize: Sequelize, work: (session: MySqlSession) => Promise<T>): Promise<T> {
    return withConnection(sequelize, async (connection) => {
      const session = new MySqlSession(connection);
      try {
        const result = await work(session);
        await session.commit();
        return result;
      } catch (error) {
        await session.rollBack(sequelize);
        throw error;
      }
    });
  }

  escape(value: string | number | Buffer): string {
    return escape(value);
  }

  protected async carryOut(batch: readonly Statement[]): Promise<(RawRow[] | number)[]> {
    const texts = batch.map(({ sql, params }) => (params ? bind(sql, params, escapeParam) : sql));
    // Before the answer: a failing packet may have begun the transaction.
    const begin = !this.begun;
    this.begun = true;
    const outcomes: Outcome[] = [];
    for (const packet of packets(begin ? ['START TRANSACTION', ...texts] : texts)) {
      outcomes.push(...(await send(this.connection, packet)));
    }
    if (begin) outcomes.shift();
    return batch.map(({ reads }, n) => (reads ? (outcomes[n] as RawRow[]) : (outcomes[n] as Changed).affectedRows));
  }

  private async commit(): Promise<void> {
    if (this.begun || this.holdsStatements) await this.change('COMMIT');
    await this.end();
  }

  /** A connection that cannot even roll back is not used again. */
  private async rollBack(sequelize: Sequelize): Promise<void> {
    await this.end();
    if (!this.begun) return;
    await send(this.connection, ['ROLLBACK']).catch(() =>
      sequelize.connectionManager.destroyConnection(this.connection),
    );
  }
}

/** Rows of one statement outside any transaction. */
export async function selectFromMySql(sequelize: Sequelize, sql: string, params: Params): Promise<RawRow[]> {
  const packet = [bind(sql, params, escapeParam)];
  const [rows] = await withConnection(sequelize, (connection) => send(connection, packet));
  return rows as RawRow[];
}

async function withConnection<T>(sequelize: Sequelize, work: (connection: MySqlConnection) => Promise<T>): Promise<T> {
  const { connectionManager } = sequelize;
  const connection = await connectionManager.getConnection({ type: 'write', useMaster: true });
  try {
    return await work(connection as MySqlConnection);
  } finally {
    connectionManager.releaseConnection(connection);
  }
}

function packets(texts: readonly string[]): string[][] {
  const packed: string[][] = [[]];
  let characters = 0;
  for (const text of texts) {
    characters += text.length;
    if (characters > PACKET_CHARACTERS && packed.at(-1)?.length) {
      packed.push([]);
      characters = text.length;
    }
    packed.at(-1)?.push(text);
  }
  return packed;
}

/** One packet, one round trip; the outcomes stand in the statements' order. */
function send(connection: MySqlConnection, statements: readonly string[]): Promise<Outcome[]> {
  return new Promise((done, fail) => {
    connection.query(statements.join(';\n'), (error, result) => {
      if (error) fail(new DatabaseError(Object.assign(error, { sql: '' })));
      else done(statements.length === 1 ? [result as Outcome] : (result as Outcome[]));
    });
  });
}

function escapeParam(value: unknown): string {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    throw new TypeError('A statement takes texts, numbers and lists of them.');
  }
  return escape(value as string);
}
