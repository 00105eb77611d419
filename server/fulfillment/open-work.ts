import type { ReadContext } from '../platform/context';
import { pipelineRuns, type RunRow } from './recovery/recovery.models';
import { type TaskRow, tasks } from './tasks/tasks.models';
import { waits, type WaitRow } from './waits/waits.models';

export interface OpenWork {
  tasks: TaskRow[];
  /** Pauses of the order's runs that n8n has yet to be told the end of. */
  waits: WaitRow[];
  /** The run that was seen last working for the order. */
  lastRun: RunRow | undefined;
}

/** What is under way for an order. */
export async function openWork(ctx: ReadContext, orderId: string): Promise<OpenWork> {
  const open = await ctx.find(tasks, 'order_id = :orderId AND open_marker = 1 ORDER BY id', { orderId });
  const lastRun = await ctx.get(pipelineRuns, 'order_id = :orderId ORDER BY last_seen_at DESC', { orderId });
  const paused = await ctx.find(
    waits,
    `status IN ('waiting', 'settled') AND id IN
      (SELECT i.wait_id FROM wait_items i JOIN tasks t ON t.id = i.task_id WHERE t.order_id = :orderId) ORDER BY id`,
    { orderId },
  );
  return { tasks: open, waits: paused, lastRun };
}
