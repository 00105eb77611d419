import { lockState } from '../../orders';
import type { JobContext, ReadContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { announceOverdue } from './announce';
import { cancelTask } from './close-task';
import { linesOf, withLines } from './find-tasks';
import { openPutBack } from './put-back';
import { TASK_KINDS, taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { progressOf } from './task-progress';
import { unitsOut } from './task-units';
import { type TaskRow, tasks } from './tasks.models';

const OVERDUE_PER_SWEEP = 200;
const NAMED_MAX = 5;
const ENDING_KINDS = TASK_KINDS.filter((kind) => taskKinds[kind].during !== 'any_time');

/** A cancelled order needs no more work, but what was picked for it must go back to its shelf. */
export async function endTasksOfOrder(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    const open = await ctx.find(tasks, 'order_id = :orderId AND open_marker = 1 AND kind IN (:kinds) ORDER BY id', {
      orderId,
      kinds: ENDING_KINDS,
    });
    for (const task of open) await cancelTask(ctx, urls, task.id, `Order ${task.orderNumber} was cancelled.`);
    // What an earlier round had picked; what the tasks above had picked is on its way back by now.
    const [picker] = await ctx.find(tasks, `order_id = :orderId AND kind = 'picking' ORDER BY round DESC LIMIT 1`, {
      orderId,
    });
    await openPutBack(ctx, urls, { state, units: await unitsOut(ctx, orderId, state.lines), assignee: picker });
  });
}

/** Tells of each task that has become late, once. */
export async function tellOverdue(job: JobContext, urls: TaskUrls): Promise<void> {
  const late = await job.read.find(
    tasks,
    `open_marker = 1 AND overdue_at IS NULL AND due_at <= :now ORDER BY due_at LIMIT ${OVERDUE_PER_SWEEP}`,
    { now: job.read.now },
  );
  for (const { id, orderId } of late) {
    await job.transaction(async (ctx) => {
      const { order } = await lockState(ctx, orderId);
      const marked = await ctx.update(
        tasks,
        { overdueAt: ctx.now },
        'id = :id AND open_marker = 1 AND overdue_at IS NULL',
        { id },
      );
      const task = marked === 1 && (await ctx.get(tasks, 'id = :id', { id }));
      if (task) await announceOverdue(ctx, urls, { order, task, lines: await linesOf(ctx, [id]) });
    });
  }
}

/** The section `tasks` of GET /orders/:id. */
export async function tasksOfOrders(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const found = await withLines(ctx, await ctx.find(tasks, 'order_id IN (:orderIds) ORDER BY id', { orderIds }));
  const byOrder = new Map<string, unknown[]>();
  for (const { task, lines } of found) {
    const { id, kind, round, status, outcome, assigneeName, assigneeRole, dueAt, overdueAt, createdAt, closedAt } =
      task;
    const view = {
      id,
      kind,
      round,
      status,
      outcome,
      assigneeName,
      assigneeRole,
      dueAt,
      overdueAt,
      createdAt,
      closedAt,
    };
    byOrder.set(task.orderId, [...(byOrder.get(task.orderId) ?? []), { ...view, progress: progressOf(lines) }]);
  }
  return byOrder;
}

/** Tasks not yet finished; one sentence each, for "why is this order not moving". */
export async function openTaskSentences(ctx: ReadContext, orderId: string): Promise<string[]> {
  const open = await withLines(
    ctx,
    await ctx.find(tasks, `order_id = :orderId AND open_marker = 1 ORDER BY id LIMIT ${NAMED_MAX}`, { orderId }),
  );
  return open.map(({ task, lines }) => {
    const { units, doneUnits } = progressOf(lines);
    const far = units > 0 ? `, ${doneUnits} of ${units} units ${taskKinds[task.kind].verb}` : '';
    return `${taskKinds[task.kind].title} waits for ${whoHas(task)}${far}${whenDue(task, ctx.now)}.`;
  });
}

function whoHas({ assigneeName, assigneeEmail }: TaskRow): string {
  return assigneeName ?? assigneeEmail ?? 'somebody to be assigned';
}

function whenDue({ dueAt, createdAt }: TaskRow, now: string): string {
  if (!dueAt) return ` since ${createdAt.slice(0, 'YYYY-MM-DDTHH:MM'.length)}Z`;
  return dueAt < now ? `; it was due at ${dueAt}` : `; it is due at ${dueAt}`;
}
