import type { CommandContext } from '../../platform/context';
import type { TaskOutcome } from '../tasks/task-moves';
import { waitItems, waits } from './waits.models';

export const RESUME_JOB = 'wait.resume';

/** Notes a task's outcome in the waits that list it; a wait whose last item this was calls its run back. */
export async function settleWaits(ctx: CommandContext, taskId: string, outcome: TaskOutcome): Promise<void> {
  const items = await ctx.find(waitItems, 'task_id = :taskId AND outcome IS NULL', { taskId });
  if (items.length === 0) return;
  await ctx.update(waitItems, { outcome }, 'task_id = :taskId AND outcome IS NULL', { taskId });
  // The waits are locked before their items are counted: of two tasks that finish at once, the second sees the first.
  const touched = await ctx.lock(waits, `id IN (:ids) AND status = 'waiting' ORDER BY id`, {
    ids: items.map(({ waitId }) => waitId),
  });
  for (const { id } of touched) {
    const open = await ctx.get(waitItems, 'wait_id = :id AND outcome IS NULL', { id });
    if (open) continue;
    await ctx.update(waits, { status: 'settled', settledAt: ctx.now }, `id = :id AND status = 'waiting'`, { id });
    ctx.enqueue(RESUME_JOB, { waitId: id });
  }
}
