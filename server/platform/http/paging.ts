import { z } from 'zod';
import { ValidationError } from '../errors';

export const PAGE_SIZE_DEFAULT = 50;
export const PAGE_SIZE_MAX = 200;

/** `?limit=&after=` of every list. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_SIZE_MAX, `A page has at most ${PAGE_SIZE_MAX} items.`)
    .default(PAGE_SIZE_DEFAULT),
  after: z.string().max(200).optional(),
});

/** The shape of every list: keyset pages, so page 10,000 costs what page 1 does. */
export function listOf<S extends z.ZodType>(item: S): z.ZodObject {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Where the next page starts: the sort values of the last item. Opaque to callers. */
export function makeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Throws 400 CURSOR_INVALID when it is not one of ours with this many values. */
export function readCursor(cursor: string, length: number): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
    if (Array.isArray(values) && values.length === length && values.every(isOurs)) return values as (string | number)[];
  } catch {
    // Falls through to the refusal: a cursor that cannot be read is not ours.
  }
  throw new ValidationError('CURSOR_INVALID', 'Send "after" exactly as the previous page gave it in nextCursor.', {
    status: 400,
    errors: [{ path: 'after', code: 'CURSOR_INVALID', message: 'Use the nextCursor of the previous page.' }],
  });
}

/** Cuts the extra row that was read to see whether there is more. */
export function page<Row>(
  rows: Row[],
  limit: number,
  sortValues: (row: Row) => (string | number)[],
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? makeCursor(sortValues(last)) : null };
}
