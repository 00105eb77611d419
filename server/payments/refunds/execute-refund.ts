import { type CashMethod, refundExecuted } from '../../accounting';
import { type OrderRow, type OrderState, postForOrder, refreshPaymentStatus, saveState, snapshot } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { isDuplicateKey } from '../../platform/database/database';
import { ConflictError } from '../../platform/errors';
import { normaliseTransactionId, readTransactionId } from '../transaction-ids';
import { moveRefund, type RefundMove, refundMove } from './refund-moves';
import { assertTransferNew, lockRefund, type RefundResult, transferUsed } from './refund-store';
import { tell } from './request-refund';
import { type RefundRow, refunds } from './refunds.models';
import { type ExecuteInput, REFUND_METHODS } from './refunds.schema';

/**
 * A person has sent the money, or could not. Said twice, nothing changes; a failed refund is executed again, and may fail for another reason.
 * Throws 409 REFUND_SETTLED (another transfer than the one recorded) or TRANSACTION_ID_USED, 422 TRANSACTION_ID_*.
 */
export async function executeRefund(ctx: CommandContext, id: string, input: ExecuteInput): Promise<RefundResult> {
  const { refund, state } = await lockRefund(ctx, id);
  if (isRepeat(refund, input)) return { refund, order: state.order, changed: false };
  refund.status = moveRefund(refund.status, 'send');
  refund.attempts += 1;
  if (input.result === 'failed') {
    refund.failure = input.reason ?? '';
    await close(ctx, state.order, refund, 'fail');
  } else {
    await payOut(ctx, state, refund, input);
  }
  return { refund, order: state.order, changed: true };
}

function isRepeat({ status, transactionId, failure }: RefundRow, input: ExecuteInput): boolean {
  if (status === 'failed') return input.result === 'failed' && input.reason === failure;
  const typed = input.transactionId;
  const isSameTransfer = typed === undefined || normaliseTransactionId(typed) === transactionId;
  return status === 'settled' && input.result === 'settled' && isSameTransfer;
}

async function payOut(ctx: CommandContext, state: OrderState, refund: RefundRow, input: ExecuteInput): Promise<void> {
  const { order } = state;
  const { amountMinor } = refund;
  if (amountMinor > order.refundsPayableMinor) {
    const message = `Only ${order.refundsPayableMinor} ${order.currency} (minor units) are owed back on this order, not ${amountMinor}.`;
    throw new ConflictError('REFUND_TOO_LARGE', message, {
      facts: { amountMinor, refundsPayableMinor: order.refundsPayableMinor },
    });
  }
  const method = input.method ?? usualMethod(order);
  refund.method = method;
  refund.transactionId = readTransactionId(method, input.transactionId);
  refund.failure = null;
  await assertTransferNew(ctx, refund);
  const before = snapshot(state);
  await postForOrder(ctx, order, { event: 'refund_executed', postings: refundExecuted({ method, amountMinor }) });
  order.refundedMinor += amountMinor;
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  await close(ctx, order, refund, 'settle');
}

/** The way the customer paid; what the courier or the till took goes back from the till. */
function usualMethod({ paymentMethod }: OrderRow): CashMethod {
  return REFUND_METHODS.find((method) => method === paymentMethod) ?? 'cash';
}

async function close(ctx: CommandContext, order: OrderRow, refund: RefundRow, move: RefundMove): Promise<void> {
  refund.status = moveRefund(refund.status, move);
  refund.executedAt = ctx.now;
  refund.executedBy = ctx.actor.name;
  const { id, status, method, transactionId, failure, attempts, executedAt, executedBy } = refund;
  const set = { status, method, transactionId, failure, attempts, executedAt, executedBy };
  try {
    await ctx.update(refunds, set, 'id = :id', { id });
  } catch (error) {
    throw isDuplicateKey(error) ? transferUsed(transactionId ?? '') : error;
  }
  tell(ctx, order, refund, refundMove(move).event ?? '');
}
