import type { CommandContext } from '../platform/context';
import { toSnake } from '../platform/database/rows';
import type { Table } from '../platform/database/table';
import { ConflictError } from '../platform/errors';

/** What one row's counters gain or lose; `set` holds values that replace. */
export interface CounterChange {
  id: string;
  add: Record<string, number>;
  set?: Record<string, number>;
}

/**
 * Changes the counters of many rows in one guarded statement. A row that would break a guard is not touched, and
 * then the count of rows betrays it and everything is undone. `guards` are given what each column will be.
 * Throws 409 STOCK_CHANGED.
 */
export async function changeCounters(
  ctx: CommandContext,
  table: Table<unknown>,
  everyChange: readonly CounterChange[],
  guards: (after: (column: string) => string) => string[],
): Promise<void> {
  // A row that ends where it began is left alone; MySQL would not count it as touched.
  const changes = everyChange.filter(
    ({ add, set }) => set !== undefined || Object.values(add).some((amount) => amount !== 0),
  );
  if (changes.length === 0) return;
  const added = columnsOf(changes, 'add').filter((column) => changes.some(({ add }) => add[column]));
  const after = (column: string): string => (added.includes(column) ? plus(column, changes) : toSnake(column));
  const assignments = [
    ...added.map((column) => `${toSnake(column)} = ${after(column)}`),
    ...columnsOf(changes, 'set').map((column) => `${toSnake(column)} = ${replaced(column, changes)}`),
    'updated_at = :now',
  ];
  const ids = changes.map(({ id }) => id);
  const where = ['id IN (:ids)', ...guards(after)].join(' AND ');
  const params = { ids, now: ctx.now, ...Object.fromEntries(ids.map((id, n) => [`id${n}`, id])) };
  const touched = await ctx.execute(`UPDATE ${table.name} SET ${assignments.join(', ')} WHERE ${where}`, params);
  if (touched === changes.length) return;
  throw new ConflictError(
    'STOCK_CHANGED',
    'The stock changed in the meantime. Nothing was done; send the request again.',
  );
}

/** `reserved + 2` where all rows gain the same, else one CASE over the rows. */
function plus(column: string, changes: readonly CounterChange[]): string {
  const amounts = changes.map(({ add }) => whole(add[column] ?? 0));
  const same = amounts.every((amount) => amount === amounts[0]);
  return `${toSnake(column)} + ${same ? `(${amounts[0]})` : caseById(amounts, '0')}`;
}

function replaced(column: string, changes: readonly CounterChange[]): string {
  const values = changes.map(({ set }) => (set?.[column] === undefined ? toSnake(column) : whole(set[column])));
  return caseById(values, toSnake(column));
}

function caseById(values: readonly (string | number)[], otherwise: string): string {
  return `CASE id ${values.map((value, n) => `WHEN :id${n} THEN ${value}`).join(' ')} ELSE ${otherwise} END`;
}

function columnsOf(changes: readonly CounterChange[], part: 'add' | 'set'): string[] {
  return [...new Set(changes.flatMap((change) => Object.keys(change[part] ?? {})))];
}

/** Only whole numbers are written into the statement itself. */
function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number that can be held exactly.`);
  return value;
}
