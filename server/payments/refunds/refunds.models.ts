import { defineTable } from '../../platform/database/table';
import type { RefundStatus } from './refund-moves';

export interface RefundRow {
  id: string;
  orderId: string;
  storeId: string;
  status: RefundStatus;
  amountMinor: number;
  currency: string;
  method: string | null;
  transactionId: string | null;
  reason: string;
  note: string;
  /** Lines the amount was worked out from, all that is gone where no quantity stands; empty when it was given or is all that is owed. */
  orderLines: { id: string; quantity?: number }[];
  /** Why the last attempt failed. */
  failure: string | null;
  attempts: number;
  requestedAt: string;
  requestedBy: string;
  approvedAt: string | null;
  approvedBy: string | null;
  executedAt: string | null;
  executedBy: string | null;
}

export const refunds = defineTable<RefundRow>('refunds', { json: ['orderLines'] });
