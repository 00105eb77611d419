import type { ReadContext } from '../../platform/context';
import { lineResolutions, type ResolutionRow } from './shortage.models';

/** What was answered to missing units of an order, oldest first. */
export function resolutionsOfOrder(ctx: ReadContext, orderId: string): Promise<ResolutionRow[]> {
  return ctx.find(lineResolutions, 'order_id = :orderId ORDER BY id', { orderId });
}

/** The section `resolutions` of GET /orders/:id. */
export async function resolutionsOfOrders(
  ctx: ReadContext,
  orderIds: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await ctx.find(lineResolutions, 'order_id IN (:orderIds) ORDER BY id', { orderIds });
  const byOrder = new Map<string, unknown[]>();
  for (const row of rows) byOrder.set(row.orderId, [...(byOrder.get(row.orderId) ?? []), viewResolution(row)]);
  return byOrder;
}

export function viewResolution({ orderId: _order, eventId: _event, ...row }: ResolutionRow) {
  return row;
}
