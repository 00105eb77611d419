import { lockState } from '../../orders';
import type { JobContext } from '../../platform/context';
import type { TaskUrls } from '../tasks/task-links';
import { tasks } from '../tasks/tasks.models';
import { countOrders } from './counts.models';
import { countLinesOf, waitingOf } from './join-count';
import { openCount } from './open-count';

export const COUNT_ON_JOB = 'fulfillment.count_on';

/**
 * A count was cancelled for its own order: each of the others that waited asks anew, the oldest first, so that it gets
 * the count and the rest join it. Each is locked alone, as every command locks its order before any count.
 */
export async function countOn(job: JobContext, urls: TaskUrls, payload: Record<string, unknown>): Promise<void> {
  const taskId = String(payload.taskId);
  const lines = await countLinesOf(job.read, taskId);
  const waiting = await waitingOf(job.read, [taskId]);
  const cancelled = await job.read.get(tasks, 'id = :taskId', { taskId });
  for (const orderId of new Set(waiting.map((one) => one.orderId))) {
    if (orderId === cancelled?.orderId) continue;
    const asks = lines.flatMap(({ productId, locationId, sku, name, shelf, reason, id }) => {
      const same = waiting.filter((one) => one.countLineId === id && one.orderId === orderId);
      const missingUnits = same.reduce((sum, one) => sum + one.missingUnits, 0);
      return same.length > 0 ? [{ productId, locationId, sku, name, shelf, reason, missingUnits }] : [];
    });
    await job.transaction(async (ctx) => {
      const state = await lockState(ctx, orderId);
      // Jobs run more than once.
      if (await ctx.get(countOrders, 'cause_id = :taskId AND order_id = :orderId', { taskId, orderId })) return;
      await openCount(ctx, urls, state, { lines: asks, causeId: taskId });
    });
  }
}
