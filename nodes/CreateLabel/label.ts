import { NodeOperationError } from 'n8n-workflow';
import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isPreview } from '../shared/fields';
import { fetchOrder, freshened, isSummary, requireReference } from '../shared/orders';
import type { Order, OrderSummary } from '../shared/service';
import { idempotencyKey, startingEventId } from '../shared/startingEvent';
import { callService, fetchFile } from '../shared/transport';

interface Label extends IDataObject {
  id: string;
  status: string;
}

interface Package extends IDataObject {
  id: string;
  number: number;
  status: string;
}

export interface Labelled {
  order: Order;
  label: IDataObject;
}

/** The order's active label, made now if there is none. */
export async function createLabel(context: IExecuteFunctions, itemIndex: number): Promise<Labelled> {
  const order = await fetchOrder(context, requireReference(context, itemIndex));
  const format = formatOf(context, itemIndex);
  const packageId = packageOf(context, itemIndex, order);
  // The first label of this parcel, the second after one was voided: asked for again it is the same intention. The next
  // part of an order that leaves in parts, and an order that is packed by now, have another.
  const parcel = packageId ?? (unitsGone(order) || undefined);
  const number = [voidedLabels(order) + 1, parcel].filter((part) => part !== undefined).join('.');
  const { order: after, ...label } = await callService<IDataObject>(context, {
    method: 'POST',
    path: `/orders/${encodeURIComponent(order.id)}/labels`,
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: { format, packageId },
    idempotencyKey: idempotencyKey('label', order.id, format, number),
    eventId: startingEventId(context, itemIndex),
  });
  return { order: freshened(order, after) as Order, label };
}

/** The label as a file of n8n. */
export async function fetchLabel(
  context: IExecuteFunctions,
  itemIndex: number,
  { orderId, labelId }: { orderId: string; labelId: string },
): Promise<IBinaryData> {
  const { content, fileName, mediaType } = await fetchFile(context, {
    path: `/orders/${encodeURIComponent(orderId)}/documents/label.${formatOf(context, itemIndex)}`,
    query: { label: labelId },
    eventId: startingEventId(context, itemIndex),
  });
  return context.helpers.prepareBinaryData(content, fileName, mediaType);
}

/** An item keeps as much of its order as it had. */
export function labelledOrder(item: INodeExecutionData, order: Order): OrderSummary {
  const known = item.json.order;
  return isSummary(known) && known.id === order.id ? freshened(known, summaryOf(order)) : order;
}

function summaryOf({ id, number, status, version }: Order): OrderSummary {
  return { id, number, status, version };
}

function formatOf(context: IExecuteFunctions, itemIndex: number): string {
  return context.getNodeParameter('format', itemIndex) as string;
}

/** The id of the package that is meant; undefined when the first without a label is. */
function packageOf(context: IExecuteFunctions, itemIndex: number, { packages }: Order): string | undefined {
  const { packageNumber = 0 } = context.getNodeParameter('options', itemIndex, {}) as { packageNumber?: number };
  if (packageNumber === 0) return undefined;
  const found = ((packages ?? []) as Package[]).find(
    ({ number, status }) => number === packageNumber && status !== 'void',
  );
  if (found) return found.id;
  throw new NodeOperationError(context.getNode(), `The order has no package ${packageNumber}`, {
    itemIndex,
    description: 'Pack it first, or leave the number at 0 for the first package without a label.',
  });
}

function unitsGone({ lines }: Order): number {
  const shipped = ((lines ?? []) as { shippedQuantity?: number }[]).map(({ shippedQuantity }) => shippedQuantity ?? 0);
  return shipped.reduce((sum, units) => sum + units, 0);
}

function voidedLabels({ labels }: Order): number {
  return ((labels ?? []) as Label[]).filter(({ status }) => status !== 'active').length;
}
