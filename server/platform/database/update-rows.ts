import type { CommandContext, Params } from '../context';
import { encodeValue, toSnake } from './rows';
import type { Table } from './table';

/** A statement must fit its packet; rows beyond this go into the next one. */
const ROWS_PER_UPDATE = 200;

/**
 * Writes columns of several rows, each row with values of its own, in as few statements as for one. `where` is a
 * condition that every row must still meet.
 */
export function updateRows<Row extends { id: string }>(
  ctx: CommandContext,
  table: Table<Row>,
  rows: readonly Row[],
  { keys, where }: { keys: readonly (keyof Row & string)[]; where?: string },
): void {
  for (let from = 0; from < rows.length; from += ROWS_PER_UPDATE) {
    const some = rows.slice(from, from + ROWS_PER_UPDATE);
    const params: Params = { ids: some.map(({ id }) => id) };
    const sets = keys.map((key) => `${toSnake(key)} = ${valueOf(table, some, { key, params })}`);
    const condition = where ? ` AND ${where}` : '';
    ctx.executeLater(`UPDATE ${table.name} SET ${sets.join(', ')} WHERE id IN (:ids)${condition}`, params);
  }
}

/** One placeholder when all rows get the same, else one for each row; the values are put into `params`. */
function valueOf<Row extends { id: string }>(
  table: Table<Row>,
  rows: readonly Row[],
  { key, params }: { key: keyof Row & string; params: Params },
): string {
  const values = rows.map((row) => encodeValue(table, key, row[key]));
  if (values.every((value) => value === values[0])) {
    params[key] = values[0];
    return `:${key}`;
  }
  const cases = rows.map(({ id }, n) => {
    params[`${key}Id${n}`] = id;
    params[`${key}${n}`] = values[n];
    return `WHEN :${key}Id${n} THEN :${key}${n}`;
  });
  return `CASE id ${cases.join(' ')} END`;
}
