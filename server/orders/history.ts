import { auditRows } from '../platform/audit/audit.models';
import type { ReadContext } from '../platform/context';
import { readState } from './order-state';

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
