import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { join } from 'node:path';
import { storeSettings } from '../../people';
import { plusMs } from '../../platform/clock';
import type { ReadContext } from '../../platform/context';
import type { Caller } from '../../platform/database/reader';
import { ForbiddenError, NotFoundError, Refusal } from '../../platform/errors';
import { templatesFolder } from '../../platform/paths';
import { render } from '../../platform/render';
import type { Workroom } from '../../platform/workroom';
import { linesOf } from '../tasks/find-tasks';
import { actionsOf } from '../tasks/record-action';
import { type RefusedForm, taskConducts } from '../tasks/task-conduct';
import { taskKinds } from '../tasks/task-kinds';
import { readTaskToken, type TaskUrls } from '../tasks/task-links';
import { isClosed, taskClosed } from '../tasks/task-moves';
import { lastStanding } from '../tasks/task-progress';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { readForm } from './task-forms';
import { type PaperForm, PAPER_FORMS, taskPapers } from './task-papers';
import { closedPage, type Said, saidOfLine, workPage } from './task-page.view';

const FORM_LIMIT_BYTES = 16 * 1024;
const SCRIPT_KEPT_MS = 3_600_000;
/** A finished task's link still says so for a while; then it is no link any more. */
const CLOSED_LINK_KEPT_MS = 30 * 24 * 3_600_000;

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
  router.use('/assets', express.static(join(templatesFolder, 'console', 'scripts'), { maxAge: SCRIPT_KEPT_MS }));
  router.use(unshared);
  router.get('/:token', async (request: Request, response: Response) => {
    const { task, ctx } = await open(desk, request, response);
    const lineId = typeof request.query.line === 'string' ? request.query.line : undefined;
    response.type('html').send(await pageOf(ctx, desk, { task, token: String(request.params.token), lineId }));
  });
  router.get('/:token/:paper', (request, response) => sendPaper(desk, request, response));
  router.post('/:token/:form', express.urlencoded({ extended: false, limit: FORM_LIMIT_BYTES }), (request, response) =>
    act(desk, request, response),
  );
  router.use(refusalPage);
  return router;
}

/** The address is the key, so it goes into no cache, no index and no other site's log. */
const unshared: RequestHandler = (_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow' });
  next();
};

/** The task of the address. Throws 403 LINK_INVALID when the link was altered, replaced or is long over. */
async function open(
  desk: Desk,
  request: Request,
  response: Response,
): Promise<{ task: TaskRow; ctx: ReadContext; caller: Caller }> {
  const link = readTaskToken(String(request.params.token), desk.secret);
  const now = desk.workroom.clock.now();
  const asSystem = desk.workroom.reader({ ...desk.workroom.systemCaller('task-page'), now });
  const task = link && (await asSystem.get(tasks, 'id = :taskId AND link_number = :linkNumber', { ...link }));
  if (!task || (task.closedAt !== null && task.closedAt < plusMs(now, -CLOSED_LINK_KEPT_MS))) {
    throw new ForbiddenError(
      'LINK_INVALID',
      'This link is not valid any more. Open the one in the newest mail, or ask for the task again.',
    );
  }
  const name = task.assigneeName ?? task.assigneeEmail ?? 'Holder of the task link';
  const caller: Caller = {
    actor: { kind: 'link', id: task.id, name, role: taskKinds[task.kind].actsAs, storeIds: [task.storeId] },
    now,
    requestId: String(response.locals.requestId),
    execution: {},
  };
  return { task, ctx: desk.workroom.reader(caller), caller };
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

async function act(desk: Desk, request: Request, response: Response): Promise<void> {
  const { task, ctx, caller } = await open(desk, request, response);
  const token = String(request.params.token);
  try {
    const perform = readForm(task.kind, String(request.params.form), request.body);
    if (!perform) throw new NotFoundError('FORM_NOT_FOUND', 'The page has no such form. Open the task again.');
    const { result: lineId } = await desk.workroom.command(caller, (work) => perform(work, task.id, desk.urls));
    response.redirect(303, `/t/${token}${lineId ? `?line=${lineId}#line-${lineId}` : ''}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const said: Said = { text: error.message, isRefusal: true };
    const now = await ctx.get(tasks, 'id = :id', { id: task.id });
    const refused = { form: String(request.params.form), code: error.code, fields: textFields(request.body) };
    response
      .status(error.status)
      .type('html')
      .send(await pageOf(ctx, desk, { task: now ?? task, token, said, refused }));
  }
}

function textFields(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

interface Shown {
  task: TaskRow;
  token: string;
  lineId?: string;
  said?: Said;
  refused?: RefusedForm;
}

async function pageOf(ctx: ReadContext, desk: Desk, { task, token, lineId, said, refused }: Shown): Promise<string> {
  const store = await storeSettings(ctx, task.storeId);
  if (isClosed(task.status)) return render('console/task-closed', closedPage(task, store));
  const lines = await linesOf(ctx, [task.id]);
  const action = `/t/${token}`;
  const data = workPage({
    task,
    lines,
    store,
    action,
    part: await taskConducts.of(task.kind).page?.(ctx, { task, lines, action, refused }),
    said:
      said ??
      saidOfLine(
        task,
        lines.find(({ id }) => id === lineId),
      ),
    canUndo: lastStanding(await actionsOf(ctx, task.id)) !== undefined,
    isLate: task.dueAt !== null && task.dueAt < desk.workroom.clock.now(),
  });
  return render('console/task', data);
}

/** A person with a phone reads a sentence, not a problem document. */
const refusalPage: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof Refusal)) return next(error);
  response
    .status(error.status)
    .type('html')
    .send(render('console/task-refused', { sentence: error.message }));
};
