import { z } from 'zod';
import { ConflictError } from '../../platform/errors';
import { command, Reply, type Route } from '../../platform/http/route';
import { assignTasks, decideTasks } from '../rights';
import { completeTask } from '../tasks/close-task';
import { readTask } from '../tasks/find-tasks';
import type { TaskUrls } from '../tasks/task-links';
import { viewTask } from '../tasks/task-view';
import { taskChange, taskParams, taskView } from '../tasks/tasks.schema';
import { openShortageDecision } from './open-decision';
import { decideInput, decisionTaskInput } from './shortage.schema';

const tag = 'fulfillment';

export function shortageDecisionRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/orders/:id/shortage_decision',
      tag,
      summary: 'Ask a manager what becomes of what is missing; the same again answers the task that is there',
      permission: assignTasks,
      params: z.object({ id: z.string().min(1).max(80) }),
      body: decisionTaskInput,
      volatileFields: ['dueAt'],
      response: taskView,
      status: 201,
      run: async (ctx, { params: { id }, body }) => {
        const { isNew, ...state } = await openShortageDecision(ctx, urls, id, body);
        return new Reply(isNew ? 201 : 200, viewTask(state, ctx, urls));
      },
    }),
    command({
      method: 'post',
      path: '/tasks/:id/shortage_decision',
      tag,
      summary: 'Decide what becomes of what is missing, with an answer for each line',
      permission: decideTasks,
      params: taskParams,
      body: decideInput,
      response: taskChange,
      run: async (ctx, { params: { id }, body: { lines, reason, ...rest } }) => {
        const { task } = await readTask(ctx, id);
        if (task.kind !== 'shortage_decision') {
          const message = `This task is of the kind ${task.kind}, not shortage_decision. Finish it on its page, or with POST /api/v1/tasks/${id}/complete.`;
          throw new ConflictError('TASK_KIND_WRONG', message, { facts: { kind: task.kind } });
        }
        const { changed, ...state } = await completeTask(ctx, urls, id, { allDone: true, ...rest }, { lines, reason });
        return { ...viewTask(state, ctx, urls), changed };
      },
    }),
  ];
}
