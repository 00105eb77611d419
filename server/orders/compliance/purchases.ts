import type { ProductRow } from '../../inventory';
import { plusMs } from '../../platform/clock';
import type { ReadContext } from '../../platform/context';
import type { OrderRow } from '../orders.models';
import type { Bought } from './compliance-rules';

const DAY_MS = 24 * 3_600_000;
/** As far back as anybody's limit can reach. */
const DAYS_MAX = 36_500;
/** A refusal names so many of the earlier orders. */
const ORDERS_NAMED_MAX = 10;
/** Nothing was bought with these. */
const UNDONE = ['cancelled', 'rejected', 'returned'];

interface PurchaseRow {
  productId: string;
  number: string;
  placedAt: string;
  units: number;
}

export function hasContact({ customerPhoneKey, customerEmailKey }: OrderRow): boolean {
  return customerPhoneKey !== null || customerEmailKey !== null;
}

/**
 * What the same customer, by phone or by e-mail, has bought in this store before this order, by product. Orders that
 * came in later do not count: of two that are too much together the later one is stopped, and not both.
 */
export async function boughtBefore(
  ctx: ReadContext,
  order: OrderRow,
  products: readonly ProductRow[],
): Promise<Map<string, Bought>> {
  const limited = products.filter(({ purchaseLimitQuantity }) => purchaseLimitQuantity !== null);
  if (limited.length === 0 || !hasContact(order)) return new Map();
  const since = new Map(limited.map(({ id, purchaseLimitDays }) => [id, daysBefore(ctx.now, purchaseLimitDays ?? 0)]));
  const mine = (key: string): string =>
    `SELECT id FROM orders WHERE ${key} AND store_id = :storeId AND placed_at > :since AND id < :orderId`;
  const found = [
    ...(order.customerPhoneKey === null ? [] : [mine('customer_phone_key = :phone')]),
    ...(order.customerEmailKey === null ? [] : [mine('customer_email_key = :email')]),
  ].join(' UNION ');
  const rows = await ctx.select<PurchaseRow>(
    `SELECT line.product_id, orders.number, orders.placed_at,
       SUM(line.quantity - line.cancelled_quantity - line.substituted_quantity - line.returned_quantity) AS units
     FROM (${found}) mine JOIN orders ON orders.id = mine.id JOIN order_lines line ON line.order_id = orders.id
     WHERE orders.status NOT IN (:undone) AND line.product_id IN (:productIds)
     GROUP BY line.product_id, orders.id, orders.number, orders.placed_at ORDER BY orders.id`,
    {
      storeId: order.storeId,
      orderId: order.id,
      phone: order.customerPhoneKey,
      email: order.customerEmailKey,
      since: [...since.values()].sort()[0],
      undone: UNDONE,
      productIds: limited.map(({ id }) => id),
    },
  );
  return sumsOf(rows.filter(({ productId, placedAt, units }) => units > 0 && placedAt > (since.get(productId) ?? '')));
}

function daysBefore(now: string, days: number): string {
  return plusMs(now, -Math.min(days, DAYS_MAX) * DAY_MS);
}

function sumsOf(rows: readonly PurchaseRow[]): Map<string, Bought> {
  const sums = new Map<string, Bought>();
  for (const { productId, number, units } of rows) {
    const sum = sums.get(productId) ?? { units: 0, orders: [] };
    sum.units += units;
    if (sum.orders.length < ORDERS_NAMED_MAX) sum.orders.push(number);
    sums.set(productId, sum);
  }
  return sums;
}
