import { defineTable } from '../database/table';

export type OutboxStatus = 'pending' | 'done' | 'dead';

/** One thing to do after a commit: an event for one handler, or a job. */
export interface OutboxRow {
  id: number;
  /** Shared by all rows of one event; null for jobs. */
  eventId: string | null;
  kind: 'event' | 'job';
  /** The handler's or the job's name. */
  name: string;
  /** The event's topic; empty for jobs. */
  topic: string;
  storeId: string | null;
  orderId: string | null;
  orderVersion: number | null;
  payload: Record<string, unknown>;
  status: OutboxStatus;
  /** Times it was claimed, so that a row which kills the process counts too. */
  attempts: number;
  availableAt: string;
  claimedBy: string | null;
  /** End of the lease; when it lies in the past the claim is void. */
  claimedUntil: string | null;
  lastError: string | null;
  createdAt: string;
  doneAt: string | null;
}

/** A row before the database has numbered it. */
export type NewOutboxRow = Omit<OutboxRow, 'id'>;

export const outbox = defineTable<OutboxRow>('outbox', { json: ['payload'] });
