import { type Request, type Response, Router } from 'express';
import type { ReadContext } from '../../platform/context';
import type { Caller } from '../../platform/database/reader';
import { NotFoundError, Refusal } from '../../platform/errors';
import type { Workroom } from '../../platform/workroom';
import { fileNameOf, readPhotoOfOrder } from '../photos/photos.service';
import { taskConducts } from '../tasks/task-conduct';
import { taskKinds } from '../tasks/task-kinds';
import { readTaskToken, type TaskUrls } from '../tasks/task-links';
import { isClosed, taskClosed } from '../tasks/task-moves';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { readBody } from './form-body';
import { endPages, openLinked, stateOf } from './linked-page';
import { pageAssets } from './page-assets';
import { TASK_STATE, pagePolicy } from './page-policy';
import { showTask } from './show-task';
import { readForm } from './task-forms';
import { type PaperForm, PAPER_FORMS, taskPapers } from './task-papers';
import type { Said } from './task-page.view';

interface Desk {
  workroom: Workroom;
  urls: TaskUrls;
  secret: string;
}

/**
 * The page behind the link in a task's mail. Whoever has the link may do this task and nothing else. Reading the page
 * changes nothing, since mail programs open links by themselves; every change is a form of its own.
 */
export function taskPages(desk: Desk): Router {
  const router = Router();
  router.use('/assets', pageAssets());
  router.use(pagePolicy);
  router.get('/:token', async (request: Request, response: Response) => {
    const { task, ctx } = await open(desk, request, response);
    const lineId = typeof request.query.line === 'string' ? request.query.line : undefined;
    response.type('html').send(await showTask(ctx, { task, token: String(request.params.token), lineId }));
  });
  router.get('/:token/:paper', (request, response) => sendPaper(desk, request, response));
  router.get('/:token/photos/:photoId', (request, response) => sendPhoto(desk, request, response));
  router.post('/:token/:form', (request, response) => act(desk, request, response));
  return endPages(router);
}

/** The task of the address. Throws 403 LINK_INVALID. */
async function open(
  { workroom, secret }: Desk,
  request: Request,
  response: Response,
): Promise<{ task: TaskRow; ctx: ReadContext; caller: Caller }> {
  const link = readTaskToken(String(request.params.token), secret);
  const { row: task, ...visitor } = await openLinked(workroom, response, {
    thing: 'task',
    find: async (ctx) => link && ctx.get(tasks, 'id = :taskId AND link_number = :linkNumber', { ...link }),
    roleOf: ({ kind }) => taskKinds[kind].actsAs,
  });
  return { task, ...visitor };
}

/** A paper that the work needs, such as the packing slip. Throws 404 PAPER_NOT_FOUND or 409 TASK_CLOSED. */
async function sendPaper(desk: Desk, request: Request, response: Response): Promise<void> {
  const { task, ctx } = await open(desk, request, response);
  const [name = '', form = 'html'] = String(request.params.paper).split('.');
  const make = taskConducts.of(task.kind).papers?.includes(name) ? taskPapers.of(name) : undefined;
  if (!make || !PAPER_FORMS.includes(form as PaperForm)) {
    throw new NotFoundError('PAPER_NOT_FOUND', 'This task has no such paper. Open the task again.');
  }
  if (isClosed(task.status)) throw taskClosed(task.status);
  const { content, mediaType, fileName } = await make(ctx, task.orderId, form as PaperForm);
  response.set('Content-Disposition', `inline; filename="${fileName}"`).type(mediaType).send(content);
}

/** A photo of the task's order, while the task is open. Throws 404 PHOTO_NOT_FOUND or 409 TASK_CLOSED. */
async function sendPhoto(desk: Desk, request: Request, response: Response): Promise<void> {
  const { task, ctx } = await open(desk, request, response);
  const photo = await readPhotoOfOrder(ctx, task.orderId, String(request.params.photoId));
  if (isClosed(task.status)) throw taskClosed(task.status);
  response
    .set('Content-Disposition', `inline; filename="${fileNameOf(photo)}"`)
    .set('Content-Security-Policy', "default-src 'none'; sandbox")
    .type(photo.mediaType)
    .send(photo.bytes);
}

async function act(desk: Desk, request: Request, response: Response): Promise<void> {
  const { task, ctx, caller } = await open(desk, request, response);
  const token = String(request.params.token);
  let fields: Record<string, unknown> = {};
  try {
    fields = await readBody(request, response);
    const perform = readForm(task.kind, String(request.params.form), fields);
    if (!perform) throw new NotFoundError('FORM_NOT_FOUND', 'The page has no such form. Open the task again.');
    const { result: lineId } = await desk.workroom.command(caller, (work) => perform(work, task.id, desk.urls));
    response.redirect(303, `/t/${token}${lineId ? `?line=${lineId}#line-${lineId}` : ''}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const said: Said = { text: error.message, isRefusal: true };
    const now = await ctx.get(tasks, 'id = :id', { id: task.id });
    const refused = { form: String(request.params.form), code: error.code, fields: textFields(fields) };
    response
      .status(error.status)
      .set(TASK_STATE, stateOf(now ?? task))
      .type('html')
      .send(await showTask(ctx, { task: now ?? task, token, said, refused }));
  }
}

function textFields(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
