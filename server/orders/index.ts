import { type AvailabilityQuestion, provideOrderLines } from '../inventory';
import type { CommandContext, ReadContext } from '../platform/context';
import type { Registry } from '../platform/registry';
import { complianceRoutes } from './compliance';
import { serveWaiting, waitAgain } from './backorders';
import { cancelExpired, lapsesAgainAt } from './expiry';
import { linesAgainstReservations, ordersAgainstPostings } from './integrity';
import { lockState, readState } from './order-state';
import { openQuantity } from './order-lines';
import { sourceOf } from './order-goods';
import { type OrderView, viewOrder } from './order-view';
import { ordersRoutes } from './orders.routes';
import type { OrderRow } from './orders.models';
import { pipelineStepRoutes } from './pipeline-steps.routes';
import { installShortage } from './shortage';

export { lapsesAgainAt };
export { type PreparedLine, recordPrepared, recordPreparedOf } from './change-order';
export { ageOfGoods, complianceNeeds, recordAgeCheck, type AgeCheckInput, type ComplianceNeeds } from './compliance';
export { type GuardReason, refuse } from './guards';
export { deliverPart, takeBackPart } from './deliver-part';
export { type Departure, departuresOf } from './departures';
export { lastMoveOf, latestMoveOf } from './history';
export { assertNotHeld, placeHold, releaseHold, releaseHoldsOf } from './holds';
export { sourceOf } from './order-goods';
export { completeWhenSettled, emitForOrder, moveBySystem, moveOrder } from './move-order';
export {
  type MoveCommand,
  orderBill,
  orderCommands,
  orderGuards,
  orderMoved,
  orderOpenWork,
  orderPlaced,
  orderRiders,
  orderSections,
  ordersToDo,
} from './order-extensions';
export { openQuantity, preparableQuantity, shippableQuantity, undeliveredQuantity } from './order-lines';
export {
  assertMove,
  isFinal,
  movesFrom,
  ORDER_MOVES,
  ORDER_STATUSES,
  type OrderMove,
  orderMoves,
  type OrderStatus,
} from './order-moves';
export { allowedStatuses } from './order-outlook';
export { postForOrder, refreshPaymentStatus } from './order-money';
export { dueWithout, reversalBetween, shippingKeptMinor } from './order-reversal';
export { isDueAtHandOver, isPayable } from './payment-status';
export {
  assertVersion,
  lockState,
  lockStates,
  type OrderState,
  readState,
  readStates,
  saveState,
  snapshot,
} from './order-state';
export { openHolds, openHoldsOf, type OrderView, viewOrder } from './order-view';
export type { OrderHoldRow, OrderLineRow, OrderRow } from './orders.models';
export { lastLeftAt, recordPacked } from './record-packed';
export {
  answerLines,
  answerMissing,
  answerShortages,
  nothingMissing,
  OPEN_STATUSES,
  openOrder,
  provideShortPicked,
  type Resolution,
  type ResolutionRow,
  resolutionsOfOrder,
  RESOLUTIONS,
  type ShortageView,
  type ShortPicked,
  viewResolution,
  viewShortage,
} from './shortage';
export { assertTrackable, trackOrders, writeTracking } from './tracking';
export { eventId, minorAmount, PAYMENT_METHODS, type PlaceOrderInput, type StatusInput, words } from './orders.schema';

const EXPIRY_EVERY_MS = 60_000;

/** An order as the API shows it, by id or `number:1001`. Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function getOrder(ctx: ReadContext, idOrNumber: string): Promise<OrderView> {
  return viewOrder(await readState(ctx, idOrNumber), ctx);
}

/** The order's row, ours until the command ends. */
export async function lockOrder(ctx: CommandContext, idOrNumber: string): Promise<OrderRow> {
  return (await lockState(ctx, idOrNumber)).order;
}

/** What an order still needs, for the availability check; what it has reserved or sent counts as there. */
async function linesToCheck(ctx: ReadContext, idOrNumber: string): Promise<AvailabilityQuestion> {
  const { order, lines } = await readState(ctx, idOrNumber);
  return {
    storeId: order.storeId,
    orderId: order.id,
    source: sourceOf(order),
    lines: lines.map((line) => ({
      lineId: line.id,
      sku: line.sku,
      quantity: openQuantity(line) - line.deliveredQuantity,
    })),
  };
}

export function install(registry: Registry): void {
  provideOrderLines(linesToCheck);
  registry.addRoutes(...pipelineStepRoutes, ...ordersRoutes, ...complianceRoutes);
  installShortage(registry);
  registry.on('stock.freed', 'orders.serve_waiting', serveWaiting);
  registry.on('stock.backordered', 'orders.wait_again', waitAgain);
  registry.every('orders.cancel_expired', EXPIRY_EVERY_MS, cancelExpired);
  registry.integrityCheck('orders-equal-postings', ordersAgainstPostings);
  registry.integrityCheck('lines-equal-reservations', linesAgainstReservations);
}
