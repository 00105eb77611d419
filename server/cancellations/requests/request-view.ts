import type { ReadContext } from '../../platform/context';
import { page, readCursor } from '../../platform/http/paging';
import { seesContacts } from '../case-view';
import { type RequestRow, requests } from './requests.models';
import type { RequestQuery } from './requests.schema';

export function viewRequest(row: RequestRow, ctx: ReadContext): Record<string, unknown> {
  const { openMarker: _open, eventId: _event, askedById: _by, askedByEmail: _email, customerContact, ...rest } = row;
  return { ...rest, customerContact: seesContacts(ctx) ? customerContact : null };
}

/** Newest first. */
export async function listRequests(
  ctx: ReadContext,
  query: RequestQuery,
): Promise<{ items: Record<string, unknown>[]; nextCursor: string | null }> {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (query.status) conditions.push('status = :status');
  if (query.orderId) conditions.push('order_id = :orderId');
  if (query.after) conditions.push('id < :after');
  const rows = await ctx.find(requests, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT :rows`, {
    storeIds: storeIds.length > 0 ? storeIds : [''],
    status: query.status,
    orderId: query.orderId,
    after: query.after && readCursor(query.after, 1)[0],
    rows: query.limit + 1,
  });
  const { items, nextCursor } = page(rows, query.limit, ({ id }) => [id]);
  return { items: items.map((row) => viewRequest(row, ctx)), nextCursor };
}
