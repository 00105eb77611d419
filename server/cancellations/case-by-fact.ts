import { lockState } from '../orders';
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

async function openMissingCase(job: JobContext, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    if (state.order.status !== 'cancelled' || (await ctx.get(cases, 'order_id = :orderId', { orderId }))) return;
    const reason = CANCELLATION_REASONS.find((one) => one === event.data.reason) ?? 'inventory';
    const nobodyAsked = { customerContact: null, requestedAt: null, eventId: null };
    const request = { reason, note: 'Nothing was left to send.', restock: true, notify: true, ...nobodyAsked };
    await openCase(ctx, { before: state, after: state, request }, 1);
  });
}
