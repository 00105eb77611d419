import { lockState } from '../../orders';
import type { JobContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { cancelTask } from '../tasks/close-task';
import type { TaskUrls } from '../tasks/task-links';
import { tasks } from '../tasks/tasks.models';
import { unpackedUnits } from './package-rules';

/** Nobody packs or checks what has left: while nothing prepared is here, the tasks that asked for it end by themselves. */
export async function endPackingOfLeft(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  const open = `order_id = :orderId AND open_marker = 1 AND kind IN ('packing', 'quality_check') ORDER BY id`;
  await job.transaction(async (ctx) => {
    const { lines } = await lockState(ctx, orderId);
    // A later part is here by now; packing it is another matter.
    if (unpackedUnits(lines, []).size > 0) return;
    for (const { id } of await ctx.find(tasks, open, { orderId })) {
      await cancelTask(ctx, urls, id, 'The goods left before this was finished.');
    }
  });
}
