import type { ReadContext } from '../../platform/context';
import type { ReportDay } from './business-date';

const COUNTED = {
  shipped: 'ordersShipped',
  delivered: 'ordersDelivered',
  completed: 'ordersCompleted',
  cancelled: 'ordersCancelled',
  rejected: 'ordersRejected',
  returned: 'ordersReturned',
} as const;

type CountName = (typeof COUNTED)[keyof typeof COUNTED];
export type OrderCounts = Record<CountName | 'ordersPlaced', number>;

/** How many orders were placed in the day, and how many reached each of the ends of their way in it. */
export async function orderCounts(ctx: ReadContext, day: ReportDay): Promise<OrderCounts> {
  const counts = Object.fromEntries(Object.values(COUNTED).map((name) => [name, 0])) as Record<CountName, number>;
  const rows = await ctx.select<{ status: keyof typeof COUNTED; orders: number }>(
    `SELECT move.to_status AS status, COUNT(DISTINCT move.order_id) AS orders
     FROM order_moves move JOIN orders ON orders.id = move.order_id
     WHERE move.at >= :from AND move.at < :to AND move.to_status IN (:statuses) AND orders.store_id = :storeId
     GROUP BY move.to_status`,
    { storeId: day.store.id, from: day.from, to: day.to, statuses: Object.keys(COUNTED) },
  );
  for (const { status, orders } of rows) counts[COUNTED[status]] = Number(orders);
  return { ...counts, ordersPlaced: await placedInDay(ctx, day) };
}

/**
 * An order counts in the day its sale was posted to. One that costs nothing has no entry and counts in the day it is
 * dated into, unless it was told when that day was over: a day that is over may be closed.
 */
async function placedInDay(ctx: ReadContext, { store, date, from, to }: ReportDay): Promise<number> {
  const [row] = await ctx.select<{ sold: number; free: number }>(
    `SELECT
       (SELECT COUNT(*) FROM entries JOIN orders ON orders.id = entries.order_id
        WHERE entries.store_id = :storeId AND entries.business_day = :date AND entries.event = 'placed'
          AND entries.occurred_at = orders.placed_at) AS sold,
       (SELECT COUNT(*) FROM orders WHERE store_id = :storeId AND placed_at >= :from AND placed_at < :to
          AND total_minor = 0 AND created_at < :to) AS free`,
    { storeId: store.id, date, from, to },
  );
  return Number(row?.sold ?? 0) + Number(row?.free ?? 0);
}
