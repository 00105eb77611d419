import { readFileSync, writeFileSync } from 'node:fs';
import { type Connection, escape, type RowDataPacket } from 'mysql2/promise';
import type { HttpClient } from '../http-client';
import { lifecycleOf } from '../lifecycle';

/** Tables into which a minimal implementation would write too, in the order of their foreign keys. */
const TABLES = ['orders', 'order_lines', 'reservations', 'stock_movements', 'payments', 'entries', 'postings'].concat([
  'audit_rows',
  'outbox',
  'idempotency_keys',
]);
/** Columns that are filled in later, by the database or by a sweep. */
const FILLED_LATER: Readonly<Record<string, readonly string[]>> = {
  audit_rows: ['id', 'seal_number', 'seal'],
  outbox: ['id'],
  reservations: ['open_units'],
};

export interface SampleStep {
  /** One INSERT for each table, with the sample order's own words in it. */
  inserts: string[];
  answer: unknown;
}

/** What the service wrote for one order, step by step: the floor writes the same rows with other words. */
export interface Sample {
  steps: Record<string, SampleStep>;
  /** Words of the sample that are each order's own: ids, its number, its wallet id. */
  ownWords: string[];
  sku: string;
  productId: string;
  orderId: string;
  lineId: string;
  reservationId: string;
}

type Row = Record<string, unknown> & { id: string | number };

const ID = /^[0-9A-HJKMNP-TV-Z]{26}$|^[0-9a-f]{64}$/;
const OWN_COLUMNS = new Set(['number', 'transaction_id']);

/** Takes one order through the service and writes down which rows each step left. */
export async function takeSample(client: HttpClient, database: Connection, sku: string): Promise<Sample> {
  const seen = new Set<string>();
  await newRows(database, seen);
  const sample: Sample = { steps: {}, ownWords: [], sku, productId: '', orderId: '', lineId: '', reservationId: '' };
  const shared = new Set<unknown>();
  const own = new Set<string>();
  for (const table of ['products', 'stock_levels', 'locations', 'stores', 'api_keys']) {
    const [rows] = await database.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
    for (const row of rows) Object.values(row).forEach((value) => shared.add(value));
  }
  for await (const { name, answer } of lifecycleOf(client, sku)) {
    const tables = await newRows(database, seen);
    for (const rows of tables.values()) for (const row of rows) collectOwn(row, shared, own);
    noteIds(sample, tables);
    const inserts = [...tables].map(([table, rows]) => insertOf(table, rows));
    sample.steps[name] = { inserts, answer };
  }
  return { ...sample, ownWords: [...own] };
}

async function newRows(database: Connection, seen: Set<string>): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for (const table of TABLES) {
    const [rows] = await database.query<RowDataPacket[]>(`SELECT * FROM ${table} ORDER BY id`);
    const fresh = (rows as unknown as Row[]).filter((row) => !seen.has(`${table} ${row.id}`));
    fresh.forEach((row) => seen.add(`${table} ${row.id}`));
    if (fresh.length > 0) found.set(table, fresh);
  }
  return found;
}

function collectOwn(row: Row, shared: ReadonlySet<unknown>, own: Set<string>): void {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value !== 'string' || shared.has(value)) continue;
    if (ID.test(value) || OWN_COLUMNS.has(column)) own.add(value);
  }
}

function noteIds(sample: Sample, tables: ReadonlyMap<string, readonly Row[]>): void {
  const first = (table: string): Row | undefined => tables.get(table)?.[0];
  sample.orderId ||= String(first('orders')?.id ?? '');
  sample.lineId ||= String(first('order_lines')?.id ?? '');
  sample.productId ||= String(first('order_lines')?.product_id ?? '');
  sample.reservationId ||= String(first('reservations')?.id ?? '');
}

function insertOf(table: string, rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !FILLED_LATER[table]?.includes(column));
  const values = rows.map((row) => `(${columns.map((column) => escape(row[column] as string)).join(',')})`);
  return `INSERT INTO ${table} (${columns.join(',')}) VALUES ${values.join(',')}`;
}

export function keepSample(file: string, sample: Sample): void {
  writeFileSync(file, JSON.stringify(sample));
}

export function readSample(file: string): Sample {
  return JSON.parse(readFileSync(file, 'utf8')) as Sample;
}
