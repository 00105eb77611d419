import type { ReadContext } from '../../platform/context';
import { type HandOffMethod, handOffMethods } from './hand-off-moves';
import { type HandOffRow, handOffs } from './hand-offs.models';
import { WRONG_TRIES_MAX } from './proof';

/** Where the goods change hands, in words. */
export function placeOf({
  method,
  spot,
  service,
}: {
  method: HandOffMethod;
  spot: string | null;
  service: string | null;
}) {
  const named = spot ?? service;
  return named ? `${handOffMethods[method].title}, ${named}` : handOffMethods[method].title;
}

/** A hand-off as the API shows it: never its code. */
export function viewHandOff(row: HandOffRow) {
  const { openMarker: _open, lastActionId: _action, eventId: _event, ...rest } = row;
  return { ...rest, triesLeft: Math.max(0, WRONG_TRIES_MAX - row.wrongTries) };
}

/** The section `handoffs` of GET /orders/:id. */
export async function handOffsOfOrders(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await ctx.find(handOffs, 'order_id IN (:orderIds) ORDER BY id', { orderIds });
  const byOrder = new Map<string, unknown[]>();
  for (const row of rows) byOrder.set(row.orderId, [...(byOrder.get(row.orderId) ?? []), viewHandOff(row)]);
  return byOrder;
}
