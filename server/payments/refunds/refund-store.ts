import { lockState, type OrderRow, type OrderState } from '../../orders';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { ConflictError, NotFoundError } from '../../platform/errors';
import { payments } from '../payments.models';
import { isOpen } from './refund-moves';
import { type RefundRow, refunds } from './refunds.models';

export const requestRefunds = permission('refund.request', ['store_manager', 'cashier', 'customer_service']);
export const executeRefunds = permission('refund.execute', ['store_manager', 'cashier']);

export interface RefundResult {
  refund: RefundRow;
  order: OrderRow;
  changed: boolean;
}

/** What of the order's refunds is decided and not yet with the customer, in minor units. */
export async function claimedMinor(ctx: ReadContext, orderId: string): Promise<number> {
  const rows = await ctx.find(refunds, 'order_id = :orderId ORDER BY id', { orderId });
  return rows.filter(({ status }) => isOpen(status)).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** The refund with its order, both ours until commit; the order first, as every command that needs both does. */
export async function lockRefund(ctx: CommandContext, id: string): Promise<{ refund: RefundRow; state: OrderState }> {
  const seen = await ctx.get(refunds, 'id = :id', { id });
  if (!seen) {
    throw new NotFoundError(
      'REFUND_NOT_FOUND',
      'There is no such refund. An order’s refunds stand in GET /orders/:id.',
    );
  }
  const state = await lockState(ctx, seen.orderId);
  authorise(ctx.actor, executeRefunds, state.order.storeId);
  const [refund] = await ctx.lock(refunds, 'id = :id', { id });
  return { refund: refund ?? seen, state };
}

/** One transfer has one id, whichever way the money went. Throws 409 TRANSACTION_ID_USED. */
export async function assertTransferNew(
  ctx: CommandContext,
  { id, method, transactionId }: Pick<RefundRow, 'id' | 'method' | 'transactionId'>,
): Promise<void> {
  if (transactionId === null) return;
  const sameTransfer = 'method = :method AND transaction_id = :transactionId';
  const refund = await ctx.get(refunds, `${sameTransfer} AND id <> :id`, { method, transactionId, id });
  const payment = refund ? undefined : await ctx.get(payments, sameTransfer, { method, transactionId });
  if (refund) throw transferUsed(transactionId, { refundId: refund.id, orderId: refund.orderId });
  if (payment) throw transferUsed(transactionId, { paymentId: payment.id, orderId: payment.orderId });
}

export function transferUsed(transactionId: string, facts: Record<string, unknown> = {}): ConflictError {
  return new ConflictError(
    'TRANSACTION_ID_USED',
    `The transaction id ${transactionId} stands for another transfer. Give the id that the wallet showed for this refund.`,
    {
      errors: [{ path: 'transactionId', code: 'TRANSACTION_ID_USED', message: 'Each transaction id counts once.' }],
      facts,
    },
  );
}
