import { z } from 'zod';
import type { CommandContext } from '../platform/context';
import { ValidationError } from '../platform/errors';
import { bulk, command, query, Reply, type Route } from '../platform/http/route';
import { listOf } from '../platform/http/paging';
import { changeDetails, prepareLines, recordPrepared } from './change-order';
import { orderHistory } from './history';
import { holdOrders, placeHold, releaseHold } from './holds';
import { listOrders } from './list-orders';
import { allowedStatuses, explainOrder } from './order-outlook';
import { readOrders, readState } from './order-state';
import { viewHold, viewOrder, viewOrderWithSections } from './order-view';
import {
  bulkUpdateInput,
  bulkView,
  holdInput,
  itemStatusInput,
  listQuery,
  orderChange,
  orderList,
  orderView,
  placeOrderInput,
  statusInput,
  type StatusInput,
} from './orders.schema';
import { placeOrder, placeOrders } from './place-order';
import { runMove } from './run-move';

const tag = 'orders';
const byId = z.object({ id: z.string().min(1).max(80) });
const anything = z.looseObject({});
/** Any role that reads orders may ask; the move itself says who may make it. */
const moveOrders = { ...readOrders, name: 'order.move' };

/** `If-Match: "7"` means the same as `version: 7` in the body. Throws 400 IF_MATCH_INVALID rather than pass over a condition. */
function withVersion<T extends { version?: number }>(body: T, ifMatch: string | undefined): T {
  if (ifMatch === undefined || ifMatch.trim() === '*') return body;
  const version = Number(/^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim())?.[1]);
  if (!(version > 0)) {
    const message = 'If-Match is the ETag of an order, such as "7", as GET /orders/:id answers it.';
    throw new ValidationError('IF_MATCH_INVALID', message, { status: 400 });
  }
  return body.version === undefined ? { ...body, version } : body;
}

function move(ctx: CommandContext, id: string, body: StatusInput): Promise<Reply> {
  return runMove(ctx, id, { ...body, event: body.event ?? ctx.execution.eventId });
}

const reading: Route[] = [
  query({
    method: 'get',
    path: '/orders',
    tag,
    summary: 'Orders, newest first, with filters',
    permission: readOrders,
    query: listQuery,
    response: orderList,
    run: (ctx, { query: filters }) => listOrders(ctx, filters),
  }),
  query({
    method: 'get',
    path: '/orders/:id',
    tag,
    summary: 'One order with lines, payments, tasks and holds',
    permission: readOrders,
    params: byId,
    response: orderView,
    run: async (ctx, { params }) => viewOrderWithSections(await readState(ctx, params.id), ctx),
  }),
  query({
    method: 'get',
    path: '/orders/:id/history',
    tag,
    summary: 'The order’s timeline',
    permission: readOrders,
    params: byId,
    response: listOf(anything),
    run: async (ctx, { params }) => ({ items: await orderHistory(ctx, params.id), nextCursor: null }),
  }),
  query({
    method: 'get',
    path: '/orders/:id/allowed_statuses',
    tag,
    summary: 'Where the order may go, and why not elsewhere',
    permission: readOrders,
    params: byId,
    response: anything,
    run: (ctx, { params }) => allowedStatuses(ctx, params.id),
  }),
  query({
    method: 'get',
    path: '/orders/:id/explain',
    tag,
    summary: 'Why the order is not moving',
    permission: readOrders,
    params: byId,
    response: anything,
    run: (ctx, { params }) => explainOrder(ctx, params.id),
  }),
];

const writing: Route[] = [
  command({
    method: 'post',
    path: '/orders',
    tag,
    summary: 'Place an order',
    permission: placeOrders,
    body: placeOrderInput,
    response: orderView,
    status: 201,
    run: async (ctx, { body }) => viewOrder(await placeOrder(ctx, body), ctx),
  }),
  command({
    method: 'put',
    path: '/orders/:id/status',
    tag,
    summary: 'Move an order by status or by move',
    permission: moveOrders,
    params: byId,
    body: statusInput,
    response: orderView,
    run: (ctx, { params, body, headers }) => move(ctx, params.id, withVersion(body, headers['if-match'])),
  }),
  command({
    method: 'put',
    path: '/orders/:id',
    tag,
    summary: 'Change contact, notes and address, or the status',
    permission: moveOrders,
    params: byId,
    body: orderChange,
    response: orderView,
    run: async (ctx, { params, body, headers }) => {
      const versioned = withVersion(body, headers['if-match']);
      const { status, customer, shippingAddress, ...rest } = versioned;
      const editing = customer !== undefined || shippingAddress !== undefined || status === undefined;
      const changed = editing ? await changeDetails(ctx, params.id, versioned) : undefined;
      if (status === undefined && changed) return { ...viewOrder(changed.state, ctx), ...changed.news };
      return move(ctx, params.id, { ...rest, status, ...(editing ? { version: undefined } : {}) });
    },
  }),
  command({
    method: 'put',
    path: '/orders/:id/items/:itemId/status',
    tag,
    summary: 'Say how much of a line is prepared',
    permission: prepareLines,
    params: byId.extend({ itemId: z.string().max(26) }),
    body: itemStatusInput,
    response: orderView,
    run: async (ctx, { params, body, headers }) => {
      const { quantity, version } = withVersion(body, headers['if-match']);
      const line = { lineId: params.itemId, preparedQuantity: quantity };
      const state = await recordPrepared(ctx, params.id, [line], version);
      return viewOrder(state, ctx);
    },
  }),
  command({
    method: 'post',
    path: '/orders/:id/holds',
    tag,
    summary: 'Put the order on hold',
    permission: holdOrders,
    params: byId,
    body: holdInput,
    response: anything,
    status: 201,
    run: async (ctx, { params, body }) => viewHold(await placeHold(ctx, params.id, body)),
  }),
  command({
    method: 'delete',
    path: '/orders/:id/holds/:handle',
    tag,
    summary: 'Release a hold',
    permission: holdOrders,
    params: byId.extend({ handle: z.string().max(26) }),
    response: anything,
    run: async (ctx, { params }) => new Reply(200, viewHold(await releaseHold(ctx, params.id, params.handle))),
  }),
];

const inBulk: Route[] = [
  bulk({
    method: 'post',
    path: '/orders/bulk_update',
    tag,
    summary: 'Make one move with many orders; each has its own result',
    permission: moveOrders,
    body: bulkUpdateInput,
    response: bulkView,
    elements: ({ orderIds, ...body }) =>
      orderIds.map((id) => ({ id, body, run: async (ctx) => (await move(ctx, id, body)).body })),
  }),
];

export const ordersRoutes: Route[] = [...reading, ...writing, ...inBulk];
