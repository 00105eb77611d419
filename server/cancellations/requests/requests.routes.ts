import { completeTask, type TaskUrls } from '../../fulfillment';
import { lockState, viewOrder } from '../../orders';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { command, query, Reply, type Route } from '../../platform/http/route';
import { readCases } from '../case-view';
import { cancelledView, orderParams } from '../cancellations.schema';
import { askToCancel, type AskedFor, mustAsk, requestCancellation } from './ask-to-cancel';
import { decided } from './decide-request';
import { listRequests, viewRequest } from './request-view';
import { type RequestDecision, requestMoves } from './request-rules';
import { type RequestRow, requests } from './requests.models';
import {
  decisionInput,
  requestChange,
  requestInput,
  requestList,
  requestParams,
  requestQuery,
} from './requests.schema';

const tag = 'cancellations';
const decideRequests = permission('cancellation.decide', ['store_manager']);

/** Cancels at once, as somebody does who need not ask. */
type Cancel = (ctx: CommandContext, idOrNumber: string, asked: AskedFor) => Promise<Reply>;

/** Cancels where the asker may, else asks for it: 202 with the request, as for anything that waits for an approval. */
export async function cancelOrAsk(
  ctx: CommandContext,
  urls: TaskUrls,
  idOrNumber: string,
  { cancel, whileWorking, ...asked }: AskedFor & { cancel: Cancel; whileWorking?: boolean },
): Promise<Reply> {
  if (!(await mustAsk(ctx, idOrNumber, { whileWorking }))) return cancel(ctx, idOrNumber, asked);
  const event = asked.event ?? ctx.execution.eventId;
  const { state, request, changed } = await requestCancellation(ctx, urls, idOrNumber, { ...asked, event });
  const approval = { id: request.id, status: request.status };
  return new Reply(202, { ...viewOrder(state, ctx), changed, approval, request: viewRequest(request, ctx) });
}

export function requestRoutes(urls: TaskUrls, cancel: Cancel): Route[] {
  return [
    command({
      method: 'post',
      path: '/orders/:id/cancellation_requests',
      tag,
      summary: 'Cancel an order nobody works on; otherwise hold it, stop the work and ask a manager',
      permission: askToCancel,
      params: orderParams,
      body: requestInput,
      response: cancelledView,
      run: (ctx, { params, body: { note, ...asked } }) =>
        cancelOrAsk(ctx, urls, params.id, { ...asked, notes: note, cancel, whileWorking: true }),
    }),
    query({
      method: 'get',
      path: '/cancellation-requests',
      tag,
      summary: 'Requests to cancel, newest first',
      permission: readCases,
      query: requestQuery,
      response: requestList,
      run: (ctx, { query: wanted }) => listRequests(ctx, wanted),
    }),
    command({
      method: 'post',
      path: '/cancellation-requests/:id/decision',
      tag,
      summary: 'Cancel the order as asked, or let it go on',
      permission: decideRequests,
      params: requestParams,
      body: decisionInput,
      response: requestChange,
      run: async (ctx, { params, body: { decision, note } }) => {
        const { row, changed } = await decide(ctx, urls, params.id, { decision, note });
        return { ...viewRequest(row, ctx), changed };
      },
    }),
  ];
}

/** Throws 404 REQUEST_NOT_FOUND, 409 REQUEST_DECIDED, and what finishing the decision refuses. */
async function decide(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  { decision, note }: { decision: RequestDecision; note?: string },
): Promise<{ row: RequestRow; changed: boolean }> {
  const seen = await ctx.get(requests, 'id = :id', { id });
  if (!seen) {
    throw new NotFoundError(
      'REQUEST_NOT_FOUND',
      'There is no such request. GET /api/v1/cancellation-requests lists them.',
    );
  }
  authorise(ctx.actor, decideRequests, seen.storeId);
  await lockState(ctx, seen.orderId);
  const row = (await ctx.get(requests, 'id = :id', { id })) ?? seen;
  if (row.openMarker === null) {
    if (row.status === requestMoves[decision].to) return { row, changed: false };
    throw decided(row);
  }
  await completeTask(ctx, urls, row.taskId, { allDone: true, note }, { decision });
  return { row: (await ctx.get(requests, 'id = :id', { id })) ?? row, changed: true };
}
