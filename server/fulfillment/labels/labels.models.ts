import { defineTable } from '../../platform/database/table';

export const LABEL_FORMATS = ['pdf', 'zpl'] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

export interface LabelRow {
  id: string;
  storeId: string;
  orderId: string;
  orderNumber: string;
  /** The package it is stuck to; null where the order has none. */
  packageId: string | null;
  packageNumber: number | null;
  /** What may have one active label: a package, or the part of an order that leaves together; see `parcels.ts`. */
  parcel: string;
  /** As it was asked for first; it can be printed as either. */
  format: LabelFormat;
  status: 'active' | 'voided';
  activeMarker: 1 | null;
  /** How often its document left for a printer. */
  prints: number;
  printedFor: string | null;
  printedAt: string | null;
  createdAt: string;
  createdBy: string;
  voidedAt: string | null;
  voidedBy: string | null;
  voidReason: string | null;
}

export const labels = defineTable<LabelRow>('labels');
