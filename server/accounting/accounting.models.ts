import { defineTable } from '../platform/database/table';
import type { AccountKind } from './chart-of-accounts';

export interface AccountRow {
  id: string;
  storeId: string;
  code: string;
  name: string;
  kind: AccountKind;
  createdAt: string;
}

/** One a store: how far its days are closed, and how far they are summed up. */
export interface BookRow {
  id: string;
  storeId: string;
  /** This day and all before it are never rewritten. */
  closedThroughDay: string | null;
  closedAt: string | null;
  /** Snapshots hold this day and all before it. */
  summedThroughDay: string | null;
  createdAt: string;
}

export interface EntryRow {
  id: string;
  storeId: string;
  event: string;
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  currency: string;
  /** The store's day it counts in. */
  businessDay: string;
  /** The closed day it would have counted in. */
  adjustsDay: string | null;
  occurredAt: string;
  postedAt: string;
  memo: string | null;
  reversesEntryId: string | null;
  workflowId: string | null;
  executionId: string | null;
  node: string | null;
  requestId: string | null;
}

/** Carries day, source and order of its entry, so that sums need no join. */
export interface PostingRow {
  id: string;
  entryId: string;
  storeId: string;
  businessDay: string;
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  debitCode: string;
  creditCode: string;
  amountMinor: number;
  dimension: string | null;
}

/** What was debited and credited to one account on one day. */
export interface SnapshotRow {
  id: number;
  storeId: string;
  businessDay: string;
  code: string;
  debitMinor: number;
  creditMinor: number;
}

export const accounts = defineTable<AccountRow>('accounts');
export const books = defineTable<BookRow>('books');
export const entries = defineTable<EntryRow>('entries');
export const postings = defineTable<PostingRow>('postings');
export const accountSnapshots = defineTable<SnapshotRow>('account_snapshots');
