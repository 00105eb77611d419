import { authorise, type Permission } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { page, readCursor } from '../../platform/http/paging';
import { readTasks } from '../rights';
import { taskClosed, isClosed } from './task-moves';
import { taskLines, type TaskLineRow, type TaskRow, tasks } from './tasks.models';
import type { TaskQuery } from './tasks.schema';

export interface TaskState {
  task: TaskRow;
  lines: TaskLineRow[];
}

/** Throws 404 TASK_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function readTask(ctx: ReadContext, id: string): Promise<TaskState> {
  const task = checked(ctx, readTasks, await ctx.get(tasks, 'id = :id', { id }));
  return { task, lines: await linesOf(ctx, [id]) };
}

/** The task, ours until commit. Throws 404 TASK_NOT_FOUND, 403 ROLE_NOT_ALLOWED or STORE_NOT_ALLOWED. */
export async function lockTask(ctx: CommandContext, id: string, right: Permission): Promise<TaskState> {
  const [row] = await ctx.lock(tasks, 'id = :id', { id });
  return { task: checked(ctx, right, row), lines: await linesOf(ctx, [id]) };
}

/** As `lockTask`, and throws 409 TASK_CLOSED when it is finished or cancelled. */
export async function lockOpenTask(ctx: CommandContext, id: string, right: Permission): Promise<TaskState> {
  const state = await lockTask(ctx, id, right);
  assertOpen(state.task);
  return state;
}

/** Throws 409 TASK_CLOSED. */
export function assertOpen({ status }: Pick<TaskRow, 'status'>): void {
  if (isClosed(status)) throw taskClosed(status);
}

function checked(ctx: ReadContext, right: Permission, task: TaskRow | undefined): TaskRow {
  if (!task) throw new NotFoundError('TASK_NOT_FOUND', 'There is no such task. GET /api/v1/tasks lists them.');
  authorise(ctx.actor, right, task.storeId);
  return task;
}

/** Lines in the way through the shelves. */
export async function linesOf(ctx: ReadContext, taskIds: readonly string[]): Promise<TaskLineRow[]> {
  if (taskIds.length === 0) return [];
  return ctx.find(taskLines, 'task_id IN (:taskIds) ORDER BY task_id, position', { taskIds });
}

/** Newest first. */
export async function listTasks(
  ctx: ReadContext,
  filter: TaskQuery,
): Promise<{ items: TaskState[]; nextCursor: string | null }> {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.orderId) conditions.push('order_id = :orderId');
  if (filter.status) conditions.push('status = :status');
  if (filter.kind) conditions.push('kind = :kind');
  if (filter.assignee) conditions.push(assigneeCondition(filter.assignee));
  if (filter.after) conditions.push('id < :after');
  const rows = await ctx.find(tasks, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  const { items, nextCursor } = page(rows, filter.limit, (row) => [row.id]);
  return { items: await withLines(ctx, items), nextCursor };
}

function assigneeCondition(assignee: string): string {
  // Addresses are kept in small letters, ids in capitals.
  return assignee.includes('@') ? 'assignee_email = LOWER(:assignee)' : 'assignee_id = :assignee';
}

export async function withLines(ctx: ReadContext, found: readonly TaskRow[]): Promise<TaskState[]> {
  const lines = await linesOf(
    ctx,
    found.map(({ id }) => id),
  );
  return found.map((task) => ({ task, lines: lines.filter(({ taskId }) => taskId === task.id) }));
}
