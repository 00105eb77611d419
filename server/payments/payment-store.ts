import { lockState, type OrderRow, type OrderState } from '../orders';
import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { ConflictError, NotFoundError } from '../platform/errors';
import { type PaymentRow, type PaymentState, payments } from './payments.models';

export const recordPayments = permission('payment.record', ['store_manager', 'cashier']);

export function newPayment(
  ctx: CommandContext,
  order: OrderRow,
  facts: {
    method: string;
    amountMinor: number;
    transactionId: string | null;
    payerPhone?: string;
    reason?: string;
    status: PaymentState;
  },
): PaymentRow {
  return {
    id: ctx.newId(),
    orderId: order.id,
    storeId: order.storeId,
    method: facts.method,
    status: facts.status,
    amountMinor: facts.amountMinor,
    currency: order.currency,
    transactionId: facts.transactionId,
    payerPhone: facts.payerPhone ?? null,
    reason: facts.reason ?? null,
    submittedAt: ctx.now,
    decidedAt: null,
    decidedBy: null,
  };
}

/** A wallet id stands for one transfer of money: again on the same order it is the same payment, elsewhere it is a fraud or a slip. */
export async function knownPayment(
  ctx: CommandContext,
  order: OrderRow,
  method: string,
  transactionId: string | null,
): Promise<PaymentRow | undefined> {
  if (transactionId === null) return undefined;
  const known = await ctx.get(payments, 'method = :method AND transaction_id = :transactionId', {
    method,
    transactionId,
  });
  if (known && (known.orderId !== order.id || known.status === 'rejected')) throw idUsed(transactionId, known);
  return known;
}

export async function insertPayment(ctx: CommandContext, payment: PaymentRow): Promise<void> {
  ctx.insert(payments, payment);
  try {
    await ctx.flush();
  } catch (error) {
    throw isDuplicateKey(error) ? idUsed(payment.transactionId ?? '') : error;
  }
}

export function idUsed(transactionId: string, known?: PaymentRow): ConflictError {
  return new ConflictError(
    'TRANSACTION_ID_USED',
    `The transaction id ${transactionId} was used before. Ask the customer for the right one.`,
    {
      errors: [{ path: 'transactionId', code: 'TRANSACTION_ID_USED', message: 'Each transaction id counts once.' }],
      facts: known ? { paymentId: known.id, orderId: known.orderId, paymentStatus: known.status } : {},
    },
  );
}

export async function lockPayment(
  ctx: CommandContext,
  paymentId: string,
): Promise<{ payment: PaymentRow; state: OrderState }> {
  const seen = await ctx.get(payments, 'id = :paymentId', { paymentId });
  if (!seen)
    throw new NotFoundError(
      'PAYMENT_NOT_FOUND',
      'There is no such payment. An order’s payments stand in GET /orders/:id.',
    );
  const state = await lockState(ctx, seen.orderId);
  authorise(ctx.actor, recordPayments, state.order.storeId);
  // Read again: the order's lock is what makes one decision at a time.
  const [payment] = await ctx.lock(payments, 'id = :paymentId', { paymentId });
  return { payment: payment ?? seen, state };
}

export function assertSubmitted(payment: PaymentRow): void {
  if (payment.status !== 'submitted') throw decided(payment);
}

export function decided(payment: PaymentRow): ConflictError {
  return new ConflictError('PAYMENT_DECIDED', `This payment is ${payment.status} already.`, {
    facts: { paymentStatus: payment.status, decidedAt: payment.decidedAt },
  });
}
