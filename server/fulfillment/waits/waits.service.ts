import { authorise, worksInStore } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { eventIdOf } from '../recovery/event-id';
import { pauseRuns } from '../rights';
import { withLines } from '../tasks/find-tasks';
import type { TaskUrls } from '../tasks/task-links';
import { viewTask } from '../tasks/task-view';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { markAwaited } from '../waves/mark-awaited';
import { type WaitItemRow, waitItems, type WaitRow, waits } from './waits.models';
import type { WaitInput } from './waits.schema';

/**
 * Takes note that a run pauses at a node until its tasks are closed. When they are closed already, the answer holds
 * their results and nobody is called back. A later wait of the same run takes the place of the earlier one.
 * Throws 404 TASK_NOT_FOUND, 403 STORE_NOT_ALLOWED.
 */
export async function createWait(ctx: CommandContext, input: WaitInput): Promise<{ wait: WaitRow; isNew: boolean }> {
  const { executionId, nodeId, round } = input;
  // Locked, so that a task that is being finished at this moment is either seen as closed or sees this wait.
  const found = await lockTasks(
    ctx,
    input.items.map(({ taskId }) => taskId),
  );
  const known = await lockKnown(ctx, input);
  if (known) return { wait: await answerAgain(ctx, known, input.resumeUrl), isNew: false };
  await ctx.update(waits, { status: 'superseded' }, `execution_id = :executionId AND status <> 'superseded'`, {
    executionId,
  });
  const done = found.every(({ outcome }) => outcome !== null);
  const wait: WaitRow = {
    id: ctx.newId(),
    executionId,
    nodeId,
    round,
    resumeUrl: input.resumeUrl,
    status: done ? 'delivered' : 'waiting',
    eventId: eventIdOf(input.event ?? ctx.execution.eventId),
    workflowId: ctx.execution.workflowId ?? null,
    attempts: 0,
    lastError: null,
    createdAt: ctx.now,
    settledAt: done ? ctx.now : null,
    deliveredAt: done ? ctx.now : null,
  };
  ctx.insert(waits, wait);
  ctx.insert(
    waitItems,
    found.map((task, n) => ({ id: ctx.newId(), waitId: wait.id, taskId: task.id, position: n, outcome: task.outcome })),
  );
  if (!done) await markAwaited(ctx, wait, found);
  return { wait, isNew: true };
}

/**
 * The wait that this very pause has already. An n8n that was set up anew counts its executions from 1 again: a wait of
 * the same name for other tasks belongs to a run that is gone.
 */
async function lockKnown(ctx: CommandContext, input: WaitInput): Promise<WaitRow | undefined> {
  const { executionId, nodeId, round } = input;
  const [known] = await ctx.lock(
    waits,
    `execution_id = :executionId AND node_id = :nodeId AND round = :round AND status <> 'superseded'`,
    { executionId, nodeId, round },
  );
  if (!known) return undefined;
  const listed = await ctx.lock(waitItems, 'wait_id = :id', { id: known.id });
  const asked = new Set(input.items.map(({ taskId }) => taskId));
  return asked.size === listed.length && listed.every(({ taskId }) => asked.has(taskId)) ? known : undefined;
}

/** The node asks once more for the wait it has; if that is done, this answer tells it and no call need follow. */
async function answerAgain(ctx: CommandContext, wait: WaitRow, resumeUrl: string): Promise<WaitRow> {
  if (wait.status !== 'waiting' && wait.status !== 'settled') return wait;
  const set: Partial<WaitRow> =
    wait.status === 'settled' ? { resumeUrl, status: 'delivered', deliveredAt: ctx.now } : { resumeUrl };
  await ctx.update(waits, set, 'id = :id', { id: wait.id });
  return { ...wait, ...set };
}

async function lockTasks(ctx: CommandContext, ids: string[]): Promise<TaskRow[]> {
  const rows = await ctx.lock(tasks, 'id IN (:ids) ORDER BY id', { ids });
  return ids.map((id, n) => {
    const task = rows.find((row) => row.id === id);
    if (!task) {
      throw new NotFoundError('TASK_NOT_FOUND', `There is no task "${id}" to wait for.`, {
        errors: [
          { path: `items[${n}].taskId`, code: 'TASK_NOT_FOUND', message: 'Send the id that POST /tasks answered.' },
        ],
      });
    }
    authorise(ctx.actor, pauseRuns, task.storeId);
    return task;
  });
}

/** Throws 404 WAIT_NOT_FOUND. */
export async function readWait(ctx: ReadContext, id: string): Promise<WaitRow> {
  const wait = await ctx.get(waits, 'id = :id', { id });
  if (wait) return wait;
  throw new NotFoundError('WAIT_NOT_FOUND', 'There is no such wait. POST /api/v1/waits makes one.');
}

export async function viewWait(ctx: ReadContext, wait: WaitRow, urls: TaskUrls) {
  const items = await itemsOf(ctx, wait.id);
  const found = await withLines(ctx, await ctx.find(tasks, 'id IN (:ids)', { ids: items.map(({ taskId }) => taskId) }));
  const results = items.flatMap(({ taskId, outcome }) => {
    const state = found.find(({ task }) => task.id === taskId);
    return state && worksInStore(ctx.actor, state.task.storeId)
      ? [{ taskId, outcome, task: viewTask(state, ctx, urls) }]
      : [];
  });
  return {
    id: wait.id,
    current: wait.status !== 'superseded',
    done: items.every(({ outcome }) => outcome !== null),
    results,
  };
}

/** In the order in which the node listed them. */
export function itemsOf(ctx: ReadContext, waitId: string): Promise<WaitItemRow[]> {
  return ctx.find(waitItems, 'wait_id = :waitId ORDER BY position', { waitId });
}
