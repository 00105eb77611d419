import type { OrderRow } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { type LabelFormat, type LabelRow, labels } from './labels.models';

/** A label as the API shows it; `format` is the one asked for, since either can be printed. */
export function viewLabel(label: LabelRow, publicUrl: string, format: LabelFormat = label.format) {
  const { id, orderId, orderNumber, status, prints, createdAt, createdBy, printedAt, voidedAt, voidedBy, voidReason } =
    label;
  const documentUrl = status === 'active' ? `${publicUrl}/api/v1/orders/${orderId}/documents/label.${format}` : null;
  const reprints = Math.max(0, prints - 1);
  const times = { createdAt, createdBy, printedAt, voidedAt, voidedBy, voidReason };
  return { id, orderId, orderNumber, status, format, documentUrl, reprints, ...times };
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

/** The label that is stuck to the order's parcel, if it has one. */
export function activeLabel(ctx: ReadContext, orderId: string): Promise<LabelRow | undefined> {
  return ctx.get(labels, 'order_id = :orderId AND active_marker = 1', { orderId });
}
