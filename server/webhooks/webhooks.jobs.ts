import { plusMs } from '../platform/clock';
import type { CommandContext, JobContext } from '../platform/context';
import type { DeliveredEvent, JobOptions } from '../platform/registry';
import { DELIVER_JOB, deliverAgain, hasten, owe } from './deliveries';
import type { Listeners } from './listeners';
import { type Outcome, post } from './post';
import { waitAfter } from './retry-waits';
import { deliveries, type DeliveryRow, subscriptions, type SubscriptionRow } from './webhooks.models';

/** An attempt that is not written down by then was cut off, and may be made again. */
const ATTEMPT_LEASE_MS = 15_000;
/** When an attempt could not be written down, the job comes again after its lease, or it would find nothing to do. */
export const DELIVER_OPTIONS: JobOptions = { backoffMs: [ATTEMPT_LEASE_MS + 5000] };
/** A delivery so long overdue has lost its job. */
const OVERDUE_MS = 2 * 60_000;
const ROWS_PER_SWEEP = 500;
/** A workflow is unsubscribed and subscribed again whenever it is published. */
const REMOVED_GRACE_MS = 10 * 60_000;
const DELIVERED_KEPT_MS = 30 * 24 * 3_600_000;
/** Asks of slices to each other; not news. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  'pipeline.stalled',
  'webhook.delivered',
  'mail.sent',
  'mail.failed',
]);

/** Owes an event to everyone who subscribed to it. */
export async function fanOut(job: JobContext, event: DeliveredEvent, listeners: Listeners): Promise<void> {
  if (INTERNAL_TOPICS.has(event.topic)) return;
  const listening = await listeners.of(job.read, event);
  if (listening.length === 0) return;
  await job.transaction((ctx) =>
    owe(
      ctx,
      event,
      listening.map(({ id }) => id),
    ),
  );
}

/** A pipeline stood still after this event: start it once more. */
export async function onPipelineStalled(job: JobContext, event: DeliveredEvent): Promise<void> {
  const { eventId } = event.data as { eventId: string };
  await job.transaction((ctx) => deliverAgain(ctx, { eventId }));
}

/**
 * One attempt. The delivery keeps its own schedule: a failure is written down together with the job of the next attempt,
 * so jobs that come early, late or twice find nothing to do.
 */
export async function deliver(job: JobContext, payload: Record<string, unknown>): Promise<void> {
  const deliveryId = String(payload.deliveryId);
  const delivery = await job.transaction((ctx) => begin(ctx, deliveryId));
  if (!delivery) return;
  const subscription = await job.read.get(subscriptions, 'id = :id', { id: delivery.subscriptionId });
  const outcome =
    subscription && isListening(subscription, job.read.now) ? await attempt(job, delivery, subscription) : GONE;
  await job.transaction((ctx) => settle(ctx, delivery, outcome, subscription));
}

const GONE: Outcome = { delivered: false, status: null, error: 'The subscription has ended.' };

/** Takes the delivery for one attempt, unless it is settled, not due, or being attempted by somebody else. */
async function begin(ctx: CommandContext, id: string): Promise<DeliveryRow | undefined> {
  const taken = await ctx.execute(
    `UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = :until
      WHERE id = :id AND status IN ('pending', 'failed') AND next_at <= :now`,
    { id, now: ctx.now, until: plusMs(ctx.now, ATTEMPT_LEASE_MS) },
  );
  return taken === 1 ? ctx.get(deliveries, 'id = :id', { id }) : undefined;
}

function attempt(job: JobContext, delivery: DeliveryRow, { url, secret }: SubscriptionRow): Promise<Outcome> {
  return post({ url, secret, id: `evt_${delivery.eventId}`, now: job.read.now, payload: delivery.payload });
}

async function settle(
  ctx: CommandContext,
  delivery: DeliveryRow,
  { delivered, status, error }: Outcome,
  subscription: SubscriptionRow | undefined,
): Promise<void> {
  const { id, attempts, storeId, subscriptionId } = delivery;
  const said = { lastStatus: status, lastError: error };
  if (delivered) {
    await ctx.update(deliveries, { ...said, status: 'delivered', deliveredAt: ctx.now, nextAt: ctx.now }, 'id = :id', {
      id,
    });
    tellDelivered(ctx, delivery);
    return hasten(ctx, subscriptionId);
  }
  const waitMs = isGoneForGood(subscription, ctx.now) ? undefined : waitAfter(attempts);
  const nextAt = plusMs(ctx.now, waitMs ?? 0);
  // Asked for again meanwhile, a delivery that is gone for good comes back here once more and is settled then.
  await ctx.update(deliveries, { ...said, status: waitMs === undefined ? 'dead' : 'failed', nextAt }, 'id = :id', {
    id,
  });
  if (waitMs !== undefined) ctx.enqueue(DELIVER_JOB, { deliveryId: id }, { after: nextAt, storeId });
}

/** Whoever watches over pipelines learns which events were taken. */
function tellDelivered(ctx: CommandContext, { eventId, topic, storeId, orderId }: DeliveryRow): void {
  if (!orderId) return;
  ctx.emit({ topic: 'webhook.delivered', storeId, orderId, data: { eventId, topic, storeId, orderId } });
}

function isListening({ active, expiresAt }: SubscriptionRow, now: string): boolean {
  return active && (expiresAt === null || expiresAt > now);
}

function isGoneForGood(subscription: SubscriptionRow | undefined, now: string): boolean {
  if (!subscription) return true;
  if (isListening(subscription, now)) return false;
  return (subscription.expiresAt ?? now) <= plusMs(now, -REMOVED_GRACE_MS);
}

/** Whatever happened to their jobs, deliveries that are owed are made. */
export async function takeUpOverdue(job: JobContext): Promise<void> {
  const overdue = await job.read.select<{ id: string; storeId: string }>(
    `SELECT id, store_id FROM webhook_deliveries WHERE status IN ('pending', 'failed') AND next_at < :before
      ORDER BY next_at LIMIT ${ROWS_PER_SWEEP}`,
    { before: plusMs(job.read.now, -OVERDUE_MS) },
  );
  if (overdue.length === 0) return;
  await job.transaction(async (ctx) => {
    const ids = overdue.map(({ id }) => id);
    // Moved to now, so that the next sweep leaves alone what this one has just asked for.
    await ctx.execute(
      `UPDATE webhook_deliveries SET next_at = :now WHERE id IN (:ids) AND status IN ('pending', 'failed')`,
      { ids, now: ctx.now },
    );
    for (const { id, storeId } of overdue) ctx.enqueue(DELIVER_JOB, { deliveryId: id }, { storeId });
  });
}

/** Forgets what was delivered long ago. */
export async function pruneDelivered(job: JobContext): Promise<void> {
  const old = await job.read.select<{ id: string }>(
    `SELECT id FROM webhook_deliveries WHERE status = 'delivered' AND delivered_at < :before
      ORDER BY id LIMIT ${ROWS_PER_SWEEP}`,
    { before: plusMs(job.read.now, -DELIVERED_KEPT_MS) },
  );
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  await job.transaction((ctx) => ctx.execute('DELETE FROM webhook_deliveries WHERE id IN (:ids)', { ids }));
}
