import {
  announceTask,
  findAssignee,
  insertTask,
  NO_UNITS,
  NOBODY,
  openWork,
  restsWhileAsked,
  type TaskUrls,
} from '../../fulfillment';
import { assertMove, assertVersion, emitForOrder, lockState, type OrderState, placeHold } from '../../orders';
import { authorise, permission } from '../../platform/auth/permissions';
import type { Actor, CommandContext, Role } from '../../platform/context';
import { ValidationError } from '../../platform/errors';
import type { CancelRequest } from '../cancel-order';
import { assertAsked, assertMayCancelFor, type CancellationReason } from '../cancel-reasons';
import { latestCase } from '../open-case';
import { factsForDecision } from './decision-facts';
import { cancelsAlone } from './request-rules';
import { type RequestRow, requests } from './requests.models';
import { tellToStop } from './workers';

/** Who may cancel an order, or ask for it. */
export const askToCancel = permission('order.cancel', ['store_manager', 'customer_service', 'fulfillment_specialist']);

/** Those who decide on requests, and so may not be asked about their own. */
const DECIDERS: readonly Role[] = ['admin', 'store_manager'];

export interface AskedFor extends CancelRequest {
  /** Who is behind the program that asks; a key that could decide must say so. */
  requesterEmail?: string;
}

export interface Requested {
  state: OrderState;
  request: RequestRow;
  changed: boolean;
}

/** Whether this person has to ask; `whileWorking` also when somebody works on the order and they need not. */
export async function mustAsk(
  ctx: CommandContext,
  idOrNumber: string,
  { whileWorking = false }: { whileWorking?: boolean } = {},
): Promise<boolean> {
  const { order } = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, askToCancel, order.storeId);
  const known = await latestCase(ctx, order.id);
  // What is cancelled is answered by its case, whoever asks.
  if (order.status === 'cancelled' && known) return false;
  if (!cancelsAlone(ctx.actor.role, order.status)) return true;
  if (!whileWorking) return false;
  const { tasks } = await openWork(ctx, order.id);
  return tasks.some(({ kind }) => restsWhileAsked(kind) || kind === 'cancellation_decision');
}

/**
 * Asks a store manager to cancel an order: it is held, everyone at work on it is told to stop, and a decision is
 * somebody's task. Asked again while it is open, or by the same run, that request is the answer. Refuses as
 * `cancelOrder` does.
 */
export async function requestCancellation(
  ctx: CommandContext,
  urls: TaskUrls,
  idOrNumber: string,
  wanted: AskedFor,
): Promise<Requested> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, askToCancel, order.storeId);
  const { notes = '', requesterEmail, event } = wanted;
  const known = await knownRequest(ctx, order.id, event);
  if (known) return { state, request: known, changed: false };
  assertVersion(order, wanted.version);
  assertMove(order.status, 'cancel');
  const asked = { reason: wanted.reason, customerContact: wanted.customerContact, requestedAt: wanted.requestedAt };
  assertAsked(asked, ctx.now);
  const { reason } = asked;
  assertMayCancelFor(ctx.actor, reason);
  assertRequester(ctx.actor, requesterEmail);
  const words = `${reason.replaceAll('_', ' ')}${notes ? `: ${notes}` : ''}`;
  const hold = await placeHold(ctx, order.id, {
    reason: 'cancellation_requested',
    note: words.slice(0, 1000),
    lineIds: [],
  });
  const email = requesterEmail?.toLowerCase();
  const id = ctx.newId();
  const { task, lines } = await insertTask(ctx, state, {
    kind: 'cancellation_decision',
    units: NO_UNITS,
    round: await nextRound(ctx, order.id),
    assignee: await managerOtherThan(ctx, order.storeId, email),
    dueAt: null,
    instructions: await factsForDecision(ctx, state, { words, askedBy: ctx.actor.name, role: ctx.actor.role }),
    details: { requestId: id, reason, askedBy: ctx.actor.name },
    eventId: event ?? null,
  });
  const request = rowOf(ctx, state, { ...wanted, reason }, { id, holdHandle: hold.id, taskId: task.id, email });
  ctx.insert(requests, request);
  record(ctx, state, request);
  await tellToStop(ctx, request);
  await announceTask(ctx, urls, { order, task, lines });
  return { state, request, changed: true };
}

/** Behind a key that could decide may be whoever is asked to: only their name keeps them from their own request. */
function assertRequester({ kind, role }: Actor, requesterEmail: string | undefined): void {
  if (requesterEmail !== undefined || kind !== 'key' || !DECIDERS.includes(role)) return;
  const message = 'Say with requesterEmail who asks, so that somebody else decides and they hear of it.';
  const errors = [{ path: 'requesterEmail', code: 'REQUESTER_REQUIRED', message }];
  throw new ValidationError('REQUESTER_REQUIRED', message, { errors });
}

async function knownRequest(ctx: CommandContext, orderId: string, event: string | undefined) {
  const open = await ctx.get(requests, 'order_id = :orderId AND open_marker = 1', { orderId });
  if (open || event === undefined) return open;
  return ctx.get(requests, 'order_id = :orderId AND event_id = :event ORDER BY id DESC', { orderId, event });
}

/** The number of the decision: an order may be asked about again after a no. */
async function nextRound(ctx: CommandContext, orderId: string): Promise<number> {
  const [row] = await ctx.select<{ rounds: number }>(
    `SELECT COALESCE(MAX(round), 0) AS rounds FROM tasks WHERE order_id = :orderId AND kind = 'cancellation_decision'`,
    { orderId },
  );
  return Number(row?.rounds ?? 0) + 1;
}

/** Nobody decides on their own request; with no other manager the task waits to be assigned. */
async function managerOtherThan(ctx: CommandContext, storeId: string, email: string | undefined) {
  const manager = await findAssignee(ctx, { storeId, role: 'store_manager', except: email });
  return manager && manager.assigneeEmail !== email ? manager : NOBODY;
}

function rowOf(
  ctx: CommandContext,
  { order }: OrderState,
  asked: AskedFor & { reason: CancellationReason },
  made: { id: string; holdHandle: string; taskId: string; email: string | undefined },
): RequestRow {
  const { email, ...ids } = made;
  const { actor } = ctx;
  return {
    ...ids,
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    status: 'requested',
    openMarker: 1,
    reason: asked.reason,
    note: asked.notes ?? '',
    customerContact: asked.customerContact ?? null,
    requestedAt: asked.requestedAt ? new Date(asked.requestedAt).toISOString() : null,
    restock: asked.restock ?? true,
    notify: asked.notify ?? true,
    fromStatus: order.status,
    eventId: asked.event ?? null,
    ...{ askedById: actor.id, askedByName: actor.name, askedByRole: actor.role, askedByEmail: email ?? null },
    askedAt: ctx.now,
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    caseId: null,
  };
}

function record(
  ctx: CommandContext,
  { order }: OrderState,
  { id, reason, note, holdHandle, taskId }: RequestRow,
): void {
  ctx.audit({
    action: 'cancellation.request',
    subjectType: 'cancellation_request',
    subjectId: id,
    storeId: order.storeId,
    orderId: order.id,
    after: { reason, handle: holdHandle, taskId },
    note: note || undefined,
  });
  emitForOrder(ctx, order, 'cancellation.requested', { request: { id, reason, askedBy: ctx.actor.name, taskId } });
}
