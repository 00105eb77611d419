import type { CommandContext } from '../../platform/context';
import { finishingChanges, linesOpen } from './close-task';
import { endTasks, type Ended, recordOnOrders } from './end-tasks';
import { openPutBack } from './put-back';
import { recordActions } from './record-action';
import { moveTask } from './task-moves';
import type { TaskUrls } from './task-links';
import { outcomeOf } from './task-progress';
import { NO_UNITS } from './task-units';
import type { TaskState } from './find-tasks';
import type { CompleteInput } from './tasks.schema';

/** A picking of an order that nobody asks to cancel, and how its lines end. */
export interface Picked extends Ended {
  lines: NonNullable<CompleteInput['lines']>;
}

/**
 * As `completeTask`, for pickings that this command holds with their orders: what is written is one statement a table,
 * not one an order. Throws what `completeTask` throws.
 */
export async function completePickings(
  ctx: CommandContext,
  urls: TaskUrls,
  picked: readonly Picked[],
): Promise<TaskState[]> {
  for (const { state } of picked) moveTask(state.task.status, 'complete');
  const finishing = picked.map(({ state, lines }) => {
    const changes = finishingChanges(state, { lines });
    return { state, action: { kind: 'finish' as const, changes } };
  });
  const finished = await recordActions(ctx, finishing);
  const endings = picked.map(({ order, state: before }, n) => {
    const state = finished[n] ?? before;
    const outcome = outcomeOf(state.lines);
    if (!outcome) throw linesOpen(state.lines);
    return { order, state, outcome, note: null };
  });
  const surplus = recordOnOrders(ctx, endings);
  const closed = await endTasks(ctx, 'complete', endings);
  for (const [n, { order, state }] of endings.entries()) {
    await openPutBack(ctx, urls, { state: order, units: surplus[n] ?? NO_UNITS, assignee: state.task });
  }
  return closed;
}
