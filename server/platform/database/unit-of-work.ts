import { auditRow } from '../audit/append';
import { auditRows } from '../audit/audit.models';
import type { AuditEntry, CommandContext, DomainEvent, EffectKind, Params } from '../context';
import { newId } from '../ids';
import { eventRows, jobRow } from '../outbox/append';
import { outbox } from '../outbox/outbox.models';
import type { Registry } from '../registry';
import type { Database } from './database';
import { type Caller, Reader } from './reader';
import { decodeRow, encodeValue, insertSql, toSnake } from './rows';
import type { Session } from './session';
import type { Table } from './table';

/** A statement of MySQL must fit its packet; rows beyond this go into the next one. */
const ROWS_PER_INSERT = 500;

/** One command in its transaction; see `CommandContext` for what it promises. */
export class UnitOfWork extends Reader implements CommandContext {
  private readonly pending = new Map<Table<unknown>, unknown[]>();
  readonly effects: Record<EffectKind, Record<string, unknown>[]> = {
    movements: [],
    postings: [],
    messages: [],
    events: [],
  };
  /** Whether it left something in the outbox, so that the relay is worth waking. */
  leftWork = false;
  /** The order this command was about, when it said so in an event or an audit row. */
  orderId?: string;

  constructor(
    database: Database,
    caller: Caller,
    private readonly session: Session,
    private readonly subscriptions: Registry['subscriptions'],
    readonly dryRun = false,
  ) {
    super(database, caller);
  }

  newId(): string {
    return newId();
  }

  insert<Row>(table: Table<Row>, rows: Row | readonly Row[]): void {
    const list = (Array.isArray(rows) ? rows : [rows]) as unknown[];
    if (list.length === 0) return;
    this.leftWork ||= (table as Table<unknown>) === outbox;
    const waiting = this.pending.get(table as Table<unknown>);
    if (waiting) waiting.push(...list);
    else this.pending.set(table as Table<unknown>, [...list]);
  }

  async lock<Row>(table: Table<Row>, where: string, params: Params = {}): Promise<Row[]> {
    const suffix = this.dialect === 'mysql' ? ' FOR UPDATE' : '';
    const rows = await this.raw(`SELECT * FROM ${table.name} WHERE ${where}${suffix}`, params);
    return rows.map((row) => decodeRow(row, table));
  }

  async execute(sql: string, params: Params = {}): Promise<number> {
    this.handOver();
    return this.session.change(sql, params);
  }

  executeLater(sql: string, params: Params = {}): void {
    this.handOver();
    this.session.leave(sql, params);
  }

  update<Row>(table: Table<Row>, set: Partial<Row>, where: string, params: Params = {}): Promise<number> {
    const keys = Object.keys(set).filter((key) => (set as Params)[key] !== undefined);
    const values = Object.fromEntries(keys.map((key) => [`set_${key}`, encodeValue(table, key, (set as Params)[key])]));
    const assignments = keys.map((key) => `${toSnake(key)} = :set_${key}`).join(', ');
    return this.execute(`UPDATE ${table.name} SET ${assignments} WHERE ${where}`, { ...params, ...values });
  }

  emit(event: DomainEvent): void {
    this.orderId ??= event.orderId;
    this.effect('events', { topic: event.topic, orderId: event.orderId });
    this.insert(outbox, eventRows(event, this.newId(), this.now, this.subscriptions));
  }

  enqueue(job: string, payload: Record<string, unknown>, options: { after?: string; storeId?: string } = {}): void {
    this.insert(outbox, jobRow(job, payload, { ...options, now: this.now }));
  }

  audit(entry: AuditEntry): void {
    this.orderId ??= entry.orderId;
    this.insert(auditRows, auditRow(this, entry));
  }

  effect(kind: EffectKind, value: Record<string, unknown>): void {
    this.effects[kind].push(value);
  }

  /** Sends what is gathered, one statement a table, in the order the tables were first written to. */
  async flush(): Promise<void> {
    await Promise.all(this.takeInserts().map((sql) => this.session.change(sql)));
  }

  /** As `flush`, but without waiting: what is gathered goes out together with the statement that follows. */
  handOver(): void {
    for (const sql of this.takeInserts()) this.session.leave(sql);
  }

  protected override raw(sql: string, params: Params): Promise<Record<string, unknown>[]> {
    this.handOver();
    return this.session.select(sql, params);
  }

  private takeInserts(): string[] {
    const statements: string[] = [];
    for (const [table, rows] of this.pending) {
      for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
        statements.push(insertSql(table, rows.slice(from, from + ROWS_PER_INSERT), (value) => this.escape(value)));
      }
    }
    this.pending.clear();
    return statements;
  }

  private escape(value: unknown): string {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be stored`);
    return value === null ? 'NULL' : this.session.escape(value as string | number | Buffer);
  }
}
