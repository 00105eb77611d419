import { defineTable } from '../database/table';

/** One mail to one recipient; its id is the Message-ID's, the same at every try. */
export interface MailRow {
  id: string;
  storeId: string;
  orderId: string | null;
  /** Folder below templates/, such as `emails/task-assigned`. */
  template: string;
  recipient: string;
  /** One mail for ever per key. */
  dedupeKey: string | null;
  queuedAt: string;
  sentAt: string | null;
  failedAt: string | null;
  lastError: string | null;
}

export const mails = defineTable<MailRow>('mails');
