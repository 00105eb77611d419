import type { ReadContext } from '../../platform/context';
import { unitsSetAside } from './task-units';
import { tasks } from './tasks.models';

export interface PutBackState {
  /** Due: somebody is to put goods away. Short: the task ended and goods stayed apart. Kept: goods stay apart on purpose. */
  status: 'nothing' | 'due' | 'done' | 'short' | 'kept';
  /** Units that stock keeps apart or that are in somebody's hand. */
  units: number;
}

/**
 * How far the goods of a cancelled order are back on their shelves. Asked right after the cancellation it counts what
 * the order's open tasks have picked, since those are about to end.
 */
export async function putBackState(
  ctx: ReadContext,
  { orderId, restock }: { orderId: string; restock: boolean },
): Promise<PutBackState> {
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'put_back' ORDER BY round DESC`, { orderId });
  const setAside = [...(await unitsSetAside(ctx, orderId)).values()].reduce((sum, units) => sum + units, 0);
  const [held] = await ctx.select<{ units: number }>(
    `SELECT COALESCE(SUM(CASE WHEN t.kind = 'put_back' THEN l.quantity ELSE l.done_quantity END), 0) AS units
     FROM task_lines l JOIN tasks t ON t.id = l.task_id
     WHERE t.order_id = :orderId AND t.open_marker = 1 AND t.kind IN ('picking', 'put_back')`,
    { orderId },
  );
  const units = setAside + Number(held?.units ?? 0);
  const hasEnded = last !== undefined && last.openMarker === null;
  const inHand = units - setAside > 0;
  if (last?.openMarker || inHand) return { status: 'due', units };
  if (setAside > 0 && hasEnded && last.outcome !== 'done') return { status: 'short', units };
  if (setAside > 0) return { status: restock ? 'due' : 'kept', units };
  if (hasEnded) return { status: last.outcome === 'done' ? 'done' : 'short', units };
  return { status: 'nothing', units: 0 };
}
