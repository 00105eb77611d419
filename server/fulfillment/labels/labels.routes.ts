import { command, Reply, type Route } from '../../platform/http/route';
import { labelOrders } from '../rights';
import { summaryOf, viewLabel } from './label-view';
import { byLabel, byOrder, labelInput, labelView, voidInput } from './labels.schema';
import { createLabel, voidLabel } from './labels.service';

const tag = 'fulfillment';

export function labelRoutes(publicUrl: string): Route[] {
  return [
    command({
      method: 'post',
      path: '/orders/:id/labels',
      tag,
      summary: 'Give a parcel of the order its label; while each has one, the same one',
      permission: labelOrders,
      params: byOrder,
      body: labelInput,
      response: labelView,
      status: 201,
      run: async (ctx, { params, body }) => {
        const { label, order, isNew } = await createLabel(ctx, params.id, body);
        const view = { ...viewLabel(label, publicUrl, body.format), changed: isNew, order: summaryOf(order) };
        return new Reply(isNew ? 201 : 200, view);
      },
    }),
    command({
      method: 'post',
      path: '/labels/:id/void',
      tag,
      summary: 'Make a label void, so that the order can get a new one',
      permission: labelOrders,
      params: byLabel,
      body: voidInput,
      response: labelView,
      run: async (ctx, { params, body }) => {
        const { label, order } = await voidLabel(ctx, params.id, body.reason);
        return { ...viewLabel(label, publicUrl), order: summaryOf(order) };
      },
    }),
  ];
}
