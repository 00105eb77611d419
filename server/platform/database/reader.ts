import type { Actor, ExecutionLink, Params, ReadContext } from '../context';
import type { Database } from './database';
import { decodeRow } from './rows';
import type { Table } from './table';

/** Who asks, when, and from which run. */
export interface Caller {
  actor: Actor;
  now: string;
  requestId: string;
  execution: ExecutionLink;
}

/** Reads outside a transaction; the unit of work extends it with writing. */
export class Reader implements ReadContext {
  readonly actor: Actor;
  readonly now: string;
  readonly requestId: string;
  readonly execution: ExecutionLink;
  readonly dialect: 'sqlite' | 'mysql';

  constructor(
    protected readonly database: Database,
    caller: Caller,
  ) {
    this.actor = caller.actor;
    this.now = caller.now;
    this.requestId = caller.requestId;
    this.execution = caller.execution;
    this.dialect = database.dialect;
  }

  async select<Row>(sql: string, params: Params = {}): Promise<Row[]> {
    return (await this.raw(sql, params)).map((row) => decodeRow<Row>(row));
  }

  async find<Row>(table: Table<Row>, where: string, params: Params = {}): Promise<Row[]> {
    const rows = await this.raw(`SELECT * FROM ${table.name} WHERE ${where}`, params);
    return rows.map((row) => decodeRow(row, table));
  }

  async get<Row>(table: Table<Row>, where: string, params: Params = {}): Promise<Row | undefined> {
    return (await this.find(table, `${where} LIMIT 1`, params))[0];
  }

  protected raw(sql: string, params: Params): Promise<Record<string, unknown>[]> {
    return this.database.select(sql, params);
  }
}
