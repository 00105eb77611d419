import { mayUse } from '../../platform/auth/permissions';
import type { ReadContext } from '../../platform/context';
import { rightTo, workOnTasks } from '../rights';
import type { TaskState } from './find-tasks';
import type { TaskUrls } from './task-links';
import { progressOf } from './task-progress';
import type { TaskLineRow } from './tasks.models';

/** What the API answers for a task. The link opens the page without log-in, so only those who may do the work see it. */
export function viewTask({ task, lines }: TaskState, ctx: ReadContext, urls: TaskUrls) {
  return { ...viewHead({ task, lines }, ctx, urls), lines: lines.map(viewLine) };
}

/** A task without its lines, as lists show it. */
export function viewHead({ task, lines }: TaskState, ctx: ReadContext, urls: TaskUrls) {
  const {
    openMarker: _open,
    linkNumber: _link,
    eventId: _event,
    workflowId: _workflow,
    executionId: _run,
    ...rest
  } = task;
  return {
    ...rest,
    ...(mayUse(ctx.actor, rightTo(task.kind, workOnTasks)) ? { url: urls.urlOf(task) } : {}),
    /** The wave that the order is picked in together with others, and its slot there. */
    wave: task.details?.wave ?? null,
    progress: progressOf(lines),
  };
}

export function viewLine({ taskId: _taskId, position: _position, setAsideQuantity: _setAside, ...line }: TaskLineRow) {
  return line;
}
