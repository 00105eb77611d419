import { permission } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { formatMoney } from '../platform/money';
import { page, readCursor } from '../platform/http/paging';
import { stepRules } from './case-steps';
import { type CaseRow, cases, type StepRow, steps } from './cancellations.models';
import type { CaseQuery } from './cancellations.schema';
import type { CaseWithSteps } from './open-case';

export const readCases = permission('cancellation.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);

const SEES_CONTACTS: readonly string[] = ['admin', 'system', 'store_manager', 'customer_service'];

/** Who works with customers sees who asked; the others do not need it. */
export function seesContacts({ actor }: ReadContext): boolean {
  return SEES_CONTACTS.includes(actor.role);
}

export function viewCase({ row, steps: known }: CaseWithSteps, ctx: ReadContext): Record<string, unknown> {
  const { eventId: _eventId, customerContact, ...rest } = row;
  return {
    ...rest,
    customerContact: seesContacts(ctx) ? customerContact : null,
    steps: known.map(({ id: _id, caseId: _caseId, position: _position, ...step }) => step),
  };
}

/** The section `cancellation` of an order's view: its newest case, or null. */
export async function cancellationOf(ctx: ReadContext, orderIds: readonly string[]): Promise<Map<string, unknown>> {
  const found = await withSteps(ctx, await ctx.find(cases, 'order_id IN (:orderIds) ORDER BY round', { orderIds }));
  const newest = new Map<string, unknown>(orderIds.map((orderId) => [orderId, null]));
  for (const one of found) newest.set(one.row.orderId, viewCase(one, ctx));
  return newest;
}

/** Newest first. */
export async function listCases(
  ctx: ReadContext,
  query: CaseQuery,
): Promise<{ items: Record<string, unknown>[]; nextCursor: string | null }> {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (query.open) conditions.push('status = :status');
  if (query.orderId) conditions.push('order_id = :orderId');
  if (query.after) conditions.push('id < :after');
  const rows = await ctx.find(cases, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT :rows`, {
    storeIds: storeIds.length > 0 ? storeIds : [''],
    status: query.open === 'true' ? 'open' : 'completed',
    orderId: query.orderId,
    after: query.after && readCursor(query.after, 1)[0],
    rows: query.limit + 1,
  });
  const { items, nextCursor } = page(rows, query.limit, ({ id }) => [id]);
  return { items: (await withSteps(ctx, items)).map((one) => viewCase(one, ctx)), nextCursor };
}

async function withSteps(ctx: ReadContext, rows: readonly CaseRow[]): Promise<CaseWithSteps[]> {
  if (rows.length === 0) return [];
  const caseIds = rows.map(({ id }) => id);
  const known = await ctx.find(steps, 'case_id IN (:caseIds) ORDER BY case_id, position', { caseIds });
  return rows.map((row) => ({ row, steps: known.filter(({ caseId }) => caseId === row.id) }));
}

/** What a cancellation still waits for; one sentence a step, for "why is this order not moving". */
export async function openStepSentences(ctx: ReadContext, orderId: string): Promise<string[]> {
  const open = `order_id = :orderId AND status = 'open' ORDER BY round DESC`;
  const row = await ctx.get(cases, open, { orderId });
  if (!row) return [];
  const [found] = await withSteps(ctx, [row]);
  const [order] = await ctx.select<{ currency: string }>('SELECT currency FROM orders WHERE id = :orderId', {
    orderId,
  });
  return (found?.steps ?? [])
    .filter(({ status }) => status === 'pending' || status === 'failed')
    .map((step) => sentence(step, order?.currency ?? ''));
}

function sentence({ kind, status, note, facts }: StepRow, currency: string): string {
  const owed = kind === 'refund' ? Number(facts.refundsPayableMinor ?? 0) : 0;
  const what = `${stepRules[kind].waiting}${owed > 0 ? ` (${formatMoney(owed, currency)})` : ''}.`;
  return status === 'failed' ? `${what} ${note}` : what;
}
