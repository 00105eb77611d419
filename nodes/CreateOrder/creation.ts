import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview } from '../shared/fields';
import { Refusal } from '../shared/refusal';
import type { Order, Problem } from '../shared/service';
import { executionName, idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';
import { orderFromFields } from './orderFromFields';

interface Creation {
  order: Order;
  /** False when an order with this number and these goods was there already. */
  created: boolean;
  effects?: IDataObject;
}

interface Imported {
  done: boolean;
  result?: Order & { changed: boolean };
  problem?: Problem;
  effects?: IDataObject;
}

type Source = 'fields' | 'shopify' | 'woocommerce';

export async function createOrder(context: IExecuteFunctions, itemIndex: number): Promise<Creation> {
  const source = context.getNodeParameter('source', itemIndex) as Source;
  const isForm = source === 'fields';
  const order = isForm ? orderFromFields(context, itemIndex) : shopOrder(context, itemIndex);
  const options = context.getNodeParameter(isForm ? 'options' : 'shopOptions', itemIndex, {}) as IDataObject;
  const { items } = await callService<{ items: [Imported] }>(context, {
    method: 'POST',
    path: '/orders/import',
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: {
      format: isForm ? 'orderloom' : source,
      orders: [order],
      storeId: options.storeId,
      paymentMethod: isForm ? undefined : options.paymentMethod,
    },
    idempotencyKey: keyOf(context, itemIndex, isForm ? order.number : (order.number ?? order.name ?? order.id)),
    eventId: startingEventId(context, itemIndex),
  });
  const [{ result, problem, effects }] = items;
  if (!result) throw new Refusal(problem?.status ?? 422, problem ?? {});
  const { changed, ...placed } = result;
  return { order: placed as Order, created: changed, effects };
}

/**
 * The number is what tells orders apart, and the service knows it for ever: another run gets the order as it is then.
 * Without a number the reference must do.
 */
function keyOf(context: IExecuteFunctions, itemIndex: number, number: unknown): string {
  const name = typeof number === 'string' || typeof number === 'number' ? String(number) : '';
  if (name === '') return idempotencyKey('order', referenceOf(context, itemIndex));
  return idempotencyKey('order', name, executionName(context), context.getNode().name, String(itemIndex));
}

/** The field gives an object, or its text when it was typed or came from a file. */
function shopOrder(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const value = context.getNodeParameter('orderJson', itemIndex) as unknown;
  const order = typeof value === 'string' ? parsed(value) : value;
  if (order !== null && typeof order === 'object' && !Array.isArray(order)) return order as IDataObject;
  throw new NodeOperationError(context.getNode(), 'The order is no JSON object', {
    itemIndex,
    description: 'Give one order as the shop sends it. For a list, put n8n’s Split Out before this step.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Answered as what it is: no object.
    return undefined;
  }
}
