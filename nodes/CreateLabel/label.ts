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

export interface Labelled {
  order: Order;
  label: IDataObject;
}

/** The order's active label, made now if there is none. */
export async function createLabel(context: IExecuteFunctions, itemIndex: number): Promise<Labelled> {
  const order = await fetchOrder(context, requireReference(context, itemIndex));
  const format = formatOf(context, itemIndex);
  // The first label of this order, the second after one was voided: asked for again it is the same intention.
  const number = voidedLabels(order) + 1;
  const { order: after, ...label } = await callService<IDataObject>(context, {
    method: 'POST',
    path: `/orders/${encodeURIComponent(order.id)}/labels`,
    query: isPreview(context, itemIndex) ? { dryRun: 'true' } : undefined,
    body: { format },
    idempotencyKey: idempotencyKey('label', order.id, format, String(number)),
    eventId: startingEventId(context, itemIndex),
  });
  return { order: freshened(order, after) as Order, label };
}

/** The label as a file of n8n. */
export async function fetchLabel(context: IExecuteFunctions, itemIndex: number, orderId: string): Promise<IBinaryData> {
  const { content, fileName, mediaType } = await fetchFile(context, {
    path: `/orders/${encodeURIComponent(orderId)}/documents/label.${formatOf(context, itemIndex)}`,
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

function voidedLabels({ labels }: Order): number {
  return ((labels ?? []) as Label[]).filter(({ status }) => status !== 'active').length;
}
