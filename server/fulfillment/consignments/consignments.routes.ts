import { command, query, Reply, type Route } from '../../platform/http/route';
import { trackOrders } from '../../orders';
import {
  askAgain,
  type Couriers,
  listConsignments,
  lockConsignment,
  readConsignment,
  readConsignments,
} from '../../shipping';
import { authorise } from '../../platform/auth/permissions';
import { bookConsignments, confirmCodAmounts } from '../rights';
import { awaitBooking, awaitNews } from './await-courier';
import { bookOrder } from './book-order';
import { updateTracking, viewTracking } from './update-tracking';
import { viewConsignment } from './consignment-view';
import { confirmCodAmount } from './match-bill';
import {
  bookingInput,
  codInput,
  consignmentList,
  consignmentParams,
  consignmentQuery,
  consignmentView,
  nothing,
  orderParams,
  trackingInput,
  trackingView,
} from './consignments.schema';

const tag = 'fulfillment';

export function consignmentRoutes(couriers: Couriers): Route[] {
  return [...writing(couriers), tracking, ...reading()];
}

function writing(couriers: Couriers): Route[] {
  return [
    command({
      method: 'post',
      path: '/orders/:id/consignments',
      tag,
      summary: 'Book a courier for the order; the same again answers the consignment that is there',
      permission: bookConsignments,
      params: orderParams,
      body: bookingInput,
      response: consignmentView,
      status: 201,
      run: async (ctx, { params, body }) => {
        const { consignment, isNew } = await bookOrder(ctx, couriers, params.id, body);
        return new Reply(isNew && !ctx.dryRun ? 202 : 200, viewConsignment(consignment));
      },
      followUp: awaitBooking,
    }),
    command({
      method: 'post',
      path: '/consignments/:id/sync',
      tag,
      summary: 'Ask the courier now how a parcel stands; the order follows what is final',
      permission: bookConsignments,
      params: consignmentParams,
      body: nothing,
      response: consignmentView,
      run: async (ctx, { params }) => {
        const row = await lockConsignment(ctx, params.id);
        authorise(ctx.actor, bookConsignments, row.storeId);
        await askAgain(ctx, row);
        return viewConsignment(row);
      },
      followUp: (afterwards, reply) => awaitNews(couriers, afterwards, reply),
    }),
    command({
      method: 'post',
      path: '/consignments/:id/cod_amount',
      tag,
      summary: 'Say that the courier knows the amount that is due now',
      permission: confirmCodAmounts,
      params: consignmentParams,
      body: codInput,
      response: consignmentView,
      run: async (ctx, { params, body }) => {
        const { row, changed } = await confirmCodAmount(ctx, params.id, body);
        return { ...viewConsignment(row), changed };
      },
    }),
  ];
}

const tracking = command({
  method: 'put',
  path: '/orders/:id/tracking',
  tag,
  summary: 'Write carrier and tracking number into the order: its courier’s, or those that are given',
  permission: trackOrders,
  params: orderParams,
  body: trackingInput,
  response: trackingView,
  run: async (ctx, { params, body }) => viewTracking(await updateTracking(ctx, params.id, body)),
});

function reading(): Route[] {
  return [
    query({
      method: 'get',
      path: '/consignments',
      tag,
      summary: 'Consignments, newest first',
      permission: readConsignments,
      query: consignmentQuery,
      response: consignmentList,
      run: async (ctx, { query: filter }) => {
        const { items, nextCursor } = await listConsignments(ctx, filter);
        return { items: items.map(viewConsignment), nextCursor };
      },
    }),
    query({
      method: 'get',
      path: '/consignments/:id',
      tag,
      summary: 'One consignment',
      permission: readConsignments,
      params: consignmentParams,
      response: consignmentView,
      run: async (ctx, { params }) => viewConsignment(await readConsignment(ctx, params.id)),
    }),
  ];
}
