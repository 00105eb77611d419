import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError, NotFoundError } from '../platform/errors';
import { holdSentence } from './guards';
import { emitForOrder } from './move-order';
import { isFinal } from './order-moves';
import { lockState } from './order-state';
import { openHolds } from './order-view';
import { type OrderHoldRow, orderHolds, type OrderRow } from './orders.models';
import type { HoldInput } from './orders.schema';

export const holdOrders = permission('order.hold', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
]);

/** Stops the moves we choose until the hold is released by its handle. Throws 409 ORDER_FINAL. */
export async function placeHold(
  ctx: CommandContext,
  idOrNumber: string,
  input: HoldInput,
  owner = ctx.actor.name,
): Promise<OrderHoldRow> {
  const { order } = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, holdOrders, order.storeId);
  if (isFinal(order.status)) {
    throw new ConflictError('ORDER_FINAL', `The order is ${order.status}; there is nothing left to hold.`, {
      facts: { orderStatus: order.status },
    });
  }
  const hold: OrderHoldRow = {
    id: ctx.newId(),
    orderId: order.id,
    reason: input.reason,
    note: input.note,
    owner,
    lineIds: input.lineIds,
    expiresAt: input.expiresAt ? new Date(input.expiresAt).toISOString() : null,
    placedAt: ctx.now,
    releasedAt: null,
    releasedBy: null,
  };
  ctx.insert(orderHolds, hold);
  ctx.audit({
    action: 'order.hold',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { handle: hold.id, reason: hold.reason },
    note: hold.note,
  });
  emitForOrder(ctx, order, 'order.held', { handle: hold.id, reason: hold.reason });
  return hold;
}

/** Throws 409 ORDER_ON_HOLD, for what is no move. `andThen` ends the sentence, such as ", then make the label". */
export async function assertNotHeld(ctx: CommandContext, orderId: string, andThen = ''): Promise<void> {
  const [hold] = await openHolds(ctx, orderId);
  if (!hold) return;
  throw new ConflictError('ORDER_ON_HOLD', `${holdSentence(hold)} Release the hold first${andThen}.`, {
    facts: { handle: hold.id, reason: hold.reason },
  });
}

/** Throws 404 HOLD_NOT_FOUND. Releasing twice changes nothing. */
export async function releaseHold(ctx: CommandContext, idOrNumber: string, handle: string): Promise<OrderHoldRow> {
  const { order } = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, holdOrders, order.storeId);
  const hold = await ctx.get(orderHolds, 'id = :handle AND order_id = :orderId', { handle, orderId: order.id });
  if (!hold)
    throw new NotFoundError('HOLD_NOT_FOUND', 'This order has no such hold. Its holds stand in GET /orders/:id.');
  if (hold.releasedAt) return hold;
  await endHold(ctx, order, hold);
  return { ...hold, releasedAt: ctx.now, releasedBy: ctx.actor.name };
}

/** What put these holds has come right, such as a payment that failed and then came. */
export async function releaseHoldsOf(ctx: CommandContext, order: OrderRow, owner: string): Promise<void> {
  const where = 'order_id = :orderId AND owner = :owner AND released_at IS NULL ORDER BY id';
  const holds = await ctx.find(orderHolds, where, { orderId: order.id, owner });
  for (const hold of holds) await endHold(ctx, order, hold);
}

async function endHold(ctx: CommandContext, order: OrderRow, { id: handle, reason }: OrderHoldRow): Promise<void> {
  const released = { releasedAt: ctx.now, releasedBy: ctx.actor.name };
  await ctx.update(orderHolds, released, 'id = :handle AND released_at IS NULL', { handle });
  ctx.audit({
    action: 'order.release',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    before: { handle, reason },
  });
  emitForOrder(ctx, order, 'order.released', { handle, reason });
}
