import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview } from '../shared/fields';
import { fetchOrder, requireReference } from '../shared/orders';
import { Refusal } from '../shared/refusal';
import type { Order, Payment } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';

export const PAID = 0;
export const MISMATCH = 1;

export interface Outcome {
  output: typeof PAID | typeof MISMATCH;
  order: Order;
  payment: IDataObject;
}

type Recorded = Payment & { order?: Partial<Order> };

/** Refusals that say the money does not fit the order. A person decides; the run has not failed. */
const MISMATCHES = ['AMOUNT_MISMATCH', 'TRANSACTION_ID_USED', 'TRANSACTION_ID_MALFORMED'];

export async function markPaid(context: IExecuteFunctions, itemIndex: number): Promise<Outcome> {
  const order = await fetchOrder(context, requireReference(context, itemIndex));
  const source = context.getNodeParameter('source', itemIndex) as 'submitted' | 'transaction' | 'cash';
  if (source === 'submitted') return settleSubmitted(context, itemIndex, order);
  const method = source === 'cash' ? 'cash' : (context.getNodeParameter('method', itemIndex) as string);
  const transactionId =
    source === 'cash' ? undefined : (context.getNodeParameter('transactionId', itemIndex) as string);
  return record(context, itemIndex, order, {
    path: `/orders/${encodeURIComponent(order.id)}/payments`,
    fact: transactionId ? `${method}-${transactionId}` : `${method}:${referenceOf(context, itemIndex)}`,
    body: { method, transactionId, event: startingEventId(context, itemIndex) },
  });
}

/** The transaction id that came with the order: verified when there is one, and no obstacle when none is needed. */
async function settleSubmitted(context: IExecuteFunctions, itemIndex: number, order: Order): Promise<Outcome> {
  const payments = order.payments ?? [];
  const submitted = payments.find(({ status }) => status === 'submitted');
  if (submitted) {
    return record(context, itemIndex, order, {
      path: `/payments/${encodeURIComponent(submitted.id)}/verify`,
      fact: `verify-${submitted.id}`,
      body: {},
    });
  }
  if (Number(order.balanceDueMinor ?? 0) <= 0) {
    const recorded = payments.find(({ status }) => status === 'recorded');
    return { output: PAID, order, payment: recorded ?? { due: 'nothing' } };
  }
  if (isDueAtHandOver(order)) return { output: PAID, order, payment: { due: 'at hand-over' } };
  const detail = 'No transaction ID came with this order, and money is still due.';
  return {
    output: MISMATCH,
    order,
    payment: { code: 'TRANSACTION_ID_MISSING', detail, balanceDueMinor: order.balanceDueMinor },
  };
}

/** Paid at the door to the courier, or in cash at the counter: nothing to verify before. */
function isDueAtHandOver({ paymentMethod, fulfillmentMethod }: Order): boolean {
  return paymentMethod === 'cod' || (paymentMethod === 'cash' && fulfillmentMethod !== 'delivery');
}

async function record(
  context: IExecuteFunctions,
  itemIndex: number,
  order: Order,
  command: { path: string; fact: string; body: IDataObject },
): Promise<Outcome> {
  const { amountMinor, acceptDifference } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  try {
    const { order: after, ...payment } = await callService<Recorded>(context, {
      method: 'POST',
      path: command.path,
      query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
      idempotencyKey: idempotencyKey('paid', order.id, command.fact),
      eventId: startingEventId(context, itemIndex),
      body: { ...command.body, amountMinor: amountMinor || undefined, acceptDifference: acceptDifference || undefined },
    });
    const isPlan = isPreview(context, itemIndex);
    return { output: PAID, order: isPlan ? order : ({ ...order, ...after } as Order), payment };
  } catch (error) {
    if (!(error instanceof Refusal) || !MISMATCHES.includes(error.code)) return Promise.reject(error as Error);
    return { output: MISMATCH, order, payment: error.facts };
  }
}
