import { defineTable } from '../platform/database/table';
import type { StepKind, StepStatus } from './case-steps';

export interface CaseRow {
  id: string;
  storeId: string;
  orderId: string;
  orderNumber: string;
  /** 1 for an order's first cancellation. */
  round: number;
  status: 'open' | 'completed';
  reason: string;
  note: string;
  customerContact: string | null;
  requestedAt: string | null;
  /** Whether picked goods are put back on sale without somebody looking at them. */
  restock: boolean;
  notify: boolean;
  /** The order's status before. */
  fromStatus: string;
  eventId: string | null;
  openedAt: string;
  openedBy: string;
  completedAt: string | null;
}

export interface StepRow {
  id: string;
  caseId: string;
  position: number;
  kind: StepKind;
  status: StepStatus;
  /** What a person must do or know. */
  note: string;
  facts: Record<string, unknown>;
  /** The person who said that it was done; what others report no longer reopens it. */
  doneBy: string | null;
  updatedAt: string;
}

export const cases = defineTable<CaseRow>('cancellation_cases', { flags: ['restock', 'notify'] });
export const steps = defineTable<StepRow>('cancellation_steps', { json: ['facts'] });
