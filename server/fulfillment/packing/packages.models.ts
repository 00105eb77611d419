import { defineTable } from '../../platform/database/table';
import type { Checks, PackageStatus, PackageType } from './package-rules';

export interface PackageRow {
  id: string;
  storeId: string;
  orderId: string;
  /** The packing task whose person filled it; null when a program said what was packed. */
  taskId: string | null;
  /** 1, 2 … among the order's live packages. */
  number: number;
  type: PackageType;
  status: PackageStatus;
  liveMarker: 1 | null;
  /** The order's version when it was opened, then when it was sealed: tells whether it has left since. */
  orderVersion: number;
  /** The open package with the highest turn takes what is counted. */
  turn: number;
  weightGrams: number | null;
  lengthMm: number | null;
  widthMm: number | null;
  heightMm: number | null;
  /** What its items weigh by the catalogue; null when that was not compared. */
  expectedGrams: number | null;
  /** Somebody said that the weight is right though it differs; the note says why. */
  weightAccepted: boolean;
  /** Null when a program sealed it without saying. */
  checks: Checks | null;
  note: string | null;
  carrier: string | null;
  trackingNumber: string | null;
  createdAt: string;
  packedAt: string | null;
  packedBy: string | null;
  packerKey: string | null;
  inspectedAt: string | null;
  inspectedBy: string | null;
  voidedAt: string | null;
  voidedBy: string | null;
  voidReason: string | null;
}

export interface PackageLineRow {
  id: string;
  packageId: string;
  /** The order's line. */
  lineId: string;
  quantity: number;
}

export const packages = defineTable<PackageRow>('packages', { json: ['checks'], flags: ['weightAccepted'] });
export const packageLines = defineTable<PackageLineRow>('package_lines');
