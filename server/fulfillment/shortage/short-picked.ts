import type { ShortPicked } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { linesOf } from '../tasks/find-tasks';
import { tasks } from '../tasks/tasks.models';

/** What the order's last picking gave up on; nothing while somebody is picking what is left. */
export async function readShortPicked(ctx: ReadContext, orderId: string): Promise<ShortPicked | undefined> {
  const where = `order_id = :orderId AND kind = 'picking' AND status <> 'cancelled' ORDER BY round DESC`;
  const last = await ctx.get(tasks, where, { orderId });
  if (!last?.closedAt) return undefined;
  const units = new Map<string, number>();
  for (const { lineId, shortQuantity } of await linesOf(ctx, [last.id])) {
    if (shortQuantity > 0) units.set(lineId, (units.get(lineId) ?? 0) + shortQuantity);
  }
  return { closedAt: last.closedAt, units };
}
