import {
  assertMove,
  assertVersion,
  lockState,
  moveOrder,
  type OrderState,
  snapshot,
  type StatusInput,
} from '../orders';
import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { assertAsked, assertMayCancelFor, type CancellationReason } from './cancel-reasons';
import { type CaseWithSteps, latestCase, openCase } from './open-case';

export const cancelOrders = permission('order.cancel', ['store_manager', 'customer_service']);

export interface CancelResult {
  state: OrderState;
  opened: CaseWithSteps;
  changed: boolean;
}

/** What a cancellation needs; a move by status brings the same fields. */
export type CancelRequest = Pick<
  StatusInput,
  'reason' | 'notes' | 'customerContact' | 'requestedAt' | 'restock' | 'notify' | 'version' | 'event'
>;

/**
 * Cancels what has not been handed over, with goods and money, and opens the case that holds what is left to do.
 * Cancelled before, the same case is the answer. Refuses with 409 ORDER_SHIPPED, MOVE_NOT_ALLOWED or VERSION_CONFLICT,
 * 403 ROLE_NOT_ALLOWED, 422 FIELD_REQUIRED or REASON_UNKNOWN.
 */
export async function cancelOrder(
  ctx: CommandContext,
  idOrNumber: string,
  asked: CancelRequest,
): Promise<CancelResult> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, cancelOrders, order.storeId);
  const known = await latestCase(ctx, order.id);
  const isRepeat = asked.event !== undefined && known?.row.eventId === asked.event;
  if (known && (order.status === 'cancelled' || isRepeat)) return { state, opened: known, changed: false };
  if (order.status !== 'cancelled') {
    assertVersion(order, asked.version);
    assertMove(order.status, 'cancel');
  }
  assertAsked(asked, ctx.now);
  assertMayCancelFor(ctx.actor, asked.reason);
  const before = snapshot(state);
  // An order that was cancelled before cases were kept gets its case late.
  const moved = order.status === 'cancelled' ? { state, changed: false } : await move(ctx, order.id, asked);
  const request = requestOf(asked, asked.reason);
  const opened = await openCase(ctx, { before, after: moved.state, request }, (known?.row.round ?? 0) + 1);
  return { state: moved.state, opened, changed: moved.changed };
}

function move(
  ctx: CommandContext,
  orderId: string,
  { reason, notes, restock, event }: CancelRequest,
): Promise<{ state: OrderState; changed: boolean }> {
  return moveOrder(ctx, orderId, { move: 'cancel', reason, notes, restock, event });
}

function requestOf(asked: CancelRequest, reason: CancellationReason) {
  const { notes = '', customerContact = null, requestedAt, restock = true, notify = true, event = null } = asked;
  return {
    reason,
    note: notes,
    customerContact,
    requestedAt: requestedAt ? new Date(requestedAt).toISOString() : null,
    restock,
    notify,
    eventId: event,
  };
}
