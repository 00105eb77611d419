import { ACCOUNT, postEntry, type Posting } from '../accounting';
import type { CommandContext } from '../platform/context';
import { isFinal } from './order-moves';
import type { OrderRow } from './orders.models';
import { paymentStatus } from './payment-status';

/** Posts an entry of this order and keeps the order's own balances in step with its postings. Saves nothing of the order. */
export async function postForOrder(
  ctx: CommandContext,
  order: OrderRow,
  entry: { event: string; postings: Posting[]; occurredAt?: string; memo?: string },
): Promise<void> {
  if (entry.postings.length === 0) return;
  await postEntry(ctx, {
    storeId: order.storeId,
    event: entry.event,
    sourceType: 'order',
    sourceId: order.id,
    orderId: order.id,
    occurredAt: entry.occurredAt ?? ctx.now,
    currency: order.currency,
    postings: entry.postings,
    memo: entry.memo,
  });
  order.receivableMinor += debited(entry.postings, ACCOUNT.accountsReceivable);
  order.clearingMinor += debited(entry.postings, ACCOUNT.courierClearing);
  order.refundsPayableMinor -= debited(entry.postings, ACCOUNT.refundsPayable);
}

/** What postings do to what the customer owes and to what is owed back, in minor units. */
export function customerBalances(postings: readonly Posting[]): { owesMinor: number; owedBackMinor: number } {
  return {
    owesMinor: debited(postings, ACCOUNT.accountsReceivable),
    owedBackMinor: 0 - debited(postings, ACCOUNT.refundsPayable),
  };
}

/** Debits less credits of one account. */
function debited(postings: readonly Posting[], account: string): number {
  return postings.reduce(
    (sum, { debit, credit, amountMinor }) =>
      sum + (debit === account ? amountMinor : 0) - (credit === account ? amountMinor : 0),
    0,
  );
}

/** Brings the derived payment axis up to date; called before the order is saved. */
export function refreshPaymentStatus(order: OrderRow): void {
  order.paymentStatus = paymentStatus({ ...order, closed: isFinal(order.status) && order.status !== 'completed' });
}
