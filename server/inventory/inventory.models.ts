import { defineTable } from '../platform/database/table';
import type { MovementKind } from './stock-movements';

export interface LocationRow {
  id: string;
  storeId: string;
  code: string;
  name: string;
  createdAt: string;
}

export interface ProductRow {
  id: string;
  storeId: string;
  sku: string;
  name: string;
  variant: string | null;
  attributes: Record<string, string>;
  barcode: string | null;
  priceMinor: number;
  /** What a unit costs when no receipt says better. */
  costMinor: number;
  /** 750 is 7.5 %; null takes the store's rate. */
  taxRateBasisPoints: number | null;
  weightGrams: number;
  fragile: boolean;
  category: string | null;
  shelf: string | null;
  restricted: boolean;
  minimumAge: number | null;
  purchaseLimitQuantity: number | null;
  purchaseLimitDays: number | null;
  lowStockThreshold: number | null;
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

/** What is there of one product at one location. */
export interface StockLevelRow {
  id: string;
  storeId: string;
  productId: string;
  locationId: string;
  /** On the shelf and sellable; `reserved` of them are promised. */
  onHand: number;
  reserved: number;
  /** Damaged or in inspection. */
  unavailable: number;
  /** Packed or with the courier, still ours. */
  outgoing: number;
  /** Of the units on hand and unavailable. */
  valueMinor: number;
  outgoingValueMinor: number;
  /** The product's, kept here so that a crossing is seen without another read. */
  lowStockThreshold: number | null;
  isLow: boolean;
  updatedAt: string;
}

/** What one line of a source holds at one location; each unit of `quantity` is reserved, backordered, dispatched, delivered or released. */
export interface ReservationRow {
  id: string;
  storeId: string;
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  lineId: string;
  productId: string;
  locationId: string;
  sku: string;
  quantity: number;
  reserved: number;
  backordered: number;
  /** Out of the door or packed for it. */
  dispatched: number;
  delivered: number;
  /** Given back before delivery: released, recalled or written off. */
  released: number;
  /** Of the delivered, those that came back. */
  returned: number;
  /** Cost of the dispatched units, frozen when they were dispatched. */
  costMinor: number;
  /** Of the delivered units that have not come back. */
  deliveredCostMinor: number;
  expiresAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** One thing that happened to stock; never edited. The counters hold its effects. */
export interface StockMovementRow {
  id: string;
  storeId: string;
  kind: MovementKind;
  productId: string;
  locationId: string;
  quantity: number;
  onHand: number;
  reserved: number;
  unavailable: number;
  outgoing: number;
  valueMinor: number;
  outgoingValueMinor: number;
  /** What the moved units cost in all. */
  costMinor: number;
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  lineId: string | null;
  reason: string | null;
  note: string | null;
  reference: string | null;
  actor: string;
  occurredAt: string;
}

export const locations = defineTable<LocationRow>('locations');
export const products = defineTable<ProductRow>('products', {
  json: ['attributes'],
  flags: ['fragile', 'restricted', 'active'],
});
export const stockLevels = defineTable<StockLevelRow>('stock_levels', { flags: ['isLow'] });
export const reservations = defineTable<ReservationRow>('reservations');
export const stockMovements = defineTable<StockMovementRow>('stock_movements');
