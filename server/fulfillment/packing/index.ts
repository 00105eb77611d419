import { orderGuards, orderMoved, orderSections } from '../../orders';
import type { Registry } from '../../platform/registry';
import { taskConducts } from '../tasks/task-conduct';
import type { TaskUrls } from '../tasks/task-links';
import { packagesAgainstOrders, packedAgainstPackages } from './integrity';
import { packagesOfOrders } from './package-view';
import { packageRoutes } from './packages.routes';
import { packingConduct } from './packing-conduct';
import { reasonsNotPacked } from './packing-guard';
import { qualityConduct } from './quality-conduct';
import { voidEarlier, voidResumed } from './void-package';
import { endPackingOfLeft } from './end-packing';

const UNPACKING: Readonly<Record<string, string>> = {
  'order.cancelled': 'The order was cancelled.',
  'order.rejected': 'The order was rejected.',
};
const hasPackages = 'EXISTS (SELECT 1 FROM packages WHERE order_id = heard.order_id)';
/** Of few orders the packing is still open when they leave. */
const isBeingPacked = `EXISTS (SELECT 1 FROM tasks WHERE order_id = heard.order_id AND open_marker = 1
  AND kind IN ('packing', 'quality_check'))`;
const LEAVING = ['order.shipped', 'order.delivered', 'order.completed'];

export function installPacking(registry: Registry, urls: TaskUrls): void {
  taskConducts.set('packing', packingConduct);
  taskConducts.set('quality_check', qualityConduct);
  registry.addRoutes(...packageRoutes(urls));
  for (const [topic, reason] of Object.entries(UNPACKING)) {
    registry.on(topic, `fulfillment.unpack_${topic}`, (job, event) => voidEarlier(job, event, reason), hasPackages);
  }
  for (const topic of LEAVING) {
    registry.on(
      topic,
      `fulfillment.end_packing_${topic}`,
      (job, event) => endPackingOfLeft(job, urls, event),
      isBeingPacked,
    );
  }
  orderMoved.add('unpack', 'resume', voidResumed);
  orderSections.add('packages', packagesOfOrders);
  orderGuards.add('packing', 'prepared', reasonsNotPacked);
  registry.integrityCheck('packed-equals-packages', packedAgainstPackages);
  registry.integrityCheck('packages-hold-own-lines', packagesAgainstOrders);
}
