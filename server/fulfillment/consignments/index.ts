import { orderBill, orderGuards, orderMoved, orderOpenWork, orderRiders, orderSections } from '../../orders';
import type { Registry } from '../../platform/registry';
import type { Couriers } from '../../shipping';
import { bookCash } from './book-cash';
import { endConsignments, followOrder, shipMended, takeNews } from './consignment-news';
import { consignmentRoutes } from './consignments.routes';
import { toldToCollect } from './cod-due';
import { matchBill, matchBillOf, reasonsCodOutdated, SHIP_JOB } from './match-bill';
import { consignmentSection, consignmentSentences } from './order-consignments';
import { partsOf } from './parcel-parts';
import { ALERT_JOB, tellOutdated } from './tell-outdated';

const NEWS = ['consignment.created', 'consignment.status_changed'];
/** A courier will not have a parcel that others count on. */
const REFUSALS = ['consignment.rejected'];
const LEAVING = ['ship', 'reattempt'] as const;
const ENDS = ['order.cancelled', 'order.rejected'];
const MOVES = ['order.shipped', 'order.reattempted', 'order.delivered', 'order.returned'];

const isBooked = 'EXISTS (SELECT 1 FROM consignments WHERE order_id = heard.order_id AND open_marker IS NOT NULL)';
/** News that wait for the order, or a parcel that may follow it. */
const isAwaited = `EXISTS (SELECT 1 FROM consignments WHERE order_id = heard.order_id
  AND (open_marker IS NOT NULL OR news_open = 1))`;

/** Parcels of orders: what a courier says moves the order, and what happens to the order is told of its parcels. */
export function installConsignments(registry: Registry, couriers: Couriers): void {
  registry.addRoutes(...consignmentRoutes(couriers));
  for (const topic of NEWS) registry.on(topic, `fulfillment.take_news_${topic}`, takeNews);
  for (const topic of ENDS) {
    registry.on(
      topic,
      `fulfillment.end_consignments_${topic}`,
      (job, event) => endConsignments(job, couriers, event),
      isBooked,
    );
  }
  for (const topic of MOVES) {
    registry.on(
      topic,
      `fulfillment.follow_order_${topic}`,
      (job, event) => followOrder(job, couriers, event),
      isAwaited,
    );
  }
  registry.job(ALERT_JOB, tellOutdated);
  registry.job(SHIP_JOB, shipMended);
  for (const topic of REFUSALS) registry.on(topic, `fulfillment.match_bill_${topic}`, matchBillOf);
  orderBill.onChange('consignments', matchBill);
  // What a part left with is written down after the order was saved.
  for (const move of LEAVING) orderMoved.add(`consignments_${move}`, move, matchBill);
  orderRiders.set({
    told: async (ctx, orderId) => toldToCollect(await partsOf(ctx, orderId)),
    booked: bookCash,
  });
  orderGuards.add('consignments', 'cod', reasonsCodOutdated);
  orderSections.add('consignments', consignmentSection);
  orderOpenWork.add('consignments', consignmentSentences);
}
