import { QueryTypes, type Sequelize, Transaction } from 'sequelize';
import type { Params } from '../context';
import { type RawRow, Session, type Statement } from './session';

/** A transaction in SQLite's file; a batch is carried out statement by statement, since there is no way to travel. */
export class SqliteSession extends Session {
  private constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  static transaction<T>(sequelize: Sequelize, work: (session: SqliteSession) => Promise<T>): Promise<T> {
    return sequelize.transaction({ type: Transaction.TYPES.IMMEDIATE }, async (transaction) => {
      const session = new SqliteSession(sequelize, transaction);
      try {
        const result = await work(session);
        await session.carryOutLeft();
        return result;
      } finally {
        await session.end();
      }
    });
  }

  escape(value: string | number | Buffer): string {
    // Its type leaves out that it writes bytes as X'…'.
    return this.sequelize.escape(value as string);
  }

  protected async carryOut(batch: readonly Statement[]): Promise<(RawRow[] | number)[]> {
    const results: (RawRow[] | number)[] = [];
    for (const { sql, params, reads } of batch) {
      const options = { replacements: params, transaction: this.transaction };
      results.push(
        reads
          ? await this.sequelize.query<RawRow>(sql, { ...options, type: QueryTypes.SELECT, raw: true })
          : await this.sequelize.query(sql, { ...options, type: QueryTypes.BULKUPDATE }),
      );
    }
    return results;
  }
}

/** Rows of one statement outside any transaction. */
export function selectFromSqlite(sequelize: Sequelize, sql: string, params: Params): Promise<RawRow[]> {
  return sequelize.query<RawRow>(sql, { type: QueryTypes.SELECT, raw: true, replacements: params, transaction: null });
}
