import type { ReadContext } from '../platform/context';
import { complianceSection } from './compliance/compliance-section';
import { stageOf } from './order-lines';
import { orderSections } from './order-extensions';
import { type OrderState } from './order-state';
import { type OrderHoldRow, type OrderLineRow, type OrderRow, orderHolds } from './orders.models';

export type LineView = Omit<OrderLineRow, 'orderId' | 'position'>;

export interface OrderView {
  id: string;
  storeId: string;
  number: string;
  status: OrderRow['status'];
  version: number;
  notes: string;
  currency: string;
  paymentMethod: string;
  fulfillmentMethod: OrderRow['fulfillmentMethod'];
  balanceDueMinor: number;
  totalMinor: number;
  customer: { name: string; email: string | null; phone: string | null };
  lines: LineView[];
  [more: string]: unknown;
}

/** What the API answers for an order. Contact data is masked for those who only read figures. */
export function viewOrder({ order, lines }: OrderState, ctx: ReadContext): OrderView {
  const { customerName, customerEmail, customerPhone, receivableMinor, submittedPayments, ...more } = order;
  const { customerPhoneKey: _phoneKey, customerEmailKey: _emailKey, ...rest } = more;
  const masked = ctx.actor.role === 'reporting';
  return {
    ...rest,
    submittedPayments,
    stage: stageOf(lines),
    balanceDueMinor: receivableMinor,
    customer: masked
      ? { name: maskWord(customerName), email: maskWord(customerEmail), phone: maskWord(customerPhone) }
      : { name: customerName, email: customerEmail, phone: customerPhone },
    shippingAddress: masked && order.shippingAddress ? { city: order.shippingAddress.city } : order.shippingAddress,
    lines: lines.map(({ orderId: _orderId, position: _position, ...line }) => line),
  };
}

/** The order with its holds and every section the other slices add: payments, tasks and so on. */
export async function viewOrderWithSections(state: OrderState, ctx: ReadContext): Promise<OrderView> {
  const { id } = state.order;
  const holds = await openHolds(ctx, id);
  const sections = await orderSections.read(ctx, [id]);
  const view = viewOrder(state, ctx);
  view.holds = holds.map(viewHold);
  view.compliance = await complianceSection(ctx, state);
  for (const [name, byOrder] of sections) view[name] = byOrder.has(id) ? byOrder.get(id) : [];
  return view;
}

export function openHolds(ctx: ReadContext, orderId: string): Promise<OrderHoldRow[]> {
  return openHoldsOf(ctx, [orderId]);
}

/** The holds in force of several orders. */
export async function openHoldsOf(ctx: ReadContext, orderIds: readonly string[]): Promise<OrderHoldRow[]> {
  if (orderIds.length === 0) return [];
  return ctx.find(
    orderHolds,
    'order_id IN (:orderIds) AND released_at IS NULL AND (expires_at IS NULL OR expires_at > :now) ORDER BY id',
    { orderIds, now: ctx.now },
  );
}

export function viewHold(hold: OrderHoldRow): Record<string, unknown> {
  const { id, orderId: _orderId, releasedAt, releasedBy, ...rest } = hold;
  return { handle: id, ...rest, ...(releasedAt ? { releasedAt, releasedBy } : {}) };
}

function maskWord(word: string): string;
function maskWord(word: string | null): string | null;
function maskWord(word: string | null): string | null {
  return word === null ? null : `${word.slice(0, 1)}***`;
}
