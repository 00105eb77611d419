import { auditRows } from '../platform/audit/audit.models';
import type { ReadContext } from '../platform/context';
import type { OrderMove } from './order-moves';
import { readState } from './order-state';
import { orderMoveLog, type OrderMoveRow } from './orders.models';

const EVENTS_MAX = 500;

/** An order's timeline, newest last: who did what, when, from which run. */
export async function orderHistory(ctx: ReadContext, idOrNumber: string): Promise<Record<string, unknown>[]> {
  const { order } = await readState(ctx, idOrNumber);
  const rows = await ctx.find(auditRows, `order_id = :orderId ORDER BY id LIMIT ${EVENTS_MAX}`, { orderId: order.id });
  return rows.map((row) => ({
    at: row.at,
    action: row.action,
    actor: { name: row.actorName, role: row.role },
    before: row.beforeValues,
    after: row.afterValues,
    note: row.note,
    ...(row.executionId
      ? { execution: { workflowId: row.workflowId, executionId: row.executionId, node: row.node } }
      : {}),
  }));
}

/** The last time an order made this move, with the reason given for it. */
export function lastMoveOf(ctx: ReadContext, orderId: string, move: OrderMove): Promise<OrderMoveRow | undefined> {
  return ctx.get(orderMoveLog, 'order_id = :orderId AND move = :move ORDER BY order_version DESC', { orderId, move });
}

/** The move that brought an order where it stands; none before its first. */
export function latestMoveOf(ctx: ReadContext, orderId: string): Promise<OrderMoveRow | undefined> {
  return ctx.get(orderMoveLog, 'order_id = :orderId ORDER BY order_version DESC', { orderId });
}
