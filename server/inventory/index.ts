import type { Registry } from '../platform/registry';
import { installIntegrityChecks } from './integrity';
import { inventoryRoutes } from './inventory.routes';
import { openFirstLocation } from './locations';
import { productRoutes } from './products.routes';

export { availabilityAnswer, type AvailabilityAnswer } from './availability';
export {
  type AvailabilityQuestion,
  checkAvailability,
  type OrderLinesReader,
  provideOrderLines,
} from './check-availability';
export { deliver, dispatch, recall, type RecallTo, returnDelivered, writeOffOutgoing } from './dispatch';
export { foundStock } from './found-stock';
export type { LocationRow, ProductRow, ReservationRow } from './inventory.models';
export { listLocations } from './locations';
export type { LinePart, Moved } from './portions';
export { productsWithIds, productWithCode } from './product-lookup';
export { findProduct, findProducts } from './products.service';
export { type InspectedLine, putAway } from './put-away';
export { fillBackorders, type Filled } from './receipts';
export { backorder, expiredSources, release, type Released, setExpiry } from './release';
export { insufficient, reservationsOf, reserve, type Reserved, type ReserveOptions, type StockLine } from './reserve';
export type { StockSource } from './stock-change';

export function install(registry: Registry): void {
  registry.onStoreOpened(openFirstLocation);
  registry.addRoutes(...productRoutes, ...inventoryRoutes);
  installIntegrityChecks(registry);
}
