import { orderOpenWork, orderSections } from '../../orders';
import type { Registry } from '../../platform/registry';
import type { Couriers } from '../../shipping';
import { endConsignments, followOrder, takeNews } from './consignment-news';
import { consignmentRoutes } from './consignments.routes';
import { consignmentSection, consignmentSentences } from './order-consignments';

const NEWS = ['consignment.created', 'consignment.status_changed'];
const ENDS = ['order.cancelled', 'order.rejected'];
const MOVES = ['order.shipped', 'order.reattempted', 'order.delivered', 'order.returned'];

/** Parcels of orders: what a courier says moves the order, and what happens to the order is told of its parcels. */
export function installConsignments(registry: Registry, couriers: Couriers): void {
  registry.addRoutes(...consignmentRoutes(couriers));
  for (const topic of NEWS) registry.on(topic, `fulfillment.take_news_${topic}`, takeNews);
  for (const topic of ENDS) {
    registry.on(topic, `fulfillment.end_consignments_${topic}`, (job, event) => endConsignments(job, couriers, event));
  }
  for (const topic of MOVES) {
    registry.on(topic, `fulfillment.follow_order_${topic}`, (job, event) => followOrder(job, couriers, event));
  }
  orderSections.add('consignments', consignmentSection);
  orderOpenWork.add('consignments', consignmentSentences);
}
