import type { ReadContext } from '../../platform/context';
import { type TaskRow, tasks } from '../tasks/tasks.models';

/** The quality check that an order's packages wait for. */
export function openCheck(ctx: ReadContext, orderId: string): Promise<TaskRow | undefined> {
  return ctx.get(tasks, `order_id = :orderId AND kind = 'quality_check' AND open_marker = 1`, { orderId });
}
