import { lockState } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { authorise } from '../../platform/auth/permissions';
import { NotFoundError, ValidationError } from '../../platform/errors';
import { command, FileReply, query, Reply, type Route } from '../../platform/http/route';
import { z } from 'zod';
import { summaryOf } from '../labels/label-view';
import { cancelTasks, confirmHandOffs, openHandOffs, readSignatures } from '../rights';
import { cancelTask } from '../tasks/close-task';
import { readTask, type TaskState } from '../tasks/find-tasks';
import { viewTask } from '../tasks/task-view';
import { type Confirmation, confirmHandOff, type Counter, wrongCode } from './confirm-hand-off';
import { readHandOff } from './find-hand-offs';
import { assertHandOffMove } from './hand-off-moves';
import { viewHandOff } from './hand-off-view';
import { handOffSignatures, type HandOffRow } from './hand-offs.models';
import { closeInput, confirmInput, handOffInput, handOffParams, handOffView, orderParams } from './hand-offs.schema';
import { openHandOff } from './open-hand-off';

const tag = 'fulfillment';

export function handOffRoutes(counter: Counter): Route[] {
  return [opening(counter), confirming(counter), cancelling(counter), signature];
}

interface Shown {
  handOff: HandOffRow;
  order: Confirmation['order'];
  task: TaskState;
  changed: boolean;
}

function viewShown(ctx: ReadContext, { urls }: Counter, { handOff, order, task, changed }: Shown) {
  return { ...viewHandOff(handOff), changed, order: summaryOf(order), task: viewTask(task, ctx, urls) };
}

function opening(counter: Counter): Route {
  return command({
    method: 'post',
    path: '/orders/:id/handoffs',
    tag,
    summary: 'Have the goods wait for whoever takes them; while they do, the same hand-off',
    permission: openHandOffs,
    params: orderParams,
    body: handOffInput,
    volatileFields: ['dueAt'],
    response: handOffView,
    status: 201,
    run: async (ctx, { params, body }) => {
      const { isNew, ...opened } = await openHandOff(ctx, counter.urls, params.id, body);
      return new Reply(isNew ? 201 : 200, viewShown(ctx, counter, { ...opened, changed: isNew }));
    },
  });
}

/** A wrong code is counted before it is refused: the refusal follows the commit. */
function confirming(counter: Counter): Route {
  return command({
    method: 'post',
    path: '/handoffs/:id/confirm',
    tag,
    summary: 'The goods are handed over: the order moves on',
    permission: confirmHandOffs,
    params: handOffParams,
    body: confirmInput,
    // Not even its hash is kept: six digits are soon guessed from one.
    volatileFields: ['code'],
    response: handOffView,
    run: async (ctx, { params, body }) => {
      if (ctx.dryRun && body.code !== undefined) throw codeInPreview();
      const { isWrongCode, ...confirmed } = await confirmHandOff(ctx, counter, params.id, body);
      const task = await readTask(ctx, confirmed.handOff.taskId);
      return { ...viewShown(ctx, counter, { ...confirmed, task }), ...(isWrongCode ? { isWrongCode } : {}) };
    },
    followUp: (_afterwards, reply) => {
      const { isWrongCode, wrongTries } = reply.body as { isWrongCode?: true; wrongTries: number };
      if (isWrongCode) throw wrongCode({ wrongTries });
      return Promise.resolve(reply);
    },
  });
}

/** What a preview counts is undone with it: it would tell right codes from wrong ones as often as it is asked. */
function codeInPreview(): ValidationError {
  const message =
    'A code is not looked at in a preview, where no wrong try would count. Leave code out, or confirm without dryRun.';
  const errors = [{ path: 'code', code: 'CODE_IN_PREVIEW', message }];
  return new ValidationError('CODE_IN_PREVIEW', message, { errors });
}

function cancelling(counter: Counter): Route {
  return command({
    method: 'post',
    path: '/handoffs/:id/cancel',
    tag,
    summary: 'End a hand-off unconfirmed; the order stays where it waits',
    permission: cancelTasks,
    params: handOffParams,
    body: closeInput,
    response: handOffView,
    run: async (ctx, { params, body }) => {
      const { taskId, orderId } = await readHandOff(ctx, params.id);
      const { order } = await lockState(ctx, orderId);
      const { status } = await readHandOff(ctx, params.id);
      if (status !== 'cancelled') assertHandOffMove(status, 'cancel');
      const { changed, ...task } = await cancelTask(ctx, counter.urls, taskId, body.note ?? null);
      return viewShown(ctx, counter, { handOff: await readHandOff(ctx, params.id), order, task, changed });
    },
  });
}

const signature = query({
  method: 'get',
  path: '/handoffs/:id/signature',
  tag,
  summary: 'The signature of whoever took the goods, as a picture',
  permission: readSignatures,
  params: handOffParams,
  response: z.string(),
  produces: ['image/png'],
  run: async (ctx, { params }) => {
    const handOff = await readHandOff(ctx, params.id);
    authorise(ctx.actor, readSignatures, handOff.storeId);
    const row = await ctx.get(handOffSignatures, 'hand_off_id = :id', { id: handOff.id });
    if (!row) throw new NotFoundError('SIGNATURE_NOT_FOUND', 'Nobody drew a signature for this hand-off.');
    const fileName = `signature-${handOff.id}.png`;
    return new FileReply(Buffer.from(row.pngBase64, 'base64'), { mediaType: 'image/png', fileName });
  },
});
