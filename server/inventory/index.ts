import type { Registry } from '../platform/registry';
import { installIntegrityChecks } from './integrity';
import { inventoryRoutes } from './inventory.routes';
import { openFirstLocation } from './locations';
import { productRoutes } from './products.routes';

export { adjust, type AdjustmentView } from './adjustments';
export { availabilityAnswer, type AvailabilityAnswer, type SubstituteProduct } from './availability';
export {
  type AvailabilityQuestion,
  checkAvailability,
  findSubstitutes,
  type OrderLinesReader,
  provideOrderLines,
} from './check-availability';
export { deliver, dispatch, recall, type RecallTo, returnDelivered, writeOffOutgoing } from './dispatch';
export { foundStock } from './found-stock';
export { type LocationRow, type ProductRow, type ReservationRow, reservations } from './inventory.models';
export { listLocations } from './locations';
export type { LinePart, Moved } from './portions';
export { productsWithIds, productWithCode, ruledProducts } from './product-lookup';
export { findProduct, findProducts } from './products.service';
export { type InspectedLine, putAway } from './put-away';
export { fillBackorders, type Filled } from './receipts';
export { backorder, expiredSources, release, type Released, setExpiry } from './release';
export { insufficient, reservationsOf, reserve, type Reserved, type ReserveOptions, type StockLine } from './reserve';
export { lockShelves, readShelves, type ShelfRecord } from './shelf';
export { ADJUSTMENT_REASONS } from './inventory.schema';
export { lockLevels, type StockSource } from './stock-change';
export { unitsHeld } from './units-held';

export function install(registry: Registry): void {
  registry.onStoreOpened(openFirstLocation);
  registry.addRoutes(...productRoutes, ...inventoryRoutes);
  installIntegrityChecks(registry);
}
