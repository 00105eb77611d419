import { z } from 'zod';
import { bulk, command, query, type Route } from '../platform/http/route';
import { type DispatchLine, dispatchOrder, dispatchOrders } from './dispatch-order';
import { explainTotal } from './explain-total';
import { importElements } from './import/import-orders';
import { importInput, importView } from './import/import.schema';
import { readOrders } from './order-state';
import { dispatchInput, dispatchView, totalView } from './pipeline-steps.schema';
import { placeOrders } from './place-order';

const byId = z.object({ id: z.string().min(1).max(80) });

/** What steps of a pipeline ask of an order beside its moves. */
export const pipelineStepRoutes: Route[] = [
  query({
    method: 'get',
    path: '/orders/:id/total',
    tag: 'orders',
    summary: 'What the order costs and why, line by line',
    permission: readOrders,
    params: byId,
    response: totalView,
    run: (ctx, { params }) => explainTotal(ctx, params.id),
  }),
  command({
    method: 'post',
    path: '/inventory/dispatch',
    tag: 'inventory',
    summary: 'Take the prepared goods of an order off the shelf; what left before is passed over',
    permission: dispatchOrders,
    body: dispatchInput,
    response: dispatchView,
    run: async (ctx, { body: { orderId, lines } }) => {
      const { state, ...rest } = await dispatchOrder(ctx, orderId, lines as DispatchLine[] | undefined);
      const { id, number, status, version } = state.order;
      return { orderId: id, order: { id, number, status, version }, ...rest };
    },
  }),
  bulk({
    method: 'post',
    path: '/orders/import',
    tag: 'orders',
    summary: 'Place up to 500 orders of ours, of Shopify or of WooCommerce; each has its own result',
    permission: placeOrders,
    body: importInput,
    response: importView,
    elements: importElements,
  }),
];
