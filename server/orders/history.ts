import type { ReadContext } from '../platform/context';
import { readState } from './order-state';

const EVENTS_MAX = 500;

interface AuditLine {
  id: number;
  at: string;
  action: string;
  actorName: string;
  role: string;
  before: string | null;
  after: string | null;
  note: string | null;
  workflowId: string | null;
  executionId: string | null;
  node: string | null;
}

/** An order's timeline, newest last: who did what, when, from which run. */
export async function orderHistory(ctx: ReadContext, idOrNumber: string): Promise<Record<string, unknown>[]> {
  const { order } = await readState(ctx, idOrNumber);
  const rows = await ctx.select<AuditLine>(
    `SELECT * FROM audit_rows WHERE order_id = :orderId ORDER BY id LIMIT ${EVENTS_MAX}`,
    { orderId: order.id },
  );
  return rows.map(({ at, action, actorName, role, before, after, note, workflowId, executionId, node }) => ({
    at,
    action,
    actor: { name: actorName, role },
    before: parsed(before),
    after: parsed(after),
    note,
    ...(executionId ? { execution: { workflowId, executionId, node } } : {}),
  }));
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
