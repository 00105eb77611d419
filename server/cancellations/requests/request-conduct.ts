import { z } from 'zod';
import { type Act, completeTask, type PagePart, readFields, type TaskConduct } from '../../fulfillment';
import type { CommandContext, ReadContext } from '../../platform/context';
import { storeSettings } from '../../people';
import { Refusal } from '../../platform/errors';
import { newId } from '../../platform/ids';
import { formatMoney } from '../../platform/money';
import { date } from '../../platform/render';
import type { Workroom } from '../../platform/workroom';
import { cancelOrder } from '../cancel-order';
import { NOTE_MAX } from '../cancel-reasons';
import { stepRules } from '../case-steps';
import { finishRequest, requestOfTask, settleByFact } from './decide-request';
import { REQUEST_DECISIONS } from './request-rules';
import { type RequestRow, requests } from './requests.models';

/** Deciding whether an order is cancelled while people work on it. */
export function requestConduct(workroom: Workroom): TaskConduct {
  return {
    finish: finishRequest,
    page: (ctx, { task, refused }) => requestPage(ctx, workroom, task.id, refused?.fields.note ?? ''),
    forms: { decide: decideForm },
    // The order ended in another way, or somebody cancelled the decision: nobody is left waiting.
    cancel: async (ctx, { order, state: { task } }) => {
      const request = await requestOfTask(ctx, task.id);
      if (!request?.openMarker) return;
      const isCancelled = order.order.status === 'cancelled' || order.order.status === 'rejected';
      const ending = isCancelled
        ? ({ move: 'approve', note: 'The order was cancelled meanwhile.' } as const)
        : ({ move: 'reject', note: 'The decision was called off.' } as const);
      await settleByFact(ctx, order, request, ending);
    },
    closed: ({ status, result }) => {
      if (status !== 'done') return 'There is nothing left to decide.';
      return result?.decision === 'cancel'
        ? 'The order is cancelled. What was picked is being put back; everyone was told.'
        : 'The order goes on. Everyone was told.';
    },
  };
}

async function requestPage(ctx: ReadContext, workroom: Workroom, taskId: string, typedNote: string): Promise<PagePart> {
  const request = (await ctx.get(requests, 'task_id = :taskId', { taskId })) as RequestRow;
  const store = await storeSettings(ctx, request.storeId);
  const { askedByName, askedByRole, reason, note, customerContact, requestedAt } = request;
  return {
    partial: 'cancellation-decision',
    style: 'count',
    hidesLines: true,
    hidesFinish: true,
    actionId: newId(),
    noteMax: NOTE_MAX,
    typedNote,
    ...{ askedByName, note, customerContact },
    askedByRole: askedByRole.replaceAll('_', ' '),
    reason: reason.replaceAll('_', ' '),
    askedAt: date(request.askedAt, store.timezone),
    requestedAt: requestedAt && date(requestedAt, store.timezone),
    ...(await previewOf(workroom, request)),
  };
}

interface MovementShown {
  kind: string;
  sku?: string;
  quantity: number;
}

interface PostingShown {
  debit: { name: string };
  credit: { name: string };
  amountMinor: number;
  currency: string;
}

const MOVEMENT_WORDS: Readonly<Record<string, string>> = {
  release: 'free to be sold again',
  recall_to_on_hand: 'back on the shelf by the record',
  recall_to_unavailable: 'to be put back',
};

/** What cancelling would do, found out by doing it and undoing it again; or why it cannot be done. */
async function previewOf(workroom: Workroom, request: RequestRow): Promise<Record<string, unknown>> {
  const caller = workroom.systemCaller('preview');
  const { reason, note, customerContact, requestedAt, restock, notify } = request;
  try {
    const { result, effects } = await workroom.command(
      caller,
      (ctx: CommandContext) =>
        cancelOrder(ctx, request.orderId, {
          ...{ reason, notes: note, restock, notify },
          customerContact: customerContact ?? undefined,
          requestedAt: requestedAt ?? undefined,
        }),
      { dryRun: true },
    );
    const { order } = result.state;
    const movements = effects.movements as unknown as MovementShown[];
    const postings = effects.postings as unknown as PostingShown[];
    return {
      refusal: null,
      owed: order.refundsPayableMinor > 0 ? formatMoney(order.refundsPayableMinor, order.currency) : null,
      goods: movements.flatMap(({ kind, sku = '', quantity }) =>
        MOVEMENT_WORDS[kind] ? [`${quantity} × ${sku}: ${MOVEMENT_WORDS[kind]}`] : [],
      ),
      books: postings.map(
        ({ debit, credit, amountMinor, currency }) =>
          `${debit.name} / ${credit.name}: ${formatMoney(amountMinor, currency)}`,
      ),
      left: result.opened.steps
        .filter(({ status, kind }) => status === 'pending' && kind !== 'refund')
        .map(({ kind }) => `${stepRules[kind].waiting}.`),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: error.message, owed: null, goods: [], books: [], left: [] };
  }
}

const fields = z.object({
  decision: z.enum(REQUEST_DECISIONS, { error: 'Press one of the two buttons.' }),
  note: z.string().trim().max(NOTE_MAX, `The note has at most ${NOTE_MAX} characters.`).default(''),
  clientActionId: z.string().max(64),
});

function decideForm(given: unknown): Act {
  const { decision, note, clientActionId } = readFields(fields, given);
  return async (ctx, taskId, urls) => {
    const input = { allDone: true, note: note || undefined, clientActionId };
    await completeTask(ctx, urls, taskId, input, { decision });
    return undefined;
  };
}
