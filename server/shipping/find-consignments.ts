import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../platform/context';
import { NotFoundError } from '../platform/errors';
import { page, readCursor } from '../platform/http/paging';
import type { ConsignmentStatus } from './consignment-statuses';
import { type ConsignmentRow, consignments } from './shipping.models';

export const readConsignments = permission('consignment.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);

/** Throws 404 CONSIGNMENT_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function readConsignment(ctx: ReadContext, id: string): Promise<ConsignmentRow> {
  return seen(ctx, await ctx.get(consignments, 'id = :id', { id }));
}

/** Ours until the command ends. Throws 404 CONSIGNMENT_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function lockConsignment(ctx: CommandContext, id: string): Promise<ConsignmentRow> {
  return seen(ctx, (await ctx.lock(consignments, 'id = :id', { id }))[0]);
}

function seen(ctx: ReadContext, row: ConsignmentRow | undefined): ConsignmentRow {
  if (!row)
    throw new NotFoundError('CONSIGNMENT_NOT_FOUND', 'There is no such consignment. GET /consignments lists them.');
  authorise(ctx.actor, readConsignments, row.storeId);
  return row;
}

/** All of one order or several, oldest first. */
export function consignmentsOf(ctx: ReadContext, orderIds: readonly string[]): Promise<ConsignmentRow[]> {
  return ctx.find(consignments, 'order_id IN (:orderIds) ORDER BY order_id, id', { orderIds });
}

export interface ConsignmentFilter {
  status?: ConsignmentStatus[];
  storeId?: string;
  courier?: string;
  limit: number;
  after?: string;
}

/** Newest first. */
export async function listConsignments(
  ctx: ReadContext,
  filter: ConsignmentFilter,
): Promise<{ items: ConsignmentRow[]; nextCursor: string | null }> {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.storeId) conditions.push('store_id = :storeId');
  if (filter.status) conditions.push('status IN (:status)');
  if (filter.courier) conditions.push('courier = :courier');
  if (filter.after) conditions.push('id < :after');
  const rows = await ctx.find(consignments, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  return page(rows, filter.limit, (row) => [row.id]);
}
