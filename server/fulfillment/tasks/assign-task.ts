import { lockState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { assignTasks, rightTo } from '../rights';
import { announceTask } from './announce';
import { auditAssignment, chooseAssignee } from './assignment';
import { lockOpenTask, readTask, type TaskState } from './find-tasks';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { tasks } from './tasks.models';
import type { AssignInput } from './tasks.schema';

/**
 * Gives an open task to somebody else and ends the link of the one who had it; given to the same person, the mail
 * goes out again with the link it had. Throws 409 ASSIGNEE_NOT_FOUND or TASK_CLOSED.
 */
export async function assignTask(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  input: AssignInput,
): Promise<TaskState> {
  const { task: seen } = await readTask(ctx, id);
  const { order } = await lockState(ctx, seen.orderId);
  const { task, lines } = await lockOpenTask(ctx, id, rightTo(seen.kind, assignTasks));
  const assignee = await chooseAssignee(ctx, {
    storeId: task.storeId,
    email: input.assigneeEmail,
    role: input.role ?? taskKinds[task.kind].role,
  });
  const isSame = assignee.assigneeEmail === task.assigneeEmail;
  const dueAt = input.dueAt ?? task.dueAt;
  const set = {
    ...assignee,
    dueAt,
    // A task that gets more time may be late once more.
    overdueAt: dueAt === task.dueAt ? task.overdueAt : null,
    escalatedAt: dueAt === task.dueAt ? task.escalatedAt : null,
    linkNumber: isSame ? task.linkNumber : task.linkNumber + 1,
    version: task.version + 1,
    updatedAt: ctx.now,
  };
  await ctx.update(tasks, set, 'id = :id', { id });
  const state = { task: { ...task, ...set }, lines };
  auditAssignment(ctx, task, assignee);
  await announceTask(ctx, urls, { order, ...state });
  return state;
}
