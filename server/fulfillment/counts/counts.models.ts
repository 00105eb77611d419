import { defineTable } from '../../platform/database/table';

/** Why a product is counted. */
export type CountReason = 'not_found' | 'wrong_item' | 'found' | 'asked' | 'recount';

/** One product to be counted; the figures are those of the moment it was counted. */
export interface CountLineRow {
  id: string;
  taskId: string;
  productId: string;
  locationId: string;
  sku: string;
  name: string;
  shelf: string | null;
  position: number;
  reason: CountReason;
  missingUnits: number;
  causeId: string | null;
  onHand: number | null;
  /** Picked and not yet dispatched: on hand by the record, in somebody's hand by the shelf. */
  inHand: number | null;
  /** Seen damaged, and not yet decided on. */
  setForWriteOff: number | null;
  expected: number | null;
  counted: number | null;
  note: string | null;
  /** 1 while this is the count of its shelf that later shortages join. */
  openMarker: 1 | null;
}

/** An order that waits for a count of a shelf; whoever asked first is among them. */
export interface CountOrderRow {
  id: string;
  taskId: string;
  countLineId: string;
  orderId: string;
  orderNumber: string;
  missingUnits: number;
  causeId: string | null;
  askedAt: string;
}

export type FindingKind = 'difference' | 'damaged' | 'expired';

/** Something that is otherwise than the record says, for a manager to decide on. */
export interface FindingRow {
  id: string;
  storeId: string;
  orderId: string;
  /** The decision. */
  taskId: string;
  /** The count, or the picking, that found it. */
  sourceTaskId: string;
  causeId: string | null;
  kind: FindingKind;
  productId: string;
  locationId: string;
  sku: string;
  name: string;
  shelf: string | null;
  onHand: number | null;
  inHand: number | null;
  setForWriteOff: number | null;
  counted: number | null;
  /** By how many the record is wrong: below 0, fewer lie there. */
  units: number;
  /** How far the record had been corrected when it was found, less what awaited write-off. */
  correctedUnits: number;
  note: string | null;
  foundBy: string;
  foundByEmail: string | null;
  foundAt: string;
  status: 'proposed' | 'accepted' | 'recount' | 'left';
  reason: string | null;
  appliedUnits: number | null;
  valueMinor: number | null;
  adjustmentId: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
}

export const countLines = defineTable<CountLineRow>('count_lines');
export const countOrders = defineTable<CountOrderRow>('count_orders');
export const stockFindings = defineTable<FindingRow>('stock_findings');
