import { emitForOrder, lockState, type OrderRow } from '../../orders';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { amountToRefund } from './refund-amounts';
import { moveRefund, refundMove } from './refund-moves';
import { claimedMinor, type RefundResult, requestRefunds } from './refund-store';
import { type RefundRow, refunds } from './refunds.models';
import type { RefundInput } from './refunds.schema';

/**
 * Decides to give back what the ledger owes the customer, or a part of it; nothing is posted until the money is sent.
 * Whoever may ask may decide, since the debt is in the books already.
 * Throws 409 NOTHING_TO_REFUND or REFUND_TOO_LARGE, 422 LINE_UNKNOWN or QUANTITY_TOO_LARGE.
 */
export async function requestRefund(
  ctx: CommandContext,
  idOrNumber: string,
  input: RefundInput,
): Promise<RefundResult> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, requestRefunds, order.storeId);
  const owed = { refundsPayableMinor: order.refundsPayableMinor, claimedMinor: await claimedMinor(ctx, order.id) };
  const refund = newRefund(ctx, order, amountToRefund(state, owed, input), input);
  tell(ctx, order, refund, 'refund.requested');
  refund.status = moveRefund(refund.status, 'approve');
  Object.assign(refund, { approvedAt: ctx.now, approvedBy: ctx.actor.name });
  ctx.insert(refunds, refund);
  tell(ctx, order, refund, refundMove('approve').event ?? '');
  return { refund, order, changed: true };
}

function newRefund(ctx: CommandContext, order: OrderRow, amountMinor: number, input: RefundInput): RefundRow {
  return {
    id: ctx.newId(),
    orderId: order.id,
    storeId: order.storeId,
    status: 'requested',
    amountMinor,
    currency: order.currency,
    method: null,
    transactionId: null,
    reason: input.reason,
    note: input.note,
    orderLines: input.lines ?? [],
    failure: null,
    attempts: 0,
    requestedAt: ctx.now,
    requestedBy: ctx.actor.name,
    approvedAt: null,
    approvedBy: null,
    executedAt: null,
    executedBy: null,
  };
}

/** Writes down what happened to a refund, and tells whoever listens. */
export function tell(ctx: CommandContext, order: OrderRow, refund: RefundRow, event: string): void {
  const { id, status, method, amountMinor, currency, failure } = refund;
  ctx.audit({
    action: event,
    subjectType: 'refund',
    subjectId: id,
    storeId: order.storeId,
    orderId: order.id,
    after: { status, method, amountMinor, paymentStatus: order.paymentStatus },
    note: (failure ?? refund.note) || undefined,
  });
  emitForOrder(ctx, order, event, { refund: { id, status, method, amountMinor, currency, failure } });
}
