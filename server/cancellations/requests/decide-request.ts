import type { Finished, Finishing } from '../../fulfillment';
import { emitForOrder, type OrderState, releaseHold } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { ConflictError, ForbiddenError, ValidationError } from '../../platform/errors';
import { cancelOrder } from '../cancel-order';
import { type RequestDecision, type RequestMove, requestMoves } from './request-rules';
import { type RequestRow, requests } from './requests.models';
import { tellOutcome, tellRequester } from './workers';

/**
 * Finishing the decision: approved, the order is cancelled with its case and its put-back; rejected, its hold is
 * released and everyone goes on. Throws 409 DECISION_MISSING, REQUEST_DECIDED or ORDER_SHIPPED, 403 REQUESTER_DECIDES,
 * 422 NOTE_MISSING.
 */
export async function finishRequest(
  ctx: CommandContext,
  { order, state: { task }, input, result }: Finishing,
): Promise<Finished> {
  const request = await requestOfTask(ctx, task.id);
  const decision = result?.decision as RequestDecision | undefined;
  if (!decision) {
    throw new ConflictError(
      'DECISION_MISSING',
      `Say whether order ${task.orderNumber} is cancelled or goes on: POST /api/v1/cancellation-requests/${request?.id ?? ':id'}/decision.`,
    );
  }
  if (!request?.openMarker) throw decided(request);
  assertOther(ctx, request, task.assigneeEmail);
  const note = input.note?.trim() ?? '';
  if (decision === 'reject' && note === '') {
    const message = 'To let the order go on, write why.';
    throw new ValidationError('NOTE_MISSING', message, { errors: [{ path: 'note', code: 'NOTE_MISSING', message }] });
  }
  await releaseHold(ctx, request.orderId, request.holdHandle);
  if (decision === 'reject') {
    const row = await settle(ctx, order, request, { move: 'reject', note });
    return { result: { decision: 'go_on', requestId: row.id } };
  }
  const { reason, note: notes, customerContact, requestedAt, restock, notify } = request;
  const cancelled = await cancelOrder(ctx, request.orderId, {
    ...{ reason, notes, restock, notify },
    customerContact: customerContact ?? undefined,
    requestedAt: requestedAt ?? undefined,
  });
  const caseId = cancelled.opened.row.id;
  const row = await settle(ctx, cancelled.state, request, { move: 'approve', note, caseId });
  return { order: cancelled.state, result: { decision: 'cancel', requestId: row.id, caseId } };
}

/** Its hold is released and the order goes its way, since it ended, or left, before anybody decided. */
export async function settleByFact(
  ctx: CommandContext,
  state: OrderState,
  request: RequestRow,
  ending: { move: RequestMove; note: string },
): Promise<void> {
  await releaseHold(ctx, request.orderId, request.holdHandle);
  await settle(ctx, state, request, ending);
}

async function settle(
  ctx: CommandContext,
  { order }: OrderState,
  request: RequestRow,
  { move, note, caseId = null }: { move: RequestMove; note: string; caseId?: string | null },
): Promise<RequestRow> {
  const status = requestMoves[move].to;
  const set = { status, openMarker: null, decidedBy: ctx.actor.name, decidedAt: ctx.now, decisionNote: note, caseId };
  await ctx.update(requests, set, 'id = :id AND open_marker = 1', { id: request.id });
  const row: RequestRow = { ...request, ...set };
  ctx.audit({
    action: `cancellation.${move}`,
    subjectType: 'cancellation_request',
    subjectId: row.id,
    storeId: row.storeId,
    orderId: row.orderId,
    before: { status: request.status },
    after: { status, caseId },
    note: note || undefined,
  });
  const told = { id: row.id, status, reason: row.reason, decidedBy: row.decidedBy, decisionNote: note, caseId };
  emitForOrder(ctx, order, 'cancellation.decided', { request: told });
  await tellOutcome(ctx, row);
  await tellRequester(ctx, row);
  return row;
}

export function requestOfTask(ctx: CommandContext, taskId: string): Promise<RequestRow | undefined> {
  return ctx.get(requests, 'task_id = :taskId', { taskId });
}

export function decided(request: RequestRow | undefined): ConflictError {
  const what = request ? `${request.status} by ${request.decidedBy ?? 'the order itself'}` : 'gone';
  return new ConflictError('REQUEST_DECIDED', `This request is ${what}. There is nothing left to decide.`, {
    facts: { requestStatus: request?.status ?? null },
  });
}

/** Nobody decides on what they asked for themselves. */
function assertOther({ actor }: CommandContext, request: RequestRow, holderEmail: string | null): void {
  const isHolder = actor.kind === 'link' && holderEmail !== null && holderEmail === request.askedByEmail;
  if (actor.id !== request.askedById && !isHolder) return;
  throw new ForbiddenError(
    'REQUESTER_DECIDES',
    'Whoever asked for a cancellation does not decide on it. Give the task to another store manager.',
    { facts: { permission: 'cancellation.decide', role: actor.role, allowedRoles: ['admin', 'store_manager'] } },
  );
}
