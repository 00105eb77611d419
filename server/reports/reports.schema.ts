import { z } from 'zod';

export const summaryQuery = z.strictObject({
  date: z.iso.date({ error: 'date is a day of the calendar, written YYYY-MM-DD, such as 2026-11-20.' }).optional(),
  storeId: z.string().min(1).max(26).optional(),
});

const money = z.int();
const count = z.int();

export const summaryView = z.object({
  date: z.string(),
  storeId: z.string(),
  storeName: z.string(),
  timezone: z.string(),
  currency: z.string(),
  from: z.string(),
  to: z.string(),
  isOver: z.boolean(),
  final: z.boolean(),
  ordersPlaced: count,
  ordersShipped: count,
  ordersDelivered: count,
  ordersCompleted: count,
  ordersCancelled: count,
  ordersRejected: count,
  ordersReturned: count,
  unitsSold: count,
  revenueMinor: money,
  shippingMinor: money,
  taxMinor: money,
  completedRevenueMinor: money,
  cogsMinor: money,
  grossProfitMinor: money,
  returnedSalesMinor: money,
  returnedCogsMinor: money,
  refundsMinor: money,
  codOutstandingMinor: money,
  paymentsReceived: z.array(z.object({ method: z.string(), amountMinor: money })),
  adjustments: z.array(
    z.object({
      day: z.string(),
      event: z.string(),
      entries: count,
      amountMinor: money,
      revenueMinor: money,
      orders: z.array(z.string()),
    }),
  ),
  exceptions: z.array(
    z.object({
      kind: z.string(),
      at: z.string(),
      message: z.string(),
      orderId: z.string().nullable(),
      orderNumber: z.string().nullable(),
      reference: z.string(),
    }),
  ),
});
