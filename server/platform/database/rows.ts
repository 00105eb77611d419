import type { Table } from './table';

const camelNames = new Map<string, string>();
const snakeNames = new Map<string, string>();

/** `on_hand` → `onHand`; each name is worked out once. */
export function toCamel(column: string): string {
  let name = camelNames.get(column);
  if (name === undefined) {
    name = column.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
    camelNames.set(column, name);
  }
  return name;
}

export function toSnake(key: string): string {
  let name = snakeNames.get(key);
  if (name === undefined) {
    name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(key, name);
  }
  return name;
}

/** A row as the database answers it, with camelCase keys and, given its table, JSON and flags decoded. */
export function decodeRow<Row>(raw: Record<string, unknown>, table?: Table<Row>): Row {
  const row: Record<string, unknown> = {};
  for (const column of Object.keys(raw)) {
    const key = toCamel(column);
    row[key] = table ? decodeValue(table, key, raw[column]) : raw[column];
  }
  return row as Row;
}

export function encodeValue<Row>(table: Table<Row>, key: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (table.json.has(key)) return JSON.stringify(value);
  if (table.flags.has(key)) return value ? 1 : 0;
  return value;
}

function decodeValue<Row>(table: Table<Row>, key: string, value: unknown): unknown {
  if (value === null) return null;
  if (table.json.has(key)) return JSON.parse(value as string);
  if (table.flags.has(key)) return Number(value) === 1;
  return value;
}

/** One multi-row INSERT; rows may differ in which nullable columns they carry. */
export function insertSql<Row>(table: Table<Row>, rows: readonly Row[], escape: (value: unknown) => string): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row as object)))];
  const values = rows.map(
    (row) => `(${keys.map((key) => escape(encodeValue(table, key, (row as Record<string, unknown>)[key]))).join(',')})`,
  );
  return `INSERT INTO ${table.name} (${keys.map(toSnake).join(',')}) VALUES ${values.join(',')}`;
}
