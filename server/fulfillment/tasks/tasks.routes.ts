import type { ReadContext } from '../../platform/context';
import { command, query, Reply, type Route } from '../../platform/http/route';
import { assignTasks, cancelTasks, readTasks, workOnTasks } from '../rights';
import { photosOf } from '../photos/photos.service';
import { assignTask } from './assign-task';
import { cancelTask, completeTask } from './close-task';
import { listTasks, readTask, type TaskState } from './find-tasks';
import { openTask } from './open-task';
import type { TaskUrls } from './task-links';
import { progressOf } from './task-progress';
import { viewHead, viewLine, viewTask } from './task-view';
import {
  assignInput, completeInput, itemsInput, noteInput, nothing, scanInput, scanView, taskChange, taskInput, taskList,
  taskParams, taskQuery, taskView, taskWithPhotos, undoInput,
} from './tasks.schema'; // prettier-ignore
import { scanCode, setLines, startTask, undoLast } from './work-on-task';

const tag = 'fulfillment';

export function taskRoutes(urls: TaskUrls): Route[] {
  return [...givingRoutes(urls), ...workingRoutes(urls), ...closingRoutes(urls)];
}

function viewChange(state: TaskState & { changed: boolean }, ctx: ReadContext, urls: TaskUrls) {
  return { ...viewTask(state, ctx, urls), changed: state.changed };
}

function givingRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/tasks',
      tag,
      summary: 'Give somebody work on an order; the same again answers the task that is there',
      permission: assignTasks,
      body: taskInput,
      volatileFields: ['resumeUrl', 'dueAt'],
      response: taskView,
      status: 201,
      run: async (ctx, { body }) => {
        const { isNew, ...state } = await openTask(ctx, urls, body);
        return new Reply(isNew ? 201 : 200, viewTask(state, ctx, urls));
      },
    }),
    query({
      method: 'get',
      path: '/tasks',
      tag,
      summary: 'Tasks, newest first',
      permission: readTasks,
      query: taskQuery,
      response: taskList,
      run: async (ctx, { query: filter }) => {
        const { items, nextCursor } = await listTasks(ctx, filter);
        return { items: items.map((state) => viewHead(state, ctx, urls)), nextCursor };
      },
    }),
    query({
      method: 'get',
      path: '/tasks/:id',
      tag,
      summary: 'One task with its checklist',
      permission: readTasks,
      params: taskParams,
      response: taskWithPhotos,
      run: async (ctx, { params }) => {
        const state = await readTask(ctx, params.id);
        const photos = (await photosOf(ctx, state.task.id)).map(({ id, lineId, at }) => ({ id, lineId, at }));
        return { ...viewTask(state, ctx, urls), photos };
      },
    }),
    command({
      method: 'post',
      path: '/tasks/:id/assign',
      tag,
      summary: 'Give a task to somebody else, or mail it again',
      permission: assignTasks,
      params: taskParams,
      body: assignInput,
      volatileFields: ['dueAt'],
      response: taskView,
      run: async (ctx, { params, body }) => viewTask(await assignTask(ctx, urls, params.id, body), ctx, urls),
    }),
  ];
}

function workingRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/tasks/:id/start',
      tag,
      summary: 'Begin a task',
      permission: workOnTasks,
      params: taskParams,
      body: nothing,
      response: taskChange,
      run: async (ctx, { params }) => viewChange(await startTask(ctx, params.id), ctx, urls),
    }),
    command({
      method: 'post',
      path: '/tasks/:id/scan',
      tag,
      summary: 'Count a scanned code; a wrong or surplus one is refused',
      permission: workOnTasks,
      params: taskParams,
      body: scanInput,
      response: scanView,
      run: async (ctx, { params, body }) => {
        const { task, lines, line } = await scanCode(ctx, params.id, body);
        return {
          result: 'ok',
          line: viewLine(line),
          task: { id: task.id, status: task.status, progress: progressOf(lines) },
        };
      },
    }),
    command({
      method: 'post',
      path: '/tasks/:id/items',
      tag,
      summary: 'Set what was done of some lines, and why the rest is missing',
      permission: workOnTasks,
      params: taskParams,
      body: itemsInput,
      response: taskChange,
      run: async (ctx, { params, body }) => viewChange(await setLines(ctx, params.id, body), ctx, urls),
    }),
    command({
      method: 'post',
      path: '/tasks/:id/undo',
      tag,
      summary: 'Take back the last scan, tick or shortage',
      permission: workOnTasks,
      params: taskParams,
      body: undoInput,
      response: taskView,
      run: async (ctx, { params, body }) => viewTask(await undoLast(ctx, params.id, body.clientActionId), ctx, urls),
    }),
  ];
}

function closingRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/tasks/:id/complete',
      tag,
      summary: 'Finish a task: done, or short with a reason for each line',
      permission: workOnTasks,
      params: taskParams,
      body: completeInput,
      response: taskChange,
      run: async (ctx, { params, body }) => viewChange(await completeTask(ctx, urls, params.id, body), ctx, urls),
    }),
    command({
      method: 'post',
      path: '/tasks/:id/cancel',
      tag,
      summary: 'End a task unfinished; what was picked is put back',
      permission: cancelTasks,
      params: taskParams,
      body: noteInput,
      response: taskChange,
      run: async (ctx, { params, body }) =>
        viewChange(await cancelTask(ctx, urls, params.id, body.note ?? null), ctx, urls),
    }),
  ];
}
