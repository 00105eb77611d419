import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isPreview } from '../shared/fields';
import { fetchOrder, requireReference } from '../shared/orders';
import { skuOf } from '../shared/products';
import type { Order } from '../shared/service';
import { idempotencyKey, referenceOf, startingEventId } from '../shared/startingEvent';
import { callService } from '../shared/transport';
import type { Operation } from './stockFields';

interface StockUpdate {
  /** Of a dispatch only; the other operations are about no order. */
  order?: Order;
  stock: IDataObject;
}

type Line = IDataObject;

export async function updateStock(context: IExecuteFunctions, itemIndex: number): Promise<StockUpdate> {
  const operation = context.getNodeParameter('operation', itemIndex) as Operation;
  if (operation === 'dispatch') return dispatch(context, itemIndex);
  const { method, path } = ENDPOINTS[operation];
  const answer = await callService<IDataObject>(context, {
    method,
    path,
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: bodyOf(context, itemIndex, operation),
    idempotencyKey: idempotencyKey('stock', operation, referenceOf(context, itemIndex)),
    eventId: startingEventId(context, itemIndex),
  });
  return { stock: { operation, ...answer } };
}

const ENDPOINTS = {
  adjust: { method: 'POST', path: '/inventory/adjustments' },
  receive: { method: 'POST', path: '/inventory/receipts' },
  return: { method: 'PUT', path: '/inventory/return' },
  transfer: { method: 'POST', path: '/inventory/transfers' },
} as const;

/**
 * The order's version stands in the key: what more was prepared since the last dispatch leaves by a key of its own,
 * and what has left already is passed over by the service.
 */
async function dispatch(context: IExecuteFunctions, itemIndex: number): Promise<StockUpdate> {
  const order = await fetchOrder(context, requireReference(context, itemIndex));
  const answer = await callService<IDataObject>(context, {
    method: 'POST',
    path: '/inventory/dispatch',
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: { orderId: order.id },
    idempotencyKey: idempotencyKey('dispatch', order.id, `v${order.version}`, referenceOf(context, itemIndex)),
    eventId: startingEventId(context, itemIndex),
  });
  const { order: after, ...stock } = answer;
  return { order: { ...order, ...(after as Partial<Order>) }, stock: { operation: 'dispatch', ...stock } };
}

function bodyOf(context: IExecuteFunctions, itemIndex: number, operation: Exclude<Operation, 'dispatch'>): IDataObject {
  const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const lines = (context.getNodeParameter('lines.line', itemIndex, []) as Line[]).map((line) =>
    lineOf(operation, line),
  );
  const moved = operation === 'transfer';
  return {
    lines,
    from: moved ? context.getNodeParameter('from', itemIndex) : undefined,
    to: moved ? context.getNodeParameter('to', itemIndex) : undefined,
    location: moved ? undefined : filled(options.location),
    reference: filled(options.document),
    // A correction has its note on each line.
    note: operation === 'adjust' ? undefined : filled(options.note),
    storeId: filled(options.storeId),
  };
}

/** Each operation has lines of its own kind; what its fields leave empty is not sent. */
function lineOf(operation: Exclude<Operation, 'dispatch'>, line: Line): IDataObject {
  const { quantity } = line;
  const sku = skuOf(line.sku);
  if (operation === 'receive')
    return { sku, quantity, ...(line.useUnitCost ? { unitCostMinor: line.unitCostMinor } : {}) };
  if (operation === 'transfer') return { sku, quantity };
  if (operation === 'return') return { sku, quantity, outcome: line.outcome };
  const { mode, reason, note } = line;
  const difference = mode === 'counted' ? { countedQuantity: line.counted } : { delta: line.difference };
  return { sku, ...difference, reason, ...(note ? { note } : {}) };
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
