import { codRemitted, paid, type CashMethod } from '../accounting';
import {
  completeWhenSettled,
  emitForOrder,
  lapsesAgainAt,
  lockState,
  type OrderRow,
  type OrderState,
  placeHold,
  type PlaceOrderInput,
  postForOrder,
  refreshPaymentStatus,
  releaseHoldsOf,
  saveState,
  snapshot,
} from '../orders';
import { authorise } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { amountAwaited, amountToRecord } from './payment-amounts';
import {
  assertSubmitted,
  decided,
  idUsed,
  insertPayment,
  knownPayment,
  lockPayment,
  newPayment,
  recordPayments,
} from './payment-store';
import { type PaymentRow, type PaymentState, payments } from './payments.models';
import type { PaymentInput } from './payments.schema';
import { readTransactionId } from './transaction-ids';

export interface PaymentResult {
  payment: PaymentRow;
  order: OrderRow;
  changed: boolean;
}

/**
 * Records money that came in, or a customer's word that it did (`submitted`), or that it did not come (`failed`).
 * Refuses with 409 AMOUNT_MISMATCH, TRANSACTION_ID_USED or COD_NOT_COLLECTED, 422 TRANSACTION_ID_*.
 */
export async function addPayment(ctx: CommandContext, idOrNumber: string, input: PaymentInput): Promise<PaymentResult> {
  const state = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, recordPayments, state.order.storeId);
  const { result, method } = input;
  // A payment that failed may never have got an id.
  const hasId = input.transactionId !== undefined || result !== 'failed';
  const transactionId = hasId ? readTransactionId(method, input.transactionId) : null;
  const known = await knownPayment(ctx, state.order, method, transactionId);
  if (known && (known.status === result || known.status === 'recorded' || result === 'submitted')) {
    return { payment: known, order: state.order, changed: false };
  }
  if (known?.status === 'submitted' && result === 'recorded') return decide(ctx, state, known, input);
  const amountMinor = result === 'recorded' ? amountToRecord(state.order, input) : amountAwaited(state.order, input);
  const payment = known ?? newPayment(ctx, state.order, { ...input, transactionId, amountMinor, status: result });
  if (known) Object.assign(payment, { amountMinor, reason: input.reason ?? known.reason });
  else await insertPayment(ctx, payment);
  await settle(ctx, state, payment, result, { wasSubmitted: known?.status === 'submitted' });
  if (result === 'failed') await holdForPayment(ctx, state.order, payment);
  return { payment, order: state.order, changed: true };
}

/** Holds that a failed payment put; they end when money came, or by hand. */
const HOLD_OWNER = 'payments';

/** Nothing goes on until the payment came or somebody released the hold. */
async function holdForPayment(ctx: CommandContext, order: OrderRow, payment: PaymentRow): Promise<void> {
  const note = `The payment by ${payment.method} failed${payment.reason ? `: ${payment.reason}` : ''}. Retry it, or release the hold.`;
  await placeHold(ctx, order.id, { reason: 'payment', note, lineIds: [] }, HOLD_OWNER);
}

/** The staff found the money: the submitted payment counts. Throws 409 PAYMENT_DECIDED when it was rejected. */
export async function verifyPayment(
  ctx: CommandContext,
  paymentId: string,
  input: { amountMinor?: number; acceptDifference: boolean },
): Promise<PaymentResult> {
  const { payment, state } = await lockPayment(ctx, paymentId);
  if (payment.status === 'recorded') return { payment, order: state.order, changed: false };
  assertSubmitted(payment);
  return decide(ctx, state, payment, { ...input, method: payment.method as PaymentInput['method'] });
}

/** The staff did not find it; the order is unpaid again and keeps its goods a while longer. */
export async function rejectPayment(ctx: CommandContext, paymentId: string, reason: string): Promise<PaymentResult> {
  const { payment, state } = await lockPayment(ctx, paymentId);
  if (payment.status === 'rejected') return { payment, order: state.order, changed: false };
  assertSubmitted(payment);
  payment.reason = reason;
  const before = snapshot(state);
  state.order.submittedPayments -= 1;
  state.order.expiresAt = lapsesAgainAt(state.order, ctx.now);
  await close(ctx, state, before, payment, 'rejected');
  return { payment, order: state.order, changed: true };
}

/** A rejected or failed payment is submitted again, perhaps with the right transaction id. */
export async function retryPayment(
  ctx: CommandContext,
  paymentId: string,
  typedId: string | undefined,
): Promise<PaymentResult> {
  const { payment, state } = await lockPayment(ctx, paymentId);
  if (payment.status === 'submitted') return { payment, order: state.order, changed: false };
  if (payment.status === 'recorded') throw decided(payment);
  if (typedId) payment.transactionId = readTransactionId(payment.method, typedId);
  const before = snapshot(state);
  state.order.submittedPayments += 1;
  state.order.expiresAt = null;
  try {
    await ctx.update(payments, { transactionId: payment.transactionId }, 'id = :id', { id: payment.id });
  } catch (error) {
    throw isDuplicateKey(error) ? idUsed(payment.transactionId ?? '') : error;
  }
  await close(ctx, state, before, payment, 'submitted');
  return { payment, order: state.order, changed: true };
}

/** The wallet id a customer typed at the checkout waits for somebody to find the money. */
export async function submitWithOrder(
  ctx: CommandContext,
  { order }: OrderState,
  input: PlaceOrderInput,
): Promise<void> {
  if (!input.payment) return;
  const transactionId = readTransactionId(order.paymentMethod, input.payment.transactionId);
  await knownPayment(ctx, order, order.paymentMethod, transactionId);
  const payment = newPayment(ctx, order, {
    method: order.paymentMethod,
    amountMinor: amountAwaited(order, { method: order.paymentMethod as PaymentInput['method'] }),
    transactionId,
    payerPhone: input.payment.payerPhone,
    status: 'submitted',
  });
  await insertPayment(ctx, payment);
  emitForOrder(ctx, order, 'payment.submitted', paymentFacts(payment));
}

async function decide(
  ctx: CommandContext,
  state: OrderState,
  payment: PaymentRow,
  input: Pick<PaymentInput, 'method' | 'amountMinor' | 'acceptDifference'>,
): Promise<PaymentResult> {
  payment.amountMinor = amountToRecord(state.order, {
    ...input,
    amountMinor: input.amountMinor ?? payment.amountMinor,
  });
  await settle(ctx, state, payment, 'recorded', { wasSubmitted: true });
  return { payment, order: state.order, changed: true };
}

/** Posts what came in and moves the order's payment axis. */
async function settle(
  ctx: CommandContext,
  state: OrderState,
  payment: PaymentRow,
  status: PaymentState,
  options: { wasSubmitted: boolean },
): Promise<void> {
  const before = snapshot(state);
  const { order } = state;
  if (options.wasSubmitted) order.submittedPayments -= 1;
  if (status === 'recorded') {
    const postings =
      payment.method === 'cod'
        ? codRemitted({ grossMinor: payment.amountMinor, chargesMinor: 0, feesMinor: 0, consignment: order.number })
        : paid({
            method: payment.method as CashMethod,
            amountMinor: payment.amountMinor,
            balanceDueMinor: order.receivableMinor,
          });
    await postForOrder(ctx, order, { event: payment.method === 'cod' ? 'cod_remitted' : 'paid', postings });
    order.paidMinor += payment.amountMinor;
    order.expiresAt = null;
  } else if (status === 'submitted') {
    order.submittedPayments += 1;
    order.expiresAt = null;
  } else {
    order.expiresAt = lapsesAgainAt(order, ctx.now);
  }
  await close(ctx, state, before, payment, status);
  if (status === 'recorded' && order.receivableMinor === 0) await releaseHoldsOf(ctx, order, HOLD_OWNER);
  await completeWhenSettled(ctx, state);
}

const EVENTS: Readonly<Record<PaymentState, string>> = {
  submitted: 'payment.submitted',
  recorded: 'payment.recorded',
  rejected: 'payment.failed',
  failed: 'payment.failed',
};

async function close(
  ctx: CommandContext,
  state: OrderState,
  before: OrderState,
  payment: PaymentRow,
  status: PaymentState,
): Promise<void> {
  const { order } = state;
  payment.status = status;
  payment.decidedAt = status === 'submitted' ? null : ctx.now;
  payment.decidedBy = status === 'submitted' ? null : ctx.actor.name;
  const { amountMinor, reason, decidedAt, decidedBy } = payment;
  await ctx.update(payments, { status, amountMinor, reason, decidedAt, decidedBy }, 'id = :id', { id: payment.id });
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  ctx.audit({
    action: `payment.${status}`,
    subjectType: 'payment',
    subjectId: payment.id,
    storeId: order.storeId,
    orderId: order.id,
    before: { paymentStatus: before.order.paymentStatus },
    after: { paymentStatus: order.paymentStatus, method: payment.method, amountMinor },
    note: reason ?? undefined,
  });
  emitForOrder(ctx, order, EVENTS[status], paymentFacts(payment));
}

function paymentFacts(payment: PaymentRow): Record<string, unknown> {
  const { id, method, status, amountMinor, currency } = payment;
  return { payment: { id, method, status, amountMinor, currency } };
}
