import type { ReadContext } from '../platform/context';
import { page, readCursor } from '../platform/http/paging';
import { type EntryRow, entries, postings, type PostingRow } from './accounting.models';
import type { EntriesQuery } from './accounting.schema';
import { accountName } from './chart-of-accounts';

export interface EntryView extends Omit<EntryRow, 'storeId' | 'requestId'> {
  postings: {
    debit: { code: string; name: string };
    credit: { code: string; name: string };
    amountMinor: number;
    dimension: string | null;
  }[];
}

/** The journal of a store, newest first. */
export async function listEntries(
  ctx: ReadContext,
  storeId: string,
  wanted: EntriesQuery,
): Promise<{ items: EntryView[]; nextCursor: string | null }> {
  const conditions = ['store_id = :storeId'];
  if (wanted.orderId) conditions.push('order_id = :orderId');
  if (wanted.event) conditions.push('event = :event');
  if (wanted.day) conditions.push('business_day = :day');
  if (wanted.account)
    conditions.push(
      'EXISTS (SELECT 1 FROM postings WHERE entry_id = entries.id AND :account IN (debit_code, credit_code))',
    );
  if (wanted.after) conditions.push('id < :after');
  const rows = await ctx.find(entries, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT :more`, {
    ...wanted,
    storeId,
    after: wanted.after ? readCursor(wanted.after, 1)[0] : undefined,
    more: wanted.limit + 1,
  });
  const { items, nextCursor } = page(rows, wanted.limit, (row) => [row.id]);
  return { items: await withPostings(ctx, items), nextCursor };
}

async function withPostings(ctx: ReadContext, rows: EntryRow[]): Promise<EntryView[]> {
  if (rows.length === 0) return [];
  const found = await ctx.find(postings, 'entry_id IN (:ids) ORDER BY id', { ids: rows.map((row) => row.id) });
  const byEntry = new Map<string, PostingRow[]>(rows.map((row) => [row.id, []]));
  for (const posting of found) byEntry.get(posting.entryId)?.push(posting);
  return rows.map(({ storeId: _storeId, requestId: _requestId, ...row }) => ({
    ...row,
    postings: (byEntry.get(row.id) ?? []).map(viewOf),
  }));
}

function viewOf({ debitCode, creditCode, amountMinor, dimension }: PostingRow): EntryView['postings'][number] {
  return {
    debit: { code: debitCode, name: accountName(debitCode) },
    credit: { code: creditCode, name: accountName(creditCode) },
    amountMinor,
    dimension,
  };
}
