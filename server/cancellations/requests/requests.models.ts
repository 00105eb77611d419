import { defineTable } from '../../platform/database/table';
import type { CancellationReason } from '../cancel-reasons';

export const REQUEST_STATUSES = ['requested', 'approved', 'rejected', 'expired'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Somebody asks for an order to be cancelled, and somebody else decides. */
export interface RequestRow {
  id: string;
  storeId: string;
  orderId: string;
  orderNumber: string;
  status: RequestStatus;
  /** 1 until it is decided, then null: the database itself allows one open request an order. */
  openMarker: 1 | null;
  reason: CancellationReason;
  note: string;
  customerContact: string | null;
  /** When the customer asked. */
  requestedAt: string | null;
  restock: boolean;
  notify: boolean;
  /** The order's status when it was asked. */
  fromStatus: string;
  eventId: string | null;
  /** The hold that stops the order meanwhile. */
  holdHandle: string;
  /** The decision. */
  taskId: string;
  askedById: string;
  askedByName: string;
  askedByRole: string;
  askedByEmail: string | null;
  askedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionNote: string | null;
  caseId: string | null;
}

export const requests = defineTable<RequestRow>('cancellation_requests', { flags: ['restock', 'notify'] });
