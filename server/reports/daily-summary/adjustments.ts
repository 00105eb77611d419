import { ACCOUNT } from '../../accounting';
import type { ReadContext } from '../../platform/context';
import type { ReportDay } from './business-date';

const ORDERS_SHOWN_MAX = 20;
const ENTRIES_LOOKED_AT_MAX = 1000;

/** Facts of a day that was closed already, posted in this one. */
export interface Adjustment {
  /** The closed day they belong to. */
  day: string;
  event: string;
  entries: number;
  amountMinor: number;
  /** What they did to Sales Revenue. */
  revenueMinor: number;
  /** Numbers of the orders, the first of them. */
  orders: string[];
}

/** The late facts of this day by the day they belong to and what happened, so that a reader sees why figures differ. */
export async function adjustmentsOf(ctx: ReadContext, { store, date }: ReportDay): Promise<Adjustment[]> {
  const params = { storeId: store.id, date, revenue: ACCOUNT.salesRevenue };
  const late = 'entry.store_id = :storeId AND entry.business_day = :date AND entry.adjusts_day IS NOT NULL';
  const sums = await ctx.select<Omit<Adjustment, 'orders'>>(
    `SELECT entry.adjusts_day AS day, entry.event, COUNT(DISTINCT entry.id) AS entries, SUM(posting.amount_minor) AS amount_minor,
       SUM(CASE :revenue WHEN posting.credit_code THEN posting.amount_minor WHEN posting.debit_code THEN -posting.amount_minor ELSE 0 END) AS revenue_minor
     FROM entries entry JOIN postings posting ON posting.entry_id = entry.id
     WHERE ${late} GROUP BY entry.adjusts_day, entry.event ORDER BY entry.adjusts_day, entry.event`,
    params,
  );
  if (sums.length === 0) return [];
  const named = await ctx.select<{ day: string; event: string; number: string }>(
    `SELECT DISTINCT entry.adjusts_day AS day, entry.event, orders.number FROM entries entry
     JOIN orders ON orders.id = entry.order_id WHERE ${late} ORDER BY orders.number LIMIT ${ENTRIES_LOOKED_AT_MAX}`,
    params,
  );
  return sums.map((sum) => ({
    ...sum,
    entries: Number(sum.entries),
    amountMinor: Number(sum.amountMinor),
    revenueMinor: Number(sum.revenueMinor),
    orders: named
      .filter(({ day, event }) => day === sum.day && event === sum.event)
      .slice(0, ORDERS_SHOWN_MAX)
      .map(({ number }) => number),
  }));
}
