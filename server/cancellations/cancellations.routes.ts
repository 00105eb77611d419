import type { TaskUrls } from '../fulfillment';
import { type MoveCommand, viewOrder } from '../orders';
import type { CommandContext } from '../platform/context';
import { ValidationError } from '../platform/errors';
import { command, query, Reply, type Route } from '../platform/http/route';
import { cancelOrder, type CancelRequest } from './cancel-order';
import {
  cancelInput,
  type CancelInput,
  cancelledView,
  caseList,
  caseQuery,
  caseView,
  orderParams,
  resolveInput,
  stepParams,
} from './cancellations.schema';
import { listCases, readCases, viewCase } from './case-view';
import { askToCancel, cancelOrAsk, requestRoutes } from './requests';
import { resolveStep, resolveSteps } from './resolve-step';

const tag = 'cancellations';

/** The order as it is now, and the case. */
async function cancel(ctx: CommandContext, idOrNumber: string, asked: CancelRequest): Promise<Reply> {
  const event = asked.event ?? ctx.execution.eventId;
  const { state, opened, changed } = await cancelOrder(ctx, idOrNumber, { ...asked, event });
  return new Reply(200, { ...viewOrder(state, ctx), changed, case: viewCase(opened, ctx) });
}

/** What `PUT /orders/:id/status` runs for the move `cancel`. */
export function cancelByMove(urls: TaskUrls): MoveCommand {
  return (ctx, idOrNumber, input) => {
    if (input.lines) throw linesElsewhere();
    return cancelOrAsk(ctx, urls, idOrNumber, { ...input, cancel });
  };
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

export function cancellationsRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/orders/:id/cancel',
      tag,
      summary: 'Cancel an order, with its goods and money, and open its case; who may not do it alone asks a manager',
      permission: askToCancel,
      params: orderParams,
      body: cancelInput,
      response: cancelledView,
      run: (ctx, { params, body }) => cancelOrAsk(ctx, urls, params.id, { ...readRequest(body), cancel }),
    }),
    ...requestRoutes(urls, cancel),
    ...caseRoutes,
  ];
}

const caseRoutes: Route[] = [
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
