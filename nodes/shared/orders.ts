import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { orderReference } from './fields';
import type { Order, OrderSummary } from './service';
import { callService } from './transport';

/** The whole order as the service has it now. Throws a Refusal with ORDER_NOT_FOUND when there is none. */
export async function fetchOrder(context: IExecuteFunctions, reference: string): Promise<Order> {
  return callService<Order>(context, { method: 'GET', path: `/orders/${encodeURIComponent(reference)}` });
}

/**
 * The order of this item, without a call when the item carries it already. Every item that leaves a step carries its
 * order, whichever way the order was named.
 */
export async function orderOf(context: IExecuteFunctions, itemIndex: number): Promise<OrderSummary> {
  const reference = requireReference(context, itemIndex);
  const carried = context.getInputData()[itemIndex]?.json.order;
  return isSummary(carried) && carried.id === reference ? carried : fetchOrder(context, reference);
}

export function requireReference(context: IExecuteFunctions, itemIndex: number): string {
  const reference = orderReference(context, itemIndex);
  if (reference !== '') return reference;
  throw new NodeOperationError(context.getNode(), 'There is no order on this item', {
    itemIndex,
    description: 'Choose an order in this node, or put a Retrieve Order or an Order Trigger before it.',
  });
}

export function isSummary(value: unknown): value is OrderSummary {
  const { id, number, status, version } = (value ?? {}) as IDataObject;
  return typeof id === 'string' && number !== undefined && status !== undefined && version !== undefined;
}

/** What is known of the order, brought up to date by an answer about the same order. */
export function freshened(known: OrderSummary, answer: unknown): OrderSummary {
  return isSummary(answer) && answer.id === known.id ? { ...known, ...answer } : known;
}
