import type { CommandContext } from '../../platform/context';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { waveOrders, waves } from './waves.models';

export interface SleepingRun {
  executionId: string;
  eventId: string | null;
}

/**
 * A run came to wait for orders that a wave had gathered before: it goes on with them by itself, so the wave's own run
 * leaves them to it. That one waits for all of its orders, and is no such run.
 */
export async function markAwaited(ctx: CommandContext, run: SleepingRun, found: readonly TaskRow[]): Promise<void> {
  const gathered = found.filter(({ details }) => details?.wave !== undefined);
  if (gathered.length === 0) return;
  const ids = gathered.map(({ id }) => id);
  const rows = await ctx.find(waveOrders, 'task_id IN (:ids) AND open_marker = 1 AND awaited = 0', { ids });
  if (rows.length === 0) return;
  const own = await ctx.find(waves, 'id IN (:waveIds)', { waveIds: [...new Set(rows.map(({ waveId }) => waveId))] });
  const isOwn = (waveId: string): boolean =>
    own.some(
      ({ id, executionId, eventId }) =>
        id === waveId && (executionId === run.executionId || (eventId !== null && eventId === run.eventId)),
    );
  for (const { id, taskId, waveId } of rows.filter((row) => !isOwn(row.waveId))) {
    const details = gathered.find((task) => task.id === taskId)?.details;
    await ctx.update(waveOrders, { awaited: true }, 'id = :id', { id });
    const wave = { ...(details?.wave as object), id: waveId, awaited: true };
    await ctx.update(tasks, { details: { ...details, wave } }, 'id = :taskId', { taskId });
  }
}
