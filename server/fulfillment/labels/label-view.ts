import type { OrderRow } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { type LabelFormat, type LabelRow, labels } from './labels.models';

/** A label as the API shows it; `format` is the one asked for, since either can be printed. */
export function viewLabel(label: LabelRow, publicUrl: string, format: LabelFormat = label.format) {
  const { id, orderId, orderNumber, packageId, packageNumber, status, prints } = label;
  const { createdAt, createdBy, printedAt, voidedAt, voidedBy, voidReason } = label;
  // Of several labels of one order the address says which; the only one needs no more than its order.
  const which = packageId ? `?label=${id}` : '';
  const path = `/api/v1/orders/${orderId}/documents/label.${format}${which}`;
  const documentUrl = status === 'active' ? `${publicUrl}${path}` : null;
  const reprints = Math.max(0, prints - 1);
  const times = { createdAt, createdBy, printedAt, voidedAt, voidedBy, voidReason };
  const parcel = { packageId, packageNumber };
  return { id, orderId, orderNumber, ...parcel, status, format, documentUrl, reprints, ...times };
}

/** The order as far as a pipeline's next step needs it. */
export function summaryOf({ id, number, status, version }: OrderRow) {
  return { id, number, status, version };
}

/** The section `labels` of GET /orders/:id, the voided ones included. */
export function labelsOfOrders(publicUrl: string) {
  return async (ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> => {
    const rows = await ctx.find(labels, 'order_id IN (:orderIds) ORDER BY id', { orderIds });
    const ofOrder = (id: string) => rows.filter(({ orderId }) => orderId === id);
    return new Map(orderIds.map((id) => [id, ofOrder(id).map((row) => viewLabel(row, publicUrl))]));
  };
}

/** The active label of that id, or the newest one of the order. */
export function activeLabel(ctx: ReadContext, orderId: string, id?: string): Promise<LabelRow | undefined> {
  const wanted = id === undefined ? '' : ' AND id = :id';
  return ctx.get(labels, `order_id = :orderId AND active_marker = 1${wanted} ORDER BY id DESC`, { orderId, id });
}
