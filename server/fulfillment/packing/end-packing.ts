import { lockState } from '../../orders';
import type { JobContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { cancelTask } from '../tasks/close-task';
import type { TaskUrls } from '../tasks/task-links';
import { tasks } from '../tasks/tasks.models';
import { unpackedUnits } from './package-rules';

/** Nobody packs or checks what has left: while nothing prepared is here, the tasks that asked for it end by themselves. */
export async function endPackingOfLeft(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  await job.transaction(async (ctx) => {
    const { order, lines } = await lockState(ctx, event.orderId ?? '');
    // A later part is here by now; packing it is another matter.
    if (unpackedUnits(lines, []).size > 0) return;
    const where = `order_id = :orderId AND open_marker = 1 AND kind IN ('packing', 'quality_check') ORDER BY id`;
    for (const { id } of await ctx.find(tasks, where, { orderId: order.id })) {
      await cancelTask(ctx, urls, id, 'The goods left before this was finished.');
    }
  });
}
