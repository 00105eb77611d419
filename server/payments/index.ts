import { orderPlaced, orderSections } from '../orders';
import type { ReadContext } from '../platform/context';
import type { Registry } from '../platform/registry';
import { payments } from './payments.models';
import { paymentsRoutes } from './payments.routes';
import { submitWithOrder } from './payments.service';
import { ordersAgainstRefunds } from './refunds/integrity';
import { refundsOf } from './refunds/order-refunds';
import { refundsRoutes } from './refunds/refunds.routes';

export { type OrderRefund, openRefunds } from './refunds/order-refunds';

/** The payments section of an order's view. */
async function paymentsOf(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await ctx.find(payments, 'order_id IN (:orderIds) ORDER BY id', { orderIds });
  // Those who only read figures see no phone numbers.
  const shown = rows.map((row) => (ctx.actor.role === 'reporting' ? { ...row, payerPhone: null } : row));
  return new Map(orderIds.map((orderId) => [orderId, shown.filter((row) => row.orderId === orderId)]));
}

export function install(registry: Registry): void {
  registry.addRoutes(...paymentsRoutes, ...refundsRoutes);
  orderPlaced.add('payments', submitWithOrder);
  orderSections.add('payments', paymentsOf);
  orderSections.add('refunds', refundsOf);
  registry.integrityCheck('refunds-equal-orders', ordersAgainstRefunds);
}
