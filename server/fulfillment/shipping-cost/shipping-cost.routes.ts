import { query, type Route } from '../../platform/http/route';
import { readShipping } from '../../shipping';
import { shippingCostOf } from './shipping-cost';
import { byOrder, shippingCostView } from './shipping-cost.schema';

export const shippingCostRoutes: Route[] = [
  query({
    method: 'get',
    path: '/orders/:id/shipping_cost',
    tag: 'fulfillment',
    summary: 'What bringing the order costs by its zone and weight, line by line, beside what was charged',
    permission: readShipping,
    params: byOrder,
    response: shippingCostView,
    run: (ctx, { params }) => shippingCostOf(ctx, params.id),
  }),
];
