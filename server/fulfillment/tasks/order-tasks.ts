import { lockState, type OrderRow } from '../../orders';
import { plusMs } from '../../platform/clock';
import type { CommandContext, JobContext, ReadContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { announceOverdue, escalateTask } from './announce';
import { cancelTask } from './close-task';
import { linesOf, type TaskState, withLines } from './find-tasks';
import { openPutBack } from './put-back';
import { TASK_KINDS, taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { progressOf } from './task-progress';
import { unitsSetAside } from './task-units';
import { type TaskRow, tasks } from './tasks.models';

const OVERDUE_PER_SWEEP = 200;
/** How long a reminder is given to help. */
const ESCALATE_AFTER_MS = 60 * 60_000;
const NAMED_MAX = 5;
const ENDING_KINDS = TASK_KINDS.filter((kind) => taskKinds[kind].during !== 'any_time');

/** A cancelled order needs no more work, but what was picked for it must go back to its shelf. */
export async function endTasksOfOrder(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    const where = 'order_id = :orderId AND open_marker = 1 AND kind IN (:kinds) ORDER BY id';
    const open = await ctx.find(tasks, where, { orderId, kinds: ENDING_KINDS });
    for (const task of open) await cancelTask(ctx, urls, task.id, `Order ${task.orderNumber} was cancelled.`);
    // Whoever cancelled wants somebody to look at the goods before they are sold again.
    if (event.data.restock === false) return;
    // What the tasks above had picked is on its way back by now; this is what was written to the order before.
    const setAside = await unitsSetAside(ctx, orderId);
    const picker = await ctx.get(tasks, `order_id = :orderId AND kind = 'picking' ORDER BY round DESC`, { orderId });
    await openPutBack(ctx, urls, { state, units: setAside, setAside, assignee: picker });
  });
}

/** Tells of each task that has become late: the person at once, the store's managers when that did not help. Each once. */
export async function tellOverdue(job: JobContext, urls: TaskUrls): Promise<void> {
  const { now } = job.read;
  const isLate = 'open_marker = 1 AND due_at <= :now';
  const late = await lateTasks(job, `${isLate} AND overdue_at IS NULL`, { now });
  for (const task of late)
    await tellOnce(job, task, 'overdueAt', (ctx, announced) => announceOverdue(ctx, urls, announced));
  const remindedBefore = plusMs(now, -ESCALATE_AFTER_MS);
  const ignored = await lateTasks(job, `${isLate} AND escalated_at IS NULL AND overdue_at <= :remindedBefore`, {
    now,
    remindedBefore,
  });
  for (const task of ignored)
    await tellOnce(job, task, 'escalatedAt', (ctx, announced) => escalateTask(ctx, urls, announced));
}

function lateTasks(job: JobContext, where: string, params: Record<string, unknown>): Promise<TaskRow[]> {
  return job.read.find(tasks, `${where} ORDER BY due_at LIMIT ${OVERDUE_PER_SWEEP}`, params);
}

async function tellOnce(
  job: JobContext,
  { id, orderId }: TaskRow,
  mark: 'overdueAt' | 'escalatedAt',
  tell: (ctx: CommandContext, announced: TaskState & { order: OrderRow }) => Promise<void>,
): Promise<void> {
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, orderId);
    const [task] = await ctx.lock(tasks, 'id = :id AND open_marker = 1', { id });
    // Another process may have told it meanwhile.
    if (!task || task[mark] !== null) return;
    await ctx.update(tasks, { [mark]: ctx.now }, 'id = :id', { id });
    await tell(ctx, { order, task: { ...task, [mark]: ctx.now }, lines: await linesOf(ctx, [id]) });
  });
}

/** The section `tasks` of GET /orders/:id. */
export async function tasksOfOrders(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const found = await withLines(ctx, await ctx.find(tasks, 'order_id IN (:orderIds) ORDER BY id', { orderIds }));
  const byOrder = new Map<string, unknown[]>();
  for (const { task, lines } of found) {
    const { id, kind, round, status, outcome, result, assigneeName, assigneeRole, eventId } = task;
    const { dueAt, overdueAt, createdAt, closedAt } = task;
    const times = { dueAt, overdueAt, createdAt, closedAt };
    const view = { id, kind, round, status, outcome, result, assigneeName, assigneeRole, eventId, ...times };
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
