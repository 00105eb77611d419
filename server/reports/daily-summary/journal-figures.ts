import { ACCOUNT, CASH_ACCOUNTS } from '../../accounting';
import type { ReadContext } from '../../platform/context';
import type { ReportDay } from './business-date';

/** What was posted from one account to another in a day. */
export interface DaySum {
  debitCode: string;
  creditCode: string;
  amountMinor: number;
}

export interface JournalFigures {
  revenueMinor: number;
  shippingMinor: number;
  taxMinor: number;
  cogsMinor: number;
  returnedSalesMinor: number;
  returnedCogsMinor: number;
  refundsMinor: number;
  paymentsReceived: { method: string; amountMinor: number }[];
}

const CASH_CODES: ReadonlySet<string> = new Set(Object.values(CASH_ACCOUNTS));
/** Money taken in was owed by the customer, paid too much by the customer, or held by a courier. */
const CUSTOMERS: ReadonlySet<string> = new Set([ACCOUNT.accountsReceivable, ACCOUNT.refundsPayable]);

/** The postings of one day, summed by their two accounts. */
export function sumsOfDay(ctx: ReadContext, { store, date }: ReportDay): Promise<DaySum[]> {
  return ctx.select(
    `SELECT debit_code, credit_code, SUM(amount_minor) AS amount_minor FROM postings
     WHERE store_id = :storeId AND business_day = :date GROUP BY debit_code, credit_code`,
    { storeId: store.id, date },
  );
}

/** What a day's postings say, in minor units. Pure. */
export function journalFigures(sums: readonly DaySum[]): JournalFigures {
  const total = (counts: (sum: DaySum) => boolean): number =>
    sums.reduce((amount, sum) => amount + (counts(sum) ? sum.amountMinor : 0), 0);
  const credited = (code: string): number =>
    total(({ creditCode }) => creditCode === code) - total(({ debitCode }) => debitCode === code);
  const isCash = (code: string): boolean => CASH_CODES.has(code);
  return {
    revenueMinor: credited(ACCOUNT.salesRevenue),
    shippingMinor: credited(ACCOUNT.shippingIncome),
    taxMinor: credited(ACCOUNT.taxPayable),
    cogsMinor: total(({ debitCode }) => debitCode === ACCOUNT.costOfGoodsSold),
    returnedSalesMinor: -credited(ACCOUNT.salesReturns) || 0,
    returnedCogsMinor: total(({ creditCode }) => creditCode === ACCOUNT.costOfGoodsSold),
    refundsMinor: total(({ debitCode, creditCode }) => debitCode === ACCOUNT.refundsPayable && isCash(creditCode)),
    paymentsReceived: received(sums),
  };
}

/** What came in, by method; cash on delivery comes in when the courier hands it over. */
function received(sums: readonly DaySum[]): JournalFigures['paymentsReceived'] {
  const byMethod = new Map<string, number>();
  for (const { debitCode, creditCode, amountMinor } of sums) {
    const own = Object.entries(CASH_ACCOUNTS).find(([, code]) => code === debitCode)?.[0];
    if (!own) continue;
    const method = creditCode === ACCOUNT.courierClearing ? 'cod' : CUSTOMERS.has(creditCode) ? own : undefined;
    if (method) byMethod.set(method, (byMethod.get(method) ?? 0) + amountMinor);
  }
  return [...byMethod].sort(([a], [b]) => (a < b ? -1 : 1)).map(([method, amountMinor]) => ({ method, amountMinor }));
}

/** What couriers hold of the customers' money when the day ends; days that are summed up come from their sums. */
export async function codOutstanding(ctx: ReadContext, { store, date }: ReportDay): Promise<number> {
  const [book] = await ctx.select<{ summedThroughDay: string | null }>(
    'SELECT summed_through_day FROM books WHERE store_id = :storeId',
    { storeId: store.id },
  );
  const summed = book?.summedThroughDay ?? '';
  const [row] = await ctx.select<{ amountMinor: number | null }>(
    `SELECT SUM(sides.amount) AS amount_minor FROM (
       SELECT debit_minor - credit_minor AS amount FROM account_snapshots
       WHERE store_id = :storeId AND code = :code AND business_day <= :lastSummed
       UNION ALL
       SELECT CASE WHEN debit_code = :code THEN amount_minor ELSE -amount_minor END FROM postings
       WHERE store_id = :storeId AND business_day > :summed AND business_day <= :date AND :code IN (debit_code, credit_code)
     ) AS sides`,
    { storeId: store.id, code: ACCOUNT.courierClearing, date, summed, lastSummed: summed < date ? summed : date },
  );
  return Number(row?.amountMinor ?? 0);
}
