import { lockLevels } from '../../inventory';
import type { CommandContext, ReadContext } from '../../platform/context';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { type CountLineRow, countLines } from './counts.models';
import { shelfKey } from './units-in-hand';

interface Shelf {
  productId: string;
  locationId: string;
}

/** What is being counted of some shelves, and ours until the commit. */
export interface Counting {
  /** The line that later shortages of a shelf join, by its key. */
  counted: ReadonlyMap<string, CountLineRow>;
  /** The open counts of these shelves, and the order's own. */
  open: readonly TaskRow[];
}

/**
 * Holds the counts of these shelves and the order's own, then the levels: counts first and by their ids, levels after
 * them and all at once, as finishing a count does. A command asks for all of its shelves before it changes any; asking
 * again for some of them takes nothing new. A count that began between the first look and the levels is taken last;
 * should whoever holds it wait for those levels, the database sends one of the two back to its start.
 */
export async function lockCounting(ctx: CommandContext, orderId: string, shelves: readonly Shelf[]): Promise<Counting> {
  const own = await ctx.get(tasks, `order_id = :orderId AND kind = 'count' AND open_marker = 1`, { orderId });
  const before = [...(await readCounted(ctx, shelves)).values()].map(({ taskId }) => taskId);
  const first = await lockCounts(ctx, [...before, ...(own ? [own.id] : [])]);
  await lockLevels(
    ctx,
    shelves.map(({ productId }) => productId),
  );
  const counted = await readCounted(ctx, shelves);
  const begun = [...counted.values()].filter(({ taskId }) => !first.some(({ id }) => id === taskId));
  const later = await lockCounts(
    ctx,
    begun.map(({ taskId }) => taskId),
  );
  return { counted, open: [...first, ...later] };
}

async function readCounted(ctx: ReadContext, shelves: readonly Shelf[]): Promise<Map<string, CountLineRow>> {
  if (shelves.length === 0) return new Map();
  const rows = await ctx.find(countLines, 'product_id IN (:productIds) AND open_marker = 1', {
    productIds: shelves.map(({ productId }) => productId),
  });
  const wanted = new Set(shelves.map(shelfKey));
  return new Map(rows.map((row) => [shelfKey(row), row] as const).filter(([key]) => wanted.has(key)));
}

async function lockCounts(ctx: CommandContext, ids: readonly string[]): Promise<TaskRow[]> {
  if (ids.length === 0) return [];
  return ctx.lock(tasks, 'id IN (:ids) AND open_marker = 1 ORDER BY id', { ids: [...new Set(ids)] });
}
