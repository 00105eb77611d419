import { businessDay } from '../../accounting';
import type { StoreRow } from '../../people';
import type { ReadContext } from '../../platform/context';
import { type Adjustment, adjustmentsOf } from './adjustments';
import { reportDay } from './business-date';
import { type Exception, exceptionsOf } from './exceptions';
import { codOutstanding, journalFigures, type JournalFigures, sumsOfDay } from './journal-figures';
import { orderCounts, type OrderCounts } from './order-counts';
import { soldFigures, soldLines } from './sold-goods';

export interface DailySummary extends OrderCounts, JournalFigures {
  date: string;
  storeId: string;
  storeName: string;
  timezone: string;
  currency: string;
  /** When the day begins and ends. */
  from: string;
  to: string;
  isOver: boolean;
  /** Closed: what is told of it later counts in a later day. */
  final: boolean;
  unitsSold: number;
  completedRevenueMinor: number;
  grossProfitMinor: number;
  codOutstandingMinor: number;
  adjustments: Adjustment[];
  exceptions: Exception[];
}

/** The figures of one business day, from the journal; missing, of the last that is over. Throws 422 DATE_IN_FUTURE. */
export async function dailySummary(ctx: ReadContext, store: StoreRow, date?: string): Promise<DailySummary> {
  const day = reportDay(ctx, store, date);
  const sold = soldFigures(await soldLines(ctx, day));
  const figures = journalFigures(await sumsOfDay(ctx, day));
  return {
    date: day.date,
    storeId: store.id,
    storeName: store.name,
    timezone: store.timezone,
    currency: store.currency,
    from: day.from,
    to: day.to,
    isOver: day.date < businessDay(ctx.now, store),
    final: await isClosed(ctx, store.id, day.date),
    ...(await orderCounts(ctx, day)),
    ...sold,
    ...figures,
    grossProfitMinor: sold.completedRevenueMinor - figures.cogsMinor,
    codOutstandingMinor: await codOutstanding(ctx, day),
    adjustments: await adjustmentsOf(ctx, day),
    exceptions: await exceptionsOf(ctx, day),
  };
}

async function isClosed(ctx: ReadContext, storeId: string, date: string): Promise<boolean> {
  const [book] = await ctx.select<{ closedThroughDay: string | null }>(
    'SELECT closed_through_day FROM books WHERE store_id = :storeId',
    { storeId },
  );
  return date <= (book?.closedThroughDay ?? '');
}
