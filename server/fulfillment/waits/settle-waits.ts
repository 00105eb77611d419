import type { CommandContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import type { TaskOutcome } from '../tasks/task-moves';
import { waitItems, waits } from './waits.models';

export const RESUME_JOB = 'wait.resume';

export interface Ended {
  taskId: string;
  outcome: TaskOutcome;
}

/** Notes the tasks' outcomes in the waits that list them; a wait whose last item this was calls its run back. */
export async function settleWaits(ctx: CommandContext, ended: readonly Ended[]): Promise<void> {
  const outcomes = new Map(ended.map(({ taskId, outcome }) => [taskId, outcome]));
  const where = 'task_id IN (:taskIds) AND outcome IS NULL';
  const items = await ctx.find(waitItems, where, { taskIds: [...outcomes.keys()] });
  if (items.length === 0) return;
  const noted = items.map((item) => ({ ...item, outcome: outcomes.get(item.taskId) ?? null }));
  updateRows(ctx, waitItems, noted, { keys: ['outcome'], where: 'outcome IS NULL' });
  // The waits are locked before their items are counted: of two tasks that finish at once, the second sees the first.
  const ids = [...new Set(items.map(({ waitId }) => waitId))];
  const touched = await ctx.lock(waits, `id IN (:ids) AND status = 'waiting' ORDER BY id`, { ids });
  if (touched.length === 0) return;
  const open = await ctx.select<{ waitId: string }>(
    'SELECT DISTINCT wait_id FROM wait_items WHERE wait_id IN (:ids) AND outcome IS NULL',
    { ids: touched.map(({ id }) => id) },
  );
  const settled = touched.map(({ id }) => id).filter((id) => !open.some(({ waitId }) => waitId === id));
  if (settled.length === 0) return;
  const set = { status: 'settled', settledAt: ctx.now } as const;
  await ctx.update(waits, set, `id IN (:settled) AND status = 'waiting'`, { settled });
  for (const waitId of settled) ctx.enqueue(RESUME_JOB, { waitId });
}
