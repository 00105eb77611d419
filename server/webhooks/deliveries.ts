import type { z } from 'zod';
import { worksInStore } from '../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../platform/context';
import { NotFoundError } from '../platform/errors';
import { page, readCursor } from '../platform/http/paging';
import type { DeliveredEvent } from '../platform/registry';
import { wasUnreachable } from './retry-waits';
import { deliveries, type DeliveryRow } from './webhooks.models';
import type { deliveryQuery } from './webhooks.schema';

export const DELIVER_JOB = 'webhook.deliver';
/** Brought forward at once; each that gets through brings the next ones forward. */
const HASTENED_MAX = 50;

/** What subscribers are told: the order first, then whatever the event says itself. */
export function payloadOf(event: DeliveredEvent): Record<string, unknown> {
  const { order, ...data } = event.data as { order?: Record<string, unknown> };
  const known = event.orderId && { id: event.orderId, version: event.orderVersion, storeId: event.storeId };
  return {
    id: `evt_${event.id}`,
    type: event.topic,
    timestamp: event.occurredAt,
    data: { storeId: event.storeId, ...(known || order ? { order: { ...known, ...order } } : {}), ...data },
  };
}

/** Owes the event to these subscriptions; those that have it already are left out. */
export async function owe(ctx: CommandContext, event: DeliveredEvent, subscriptionIds: string[]): Promise<void> {
  const there = await ctx.find(deliveries, 'event_id = :eventId', { eventId: event.id });
  const missing = subscriptionIds.filter((id) => !there.some(({ subscriptionId }) => subscriptionId === id));
  for (const subscriptionId of missing) {
    const id = ctx.newId();
    ctx.insert(deliveries, {
      id,
      subscriptionId,
      eventId: event.id,
      topic: event.topic,
      storeId: event.storeId,
      orderId: event.orderId ?? null,
      status: 'pending',
      attempts: 0,
      lastStatus: null,
      lastError: null,
      nextAt: ctx.now,
      payload: payloadOf(event),
      createdAt: ctx.now,
      deliveredAt: null,
    });
    ctx.enqueue(DELIVER_JOB, { deliveryId: id }, { storeId: event.storeId });
  }
}

/**
 * Delivers an event again under its first id, to every subscription that was owed it or to one. Answers how many.
 * Receivers tell the repeat by its id; a pipeline's steps are idempotent.
 */
export async function deliverAgain(
  ctx: CommandContext,
  { eventId, subscriptionId }: { eventId: string; subscriptionId?: string },
): Promise<number> {
  const one = subscriptionId ? ' AND subscription_id = :subscriptionId' : '';
  const rows = await ctx.lock(deliveries, `event_id = :eventId${one}`, { eventId, subscriptionId });
  for (const row of rows) await askAgain(ctx, row);
  return rows.length;
}

/** One delivery again, whatever became of it. Throws 404 DELIVERY_NOT_FOUND. */
export async function retryDelivery(ctx: CommandContext, id: string): Promise<DeliveryRow> {
  const [row] = await ctx.lock(deliveries, 'id = :id', { id });
  if (!row || !worksInStore(ctx.actor, row.storeId)) {
    throw new NotFoundError('DELIVERY_NOT_FOUND', 'There is no such delivery. GET /webhooks/deliveries lists them.');
  }
  ctx.audit({
    action: 'webhook.retry',
    subjectType: 'webhook_delivery',
    subjectId: id,
    storeId: row.storeId,
    orderId: row.orderId ?? undefined,
    before: { status: row.status, attempts: row.attempts },
  });
  return askAgain(ctx, row);
}

/** The receiver is there again: what failed only because it was not there need not wait for its turn. */
export async function hasten(ctx: CommandContext, subscriptionId: string): Promise<void> {
  const waiting = await ctx.find(
    deliveries,
    `subscription_id = :subscriptionId AND status = 'failed' AND next_at > :now ORDER BY next_at LIMIT ${HASTENED_MAX}`,
    { subscriptionId, now: ctx.now },
  );
  const unreached = waiting.filter(({ lastStatus }) => wasUnreachable(lastStatus));
  if (unreached.length === 0) return;
  const ids = unreached.map(({ id }) => id);
  await ctx.update(deliveries, { nextAt: ctx.now }, `id IN (:ids) AND status = 'failed'`, { ids });
  for (const { id, storeId } of unreached) ctx.enqueue(DELIVER_JOB, { deliveryId: id }, { storeId });
}

export async function listDeliveries(ctx: ReadContext, filter: z.output<typeof deliveryQuery>) {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.status) conditions.push('status = :status');
  if (filter.subscription) conditions.push('subscription_id = :subscription');
  if (filter.orderId) conditions.push('order_id = :orderId');
  if (filter.after) conditions.push('id < :after');
  const rows = await ctx.find(deliveries, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  const { items, nextCursor } = page(rows, filter.limit, (row) => [row.id]);
  return { items: items.map(deliveryViewOf), nextCursor };
}

/** Without the payload: a list is for finding what failed. */
export function deliveryViewOf({ payload: _payload, ...row }: DeliveryRow) {
  return row;
}

async function askAgain(ctx: CommandContext, row: DeliveryRow): Promise<DeliveryRow> {
  const set = { status: 'pending' as const, attempts: 0, nextAt: ctx.now, deliveredAt: null };
  await ctx.update(deliveries, set, 'id = :id', { id: row.id });
  ctx.enqueue(DELIVER_JOB, { deliveryId: row.id }, { storeId: row.storeId });
  return { ...row, ...set };
}
