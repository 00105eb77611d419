import type { ReadContext } from '../../platform/context';
import { isOpen } from './refund-moves';
import { viewRefund } from './refunds.routes';
import { type RefundRow, refunds } from './refunds.models';

export type OrderRefund = Pick<RefundRow, 'id' | 'status' | 'amountMinor' | 'currency' | 'failure'>;

/** The section `refunds` of an order's view. */
export async function refundsOf(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await ctx.find(refunds, 'order_id IN (:orderIds) ORDER BY id', { orderIds });
  return new Map(
    orderIds.map((orderId) => [orderId, rows.filter((row) => row.orderId === orderId).map((row) => viewRefund(row))]),
  );
}

/** Refunds of an order that are decided and not yet with the customer. */
export async function openRefunds(ctx: ReadContext, orderId: string): Promise<OrderRefund[]> {
  const rows = await ctx.find(refunds, 'order_id = :orderId ORDER BY id', { orderId });
  return rows
    .filter(({ status }) => isOpen(status))
    .map(({ id, status, amountMinor, currency, failure }) => ({ id, status, amountMinor, currency, failure }));
}
