import { codRemitted, paid, type CashMethod } from '../accounting';
import {
  completeWhenSettled,
  emitForOrder,
  lockState,
  type OrderRow,
  type OrderState,
  placeHold,
  type PlaceOrderInput,
  postForOrder,
  refreshPaymentStatus,
  saveState,
  snapshot,
} from '../orders';
import { authorise, permission } from '../platform/auth/permissions';
import { plusMs } from '../platform/clock';
import type { CommandContext } from '../platform/context';
import { ConflictError, NotFoundError } from '../platform/errors';
import { isDuplicateKey } from '../platform/database/database';
import { type PaymentRow, type PaymentState, payments } from './payments.models';
import type { PaymentInput } from './payments.schema';
import { readTransactionId } from './transaction-ids';

export const recordPayments = permission('payment.record', ['store_manager', 'cashier']);

/** After a rejected payment the customer has this long to pay before the goods go back. */
const SECOND_CHANCE_MS = 24 * 3_600_000;

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
  const transactionId = readTransactionId(input.method, input.transactionId);
  const known = await knownPayment(ctx, state.order, input.method, transactionId);
  if (known?.status === 'recorded') return { payment: known, order: state.order, changed: false };
  if (known?.status === 'submitted' && input.result === 'recorded') return decide(ctx, state, known, input);
  if (known && input.result === 'submitted') return { payment: known, order: state.order, changed: false };
  const status: PaymentState = input.result;
  const amountMinor = status === 'recorded' ? amountToRecord(state.order, input) : (input.amountMinor ?? owed(state.order, input.method));
  const payment = known ?? newPayment(ctx, state.order, { ...input, transactionId, amountMinor, status });
  if (!known) await insertPayment(ctx, payment);
  await settle(ctx, state, payment, status, { wasSubmitted: false });
  if (status === 'failed') await holdForPayment(ctx, state.order, payment);
  return { payment, order: state.order, changed: true };
}

/** Nothing goes on until somebody retried the payment or released the hold. */
async function holdForPayment(ctx: CommandContext, order: OrderRow, payment: PaymentRow): Promise<void> {
  const note = `The payment by ${payment.method} failed${payment.reason ? `: ${payment.reason}` : ''}. Retry it, or release the hold.`;
  await placeHold(ctx, order.id, { reason: 'payment', note, lineIds: [] });
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
  if (state.order.status === 'pending') state.order.expiresAt = plusMs(ctx.now, SECOND_CHANCE_MS);
  await close(ctx, state, before, payment, 'rejected');
  return { payment, order: state.order, changed: true };
}

/** A rejected or failed payment is submitted again, perhaps with the right transaction id. */
export async function retryPayment(ctx: CommandContext, paymentId: string, typedId: string | undefined): Promise<PaymentResult> {
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
export async function submitWithOrder(ctx: CommandContext, { order }: OrderState, input: PlaceOrderInput): Promise<void> {
  if (!input.payment) return;
  const transactionId = readTransactionId(order.paymentMethod, input.payment.transactionId);
  await knownPayment(ctx, order, order.paymentMethod, transactionId);
  const payment = newPayment(ctx, order, {
    method: order.paymentMethod,
    amountMinor: order.receivableMinor,
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
  payment.amountMinor = amountToRecord(state.order, { ...input, amountMinor: input.amountMinor ?? payment.amountMinor });
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
  if (status === 'recorded') {
    if (options.wasSubmitted) order.submittedPayments -= 1;
    const postings =
      payment.method === 'cod'
        ? codRemitted({ grossMinor: payment.amountMinor, chargesMinor: 0, feesMinor: 0, consignment: order.number })
        : paid({ method: payment.method as CashMethod, amountMinor: payment.amountMinor, balanceDueMinor: order.receivableMinor });
    await postForOrder(ctx, order, { event: payment.method === 'cod' ? 'cod_remitted' : 'paid', postings });
    order.paidMinor += payment.amountMinor;
    order.expiresAt = null;
  } else if (status === 'submitted') {
    order.submittedPayments += 1;
    order.expiresAt = null;
  }
  await close(ctx, state, before, payment, status);
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

/** What is owed by the way it is paid: the courier owes what it collected, the customer the rest. */
function owed(order: OrderRow, method: string): number {
  return method === 'cod' ? order.clearingMinor : order.receivableMinor;
}

function amountToRecord(order: OrderRow, input: Pick<PaymentInput, 'method' | 'amountMinor' | 'acceptDifference'>): number {
  const due = owed(order, input.method);
  const amountMinor = input.amountMinor ?? due;
  if (input.method === 'cod' && (due === 0 || amountMinor > due)) {
    throw new ConflictError('COD_NOT_COLLECTED', `The courier holds ${due} ${order.currency} (minor units) of this order, not ${amountMinor}. Cash on delivery is recorded after the delivery.`, {
      facts: { clearingMinor: due, amountMinor },
    });
  }
  if (amountMinor === 0) {
    throw new ConflictError('NOTHING_DUE', 'Nothing is due on this order. To record money that came anyway, give its amount and acceptDifference.', {
      facts: { balanceDueMinor: due, paymentStatus: order.paymentStatus },
    });
  }
  if (amountMinor !== due && !input.acceptDifference) {
    throw new ConflictError(
      'AMOUNT_MISMATCH',
      `${amountMinor} was paid but ${due} ${order.currency} (minor units) is due. Check the amount, or send acceptDifference to record it as it is.`,
      {
        errors: [{ path: 'amountMinor', code: 'AMOUNT_MISMATCH', message: `The balance due is ${due}.` }],
        facts: { amountMinor, balanceDueMinor: due, differenceMinor: amountMinor - due },
      },
    );
  }
  return amountMinor;
}

function newPayment(
  ctx: CommandContext,
  order: OrderRow,
  facts: { method: string; amountMinor: number; transactionId: string | null; payerPhone?: string; reason?: string; status: PaymentState },
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
async function knownPayment(
  ctx: CommandContext,
  order: OrderRow,
  method: string,
  transactionId: string | null,
): Promise<PaymentRow | undefined> {
  if (transactionId === null) return undefined;
  const known = await ctx.get(payments, 'method = :method AND transaction_id = :transactionId', { method, transactionId });
  if (known && (known.orderId !== order.id || known.status === 'rejected')) throw idUsed(transactionId, known);
  return known;
}

async function insertPayment(ctx: CommandContext, payment: PaymentRow): Promise<void> {
  ctx.insert(payments, payment);
  try {
    await ctx.flush();
  } catch (error) {
    throw isDuplicateKey(error) ? idUsed(payment.transactionId ?? '') : error;
  }
}

function idUsed(transactionId: string, known?: PaymentRow): ConflictError {
  return new ConflictError('TRANSACTION_ID_USED', `The transaction id ${transactionId} was used before. Ask the customer for the right one.`, {
    errors: [{ path: 'transactionId', code: 'TRANSACTION_ID_USED', message: 'Each transaction id counts once.' }],
    facts: known ? { paymentId: known.id, orderId: known.orderId, paymentStatus: known.status } : {},
  });
}

async function lockPayment(ctx: CommandContext, paymentId: string): Promise<{ payment: PaymentRow; state: OrderState }> {
  const seen = await ctx.get(payments, 'id = :paymentId', { paymentId });
  if (!seen) throw new NotFoundError('PAYMENT_NOT_FOUND', 'There is no such payment. An order’s payments stand in GET /orders/:id.');
  const state = await lockState(ctx, seen.orderId);
  authorise(ctx.actor, recordPayments, state.order.storeId);
  // Read again: the order's lock is what makes one decision at a time.
  const [payment] = await ctx.lock(payments, 'id = :paymentId', { paymentId });
  return { payment: payment ?? seen, state };
}

function assertSubmitted(payment: PaymentRow): void {
  if (payment.status !== 'submitted') throw decided(payment);
}

function decided(payment: PaymentRow): ConflictError {
  return new ConflictError('PAYMENT_DECIDED', `This payment is ${payment.status} already.`, {
    facts: { paymentStatus: payment.status, decidedAt: payment.decidedAt },
  });
}
