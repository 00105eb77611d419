import { defineTable } from '../platform/database/table';
import type { MessageStatus } from './message-states';

/** One message to one recipient. Sent again on purpose, it is another row. */
export interface MessageRow {
  id: string;
  storeId: string;
  /** Null for what management gets. */
  orderId: string | null;
  audience: 'customer' | 'management';
  /** The kind, such as `shipped` or `report`. */
  message: string;
  recipient: string;
  /** What makes it the same message again; the database keeps it unique. */
  naturalKey: string;
  /** The mail that carries it. */
  mailId: string;
  status: MessageStatus;
  note: string | null;
  requestedBy: string;
  queuedAt: string;
  sentAt: string | null;
  failedAt: string | null;
  error: string | null;
}

export const messages = defineTable<MessageRow>('messages');
