import { openHolds } from '../../orders';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import { render } from '../../platform/render';
import { photosOf } from '../photos/photos.service';
import { linesOf } from '../tasks/find-tasks';
import { actionsOf } from '../tasks/record-action';
import { type RefusedForm, taskConducts } from '../tasks/task-conduct';
import { isClosed } from '../tasks/task-moves';
import { lastStanding } from '../tasks/task-progress';
import type { TaskRow } from '../tasks/tasks.models';
import { stopSentences } from './stop-sentences';
import { closedPage, type Said, saidOfLine, workPage } from './task-page.view';

export interface Shown {
  task: TaskRow;
  token: string;
  /** The line that was just counted. */
  lineId?: string;
  said?: Said;
  refused?: RefusedForm;
}

/** The page of a task as it stands now. */
export async function showTask(ctx: ReadContext, { task, token, lineId, said, refused }: Shown): Promise<string> {
  const store = await storeSettings(ctx, task.storeId);
  if (isClosed(task.status)) return render('console/task-closed', closedPage(task, store));
  const lines = await linesOf(ctx, [task.id]);
  const action = `/t/${token}`;
  const counted = lines.find(({ id }) => id === lineId);
  const data = workPage({
    task,
    lines,
    store,
    action,
    part: await taskConducts.of(task.kind).page?.(ctx, { task, lines, action, refused }),
    said: said ?? saidOfLine(task, counted),
    stops: stopSentences(task, lines, await openHolds(ctx, task.orderId)),
    photos: await photosOf(ctx, task.id),
    canUndo: lastStanding(await actionsOf(ctx, task.id)) !== undefined,
    isLate: task.dueAt !== null && task.dueAt < ctx.now,
  });
  return render('console/task', data);
}
