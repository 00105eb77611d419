import { closeDay } from '../../accounting';
import type { MessageContent } from '../../notifications';
import { storeSettings } from '../../people';
import { formatMoney } from '../../platform/money';
import { date as formatDate } from '../../platform/render';
import { reportDay } from '../daily-summary/business-date';
import { type DailySummary, dailySummary } from '../daily-summary/daily-summary';

/** More than this is looked up, not read in a mail. */
const EXCEPTIONS_SHOWN_MAX = 20;

/**
 * The report of one day to management; missing, of the last that is over. It closes the day in the same transaction,
 * so that what was reported is never rewritten. Throws 409 DAY_NOT_OVER, 422 DATE_IN_FUTURE.
 */
export const dailyReport: MessageContent = async (ctx, { storeId, date }) => {
  const store = await storeSettings(ctx, storeId);
  const day = reportDay(ctx, store, date);
  await closeDay(ctx, storeId, day.date);
  const summary = await dailySummary(ctx, store, day.date);
  return { key: `report:${day.date}`, template: 'emails/report-daily', data: mailData(summary) };
};

interface Row {
  label: string;
  value: string;
}

/** What the mail says, in words and figures with their currency. Pure. */
export function mailData(summary: DailySummary): Record<string, unknown> {
  const { adjustments, exceptions, currency } = summary;
  const shown = exceptions.slice(0, EXCEPTIONS_SHOWN_MAX);
  return {
    storeName: summary.storeName,
    dayText: formatDate(`${summary.date}T00:00:00Z`, 'utc', 'cccc d LLLL yyyy'),
    headline: `${formatMoney(summary.revenueMinor, currency)} revenue, ${counted(summary.ordersPlaced, 'order')}`,
    groups: groupsOf(summary),
    exceptions: shown.map(({ message }) => ({ message })),
    exceptionCount: exceptions.length,
    moreExceptions: exceptions.length - shown.length,
    adjustments: adjustments.map(({ day, event, entries, revenueMinor, orders }) => ({
      text: `${day}, ${event.replaceAll('_', ' ')}: ${counted(entries, 'fact')}, revenue ${formatMoney(revenueMinor, currency)}${orders.length > 0 ? ` (${orders.join(', ')})` : ''}`,
    })),
  };
}

function groupsOf(summary: DailySummary): { title: string; rows: Row[] }[] {
  const money = (label: string, amountMinor: number): Row => ({
    label,
    value: formatMoney(amountMinor, summary.currency),
  });
  const count = (label: string, value: number): Row => ({ label, value: String(value) });
  const sometimes = (row: Row, amount: number): Row[] => (amount === 0 ? [] : [row]);
  const { ordersRejected, ordersReturned, returnedSalesMinor } = summary;
  return [
    {
      title: 'Orders',
      rows: [
        count('Placed', summary.ordersPlaced),
        count('Shipped', summary.ordersShipped),
        count('Delivered', summary.ordersDelivered),
        count('Completed', summary.ordersCompleted),
        count('Cancelled', summary.ordersCancelled),
        ...sometimes(count('Rejected', ordersRejected), ordersRejected),
        ...sometimes(count('Returned', ordersReturned), ordersReturned),
      ],
    },
    {
      title: 'Sales',
      rows: [
        money('Revenue posted', summary.revenueMinor),
        count('Units sold (delivered or collected)', summary.unitsSold),
        money('Revenue of what was delivered', summary.completedRevenueMinor),
        money('Cost of it', summary.cogsMinor),
        money('Gross profit', summary.grossProfitMinor),
        ...sometimes(money('Given back by customers', returnedSalesMinor), returnedSalesMinor),
      ],
    },
    {
      title: 'Money',
      rows: [
        ...summary.paymentsReceived.map(({ method, amountMinor }) => money(`Received by ${method}`, amountMinor)),
        money('Refunds paid', summary.refundsMinor),
        money('Cash on delivery with couriers', summary.codOutstandingMinor),
      ],
    },
  ];
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
