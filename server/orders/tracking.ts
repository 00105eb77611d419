import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { emitForOrder } from './move-order';
import { type OrderState, saveState, snapshot } from './order-state';
import type { OrderStatus } from './order-moves';
import type { Handover, OrderRow } from './orders.models';

export const trackOrders = permission('order.tracking', ['store_manager', 'fulfillment_specialist']);

/** From here on somebody may carry the order, until the customer has it. */
export const TRACKABLE: readonly OrderStatus[] = [
  'confirmed',
  'processing',
  'partially_fulfilled',
  'fulfilled',
  'awaiting_handoff',
  'shipped',
  'delivery_failed',
];

export type Tracking = Pick<Handover, 'carrier' | 'trackingNumber' | 'trackingUrl'>;

/** Throws 403 ROLE_NOT_ALLOWED, 409 ORDER_NOT_FOR_DELIVERY or ORDER_NOT_TRACKABLE. */
export function assertTrackable(ctx: CommandContext, { storeId, status, fulfillmentMethod }: OrderRow): void {
  authorise(ctx.actor, trackOrders, storeId);
  if (fulfillmentMethod !== 'delivery') {
    const message = `The customer fetches this order (${fulfillmentMethod}); nobody carries it, so there is nothing to track.`;
    throw new ConflictError('ORDER_NOT_FOR_DELIVERY', message, { facts: { fulfillmentMethod } });
  }
  if (TRACKABLE.includes(status)) return;
  const when =
    status === 'pending' ? 'Confirm it first' : 'What is with the customer, or over, keeps what it left with';
  const message = `Tracking is written from the confirmation of an order until it is delivered; this one is ${status}. ${when}.`;
  throw new ConflictError('ORDER_NOT_TRACKABLE', message, { facts: { orderStatus: status, trackable: TRACKABLE } });
}

/**
 * Writes down who carries the order and what the customer can look it up by; false when it stands so already. Nobody
 * gets a mail by it. Whoever calls has asked `assertTrackable`.
 */
export async function writeTracking(ctx: CommandContext, state: OrderState, tracking: Tracking): Promise<boolean> {
  const { order } = state;
  const was = trackingIn(order.handover);
  const wanted = trackingIn(tracking);
  if (JSON.stringify(was) === JSON.stringify(wanted)) return false;
  const before = snapshot(state);
  const { carrier: _carrier, trackingNumber: _number, trackingUrl: _url, ...rest } = order.handover;
  order.handover = { ...rest, ...wanted };
  await saveState(ctx, before, state);
  ctx.audit({
    action: 'order.update_tracking',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    before: was,
    after: wanted,
  });
  emitForOrder(ctx, order, 'order.tracking_updated', wanted);
  return true;
}

/** Only what there is, always in the same order. */
function trackingIn({ carrier, trackingNumber, trackingUrl }: Tracking): Record<string, string> {
  const fields = Object.entries({ carrier, trackingNumber, trackingUrl });
  return Object.fromEntries(fields.filter((field): field is [string, string] => Boolean(field[1])));
}
