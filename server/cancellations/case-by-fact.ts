import { lastMoveOf, lockState } from '../orders';
import type { JobContext } from '../platform/context';
import type { DeliveredEvent, Registry } from '../platform/registry';
import { CANCELLATION_REASONS } from './cancel-reasons';
import { cases } from './cancellations.models';
import { openCase } from './open-case';

/**
 * An order whose last units were taken off the bill is cancelled by that, without anybody who asked: what is owed back
 * and whom to tell is kept in a case all the same.
 */
export function installCasesByFact(registry: Registry): void {
  registry.on('order.cancelled', 'cancellations.open_case', openMissingCase, hasNoCase);
}

/** Whoever cancels opens the case with it, so there nearly always is one. */
const hasNoCase = 'NOT EXISTS (SELECT 1 FROM cancellation_cases WHERE order_id = heard.order_id)';

/** Opens the case of an order that was cancelled by fact, unless it has one; whoever needs it first does. */
export async function openMissingCase(job: JobContext, { orderId = '' }: DeliveredEvent): Promise<void> {
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    if (state.order.status !== 'cancelled' || (await ctx.get(cases, 'order_id = :orderId', { orderId }))) return;
    const move = await lastMoveOf(ctx, orderId, 'cancel');
    // An order that came to us cancelled is nobody's work.
    if (!move) return;
    const reason = CANCELLATION_REASONS.find((one) => one === move.reason) ?? 'inventory';
    const nobodyAsked = { customerContact: null, requestedAt: null, eventId: null };
    const request = { reason, note: 'Nothing was left to send.', restock: true, notify: true, ...nobodyAsked };
    await openCase(ctx, { before: state, after: state, request }, 1);
  });
}
