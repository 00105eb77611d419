import type { QueryInterface } from 'sequelize';

/** One step of the schema. `up` and `down` run on SQLite and on MySQL alike; migrations never use the service's code. */
export type Migration = (schema: QueryInterface) => Promise<void>;

interface Column {
  mysql: string;
  sqlite: string;
  nullable?: boolean;
  primary?: boolean;
  fallback?: string | number;
  references?: string;
}

const ascii = (length: number): Column => ({
  mysql: `CHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  sqlite: `CHAR(${length})`,
});

/** A ULID, made by the service: sorts by time, needs no round trip, reads well in a URL. */
export const id = (): Column => ({ ...ascii(26), primary: true });
/** A counter for append-only logs, whose order of writing matters. */
export const serial = (): Column => ({
  mysql: 'BIGINT AUTO_INCREMENT PRIMARY KEY',
  sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT',
});
/** The id of a row of another table; `nullable()` where it may be missing. */
export const reference = (table: string): Column => ({ ...ascii(26), references: table });
/** An id of something without a foreign key: a source of another rank, a request, an execution. */
export const key = (length = 26): Column => ({
  mysql: `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  sqlite: `VARCHAR(${length})`,
});
/** Words of people, any language. */
export const text = (length: number): Column => ({ mysql: `VARCHAR(${length})`, sqlite: `VARCHAR(${length})` });
export const longText = (): Column => ({ mysql: 'MEDIUMTEXT', sqlite: 'TEXT' });
/** A file's content, up to 16 MiB. */
export const bytes = (): Column => ({ mysql: 'MEDIUMBLOB', sqlite: 'BLOB' });
/** JSON kept as text, because MariaDB answers JSON columns as text anyway. */
export const json = longText;
/** ISO 8601 UTC with milliseconds: sorts, compares and prints the same on every database, and no driver can shift it. */
export const time = (): Column => ascii(24);
/** A calendar day of the store, YYYY-MM-DD. */
export const day = (): Column => ascii(10);
/** Money in minor units. */
export const minor = (): Column => ({ mysql: 'BIGINT', sqlite: 'BIGINT' });
export const count = (): Column => ({ mysql: 'INT', sqlite: 'INTEGER' });
export const flag = (): Column => ({ mysql: 'TINYINT', sqlite: 'TINYINT' });
export const nullable = (column: Column): Column => ({ ...column, nullable: true });
export const withDefault = (column: Column, fallback: string | number): Column => ({ ...column, fallback });

export interface TableOptions {
  /** Column lists that may not repeat. */
  unique?: string[][];
  indexes?: string[][];
  /** SQL conditions that every row must meet. */
  checks?: string[];
}

/** Creates a table with its keys, indexes and checks; column names are snake_case. */
export async function createTable(
  schema: QueryInterface,
  name: string,
  columns: Record<string, Column>,
  options: TableOptions = {},
): Promise<void> {
  const mysql = schema.sequelize.getDialect() === 'mysql';
  const lines = Object.entries(columns).map(([column, shape]) => columnSql(column, shape, mysql));
  for (const [column, shape] of Object.entries(columns)) {
    if (shape.references) lines.push(`FOREIGN KEY (${column}) REFERENCES ${shape.references} (id)`);
  }
  (options.checks ?? []).forEach((check, n) => lines.push(`CONSTRAINT ${name}_check_${n + 1} CHECK (${check})`));
  const engine = mysql ? ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci' : '';
  await schema.sequelize.query(`CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)${engine}`);
  for (const fields of options.unique ?? []) await createIndex(schema, name, fields, 'UNIQUE INDEX');
  for (const fields of options.indexes ?? []) await createIndex(schema, name, fields, 'INDEX');
}

export async function dropTable(schema: QueryInterface, name: string): Promise<void> {
  await schema.sequelize.query(`DROP TABLE ${name}`);
}

/** Columns that a published table gets later: `nullable()`, or `withDefault()` for the rows that are there. */
export async function addColumns(
  schema: QueryInterface,
  table: string,
  columns: Record<string, Column>,
): Promise<void> {
  const mysql = schema.sequelize.getDialect() === 'mysql';
  for (const [name, shape] of Object.entries(columns)) {
    await schema.sequelize.query(`ALTER TABLE ${table} ADD COLUMN ${columnSql(name, shape, mysql)}`);
  }
}

export async function dropColumns(schema: QueryInterface, table: string, names: readonly string[]): Promise<void> {
  for (const name of names) await schema.sequelize.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
}

/** Gives a column of a published table more room. SQLite holds no text to its length, so there is nothing to change. */
export async function resizeColumn(schema: QueryInterface, table: string, name: string, shape: Column): Promise<void> {
  if (schema.sequelize.getDialect() !== 'mysql') return;
  await schema.sequelize.query(`ALTER TABLE ${table} MODIFY COLUMN ${columnSql(name, shape, true)}`);
}

function columnSql(name: string, column: Column, mysql: boolean): string {
  const type = mysql ? column.mysql : column.sqlite;
  if (type.includes('PRIMARY KEY')) return `${name} ${type}`;
  const fallback = typeof column.fallback === 'string' ? `'${column.fallback}'` : column.fallback;
  return [
    `${name} ${type}`,
    column.nullable ? 'NULL' : 'NOT NULL',
    fallback === undefined ? '' : `DEFAULT ${fallback}`,
    column.primary ? 'PRIMARY KEY' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Other columns that may not repeat, in place of those that might not so far. */
export async function replaceUnique(
  schema: QueryInterface,
  table: string,
  { from, to }: { from: string[]; to: string[] },
): Promise<void> {
  await addUnique(schema, table, to);
  await dropUnique(schema, table, from);
}

/** Columns of a published table that may not repeat from now on. */
export function addUnique(schema: QueryInterface, table: string, fields: string[]): Promise<void> {
  return createIndex(schema, table, fields, 'UNIQUE INDEX');
}

export async function dropUnique(schema: QueryInterface, table: string, fields: string[]): Promise<void> {
  const mysql = schema.sequelize.getDialect() === 'mysql';
  const name = [table, ...fields, 'unique'].join('_').slice(0, 64);
  await schema.sequelize.query(`DROP INDEX ${name}${mysql ? ` ON ${table}` : ''}`);
}

async function createIndex(schema: QueryInterface, table: string, fields: string[], kind: string): Promise<void> {
  const name = [table, ...fields, kind.startsWith('UNIQUE') ? 'unique' : 'index'].join('_').slice(0, 64);
  await schema.sequelize.query(`CREATE ${kind} ${name} ON ${table} (${fields.join(', ')})`);
}
