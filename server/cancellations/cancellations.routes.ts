import { z } from 'zod';
import { type StatusInput, viewOrder } from '../orders';
import { permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ValidationError } from '../platform/errors';
import { command, query, Reply, type Route } from '../platform/http/route';
import { cancelOrder, cancelOrders, type CancelRequest } from './cancel-order';
import {
  cancelInput,
  type CancelInput,
  cancelledView,
  caseList,
  caseQuery,
  caseView,
  resolveInput,
  stepParams,
} from './cancellations.schema';
import { listCases, viewCase } from './case-view';
import { resolveStep, resolveSteps } from './resolve-step';

const tag = 'cancellations';
const byId = z.object({ id: z.string().min(1).max(80) });
const readCases = permission('cancellation.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);

/** The order as it is now, and the case. */
async function cancel(ctx: CommandContext, idOrNumber: string, asked: CancelRequest): Promise<Reply> {
  const event = asked.event ?? ctx.execution.eventId;
  const { state, opened, changed } = await cancelOrder(ctx, idOrNumber, { ...asked, event });
  return new Reply(200, { ...viewOrder(state, ctx), changed, case: viewCase(opened, ctx) });
}

/** What `PUT /orders/:id/status` runs for the move `cancel`. */
export function cancelByMove(ctx: CommandContext, idOrNumber: string, input: StatusInput): Promise<Reply> {
  if (input.lines) throw linesElsewhere();
  return cancel(ctx, idOrNumber, input);
}

function readRequest({ lines, scope, note, ...asked }: CancelInput): CancelRequest {
  if (lines !== undefined) throw linesElsewhere();
  if (scope === 'future') {
    const message = 'This order belongs to no recurring plan, so there are no future ones to cancel. Leave scope out.';
    throw new ValidationError('SCOPE_NOT_APPLICABLE', message, {
      errors: [{ path: 'scope', code: 'SCOPE_NOT_APPLICABLE', message }],
    });
  }
  return { ...asked, notes: note };
}

function linesElsewhere(): ValidationError {
  const message =
    'This cancels the whole order. To take lines off it, move partially_fulfill with handling refund for each of them.';
  return new ValidationError('LINES_CANCELLED_OTHERWISE', message, {
    errors: [{ path: 'lines', code: 'LINES_CANCELLED_OTHERWISE', message: 'Leave lines out to cancel the order.' }],
  });
}

export const cancellationsRoutes: Route[] = [
  command({
    method: 'post',
    path: '/orders/:id/cancel',
    tag,
    summary: 'Cancel an order, with its goods and money, and open its case',
    permission: cancelOrders,
    params: byId,
    body: cancelInput,
    response: cancelledView,
    run: (ctx, { params, body }) => cancel(ctx, params.id, readRequest(body)),
  }),
  query({
    method: 'get',
    path: '/cancellations',
    tag,
    summary: 'Cancellations with what is left to do, newest first',
    permission: readCases,
    query: caseQuery,
    response: caseList,
    run: (ctx, { query: wanted }) => listCases(ctx, wanted),
  }),
  command({
    method: 'post',
    path: '/cancellations/:id/steps/:kind/resolve',
    tag,
    summary: 'Say that a person did what a step waits for',
    permission: resolveSteps,
    params: stepParams,
    body: resolveInput,
    response: caseView,
    run: async (ctx, { params, body }) => {
      const { changed, ...resolved } = await resolveStep(ctx, { ...params, ...body });
      return { ...viewCase(resolved, ctx), changed };
    },
  }),
];
