import { authorise } from '../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { prepareLines } from './change-order';
import { type OrderState, saveState, snapshot } from './order-state';
import { orderMoveLog } from './orders.models';

/**
 * Writes down how many units of each line are packed in all; a line that is not named has none. The state must be
 * ours. Throws 409 PACKED_TOO_MANY.
 */
export async function recordPacked(
  ctx: CommandContext,
  state: OrderState,
  packed: ReadonlyMap<string, number>,
): Promise<void> {
  const { order, lines } = state;
  authorise(ctx.actor, prepareLines, order.storeId);
  const changed = lines.filter((line) => (packed.get(line.id) ?? 0) !== line.packedQuantity);
  if (changed.length === 0) return;
  const before = snapshot(state);
  for (const line of changed) {
    const quantity = packed.get(line.id) ?? 0;
    // Fewer than before is always possible, also once the order wants fewer than are packed.
    if (quantity > line.packedQuantity && quantity > line.preparedQuantity) {
      throw new ConflictError(
        'PACKED_TOO_MANY',
        `${line.preparedQuantity} of ${line.sku} are prepared, so ${quantity} cannot be packed. Pick the rest first.`,
        { facts: { lineId: line.id, preparedQuantity: line.preparedQuantity } },
      );
    }
    line.packedQuantity = quantity;
  }
  await saveState(ctx, before, state);
  ctx.audit({
    action: 'order.pack',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { lines: changed.map(({ id, sku, packedQuantity }) => ({ id, sku, packedQuantity })) },
  });
}

const LEAVING = ['ship', 'reattempt', 'deliver', 'complete'] as const;

/**
 * The version of each order at which goods last left the house: what was packed before it is gone. An order whose goods
 * came back to the counter, or never left, has none.
 */
export async function lastLeftAt(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, number>> {
  const moves = await ctx.find(
    orderMoveLog,
    `order_id IN (:orderIds) AND (move IN (:leaving) OR (move = 'ready' AND from_status = 'delivery_failed'))
     ORDER BY order_version`,
    { orderIds, leaving: LEAVING },
  );
  const left = new Map<string, number>();
  for (const { orderId, move, orderVersion } of moves) {
    if (move === 'ready') left.delete(orderId);
    else left.set(orderId, orderVersion);
  }
  return left;
}
