import { assertNotHeld, emitForOrder, lockState, type OrderRow } from '../../orders';
import { storeSettings } from '../../people';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext, JobContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import type { DeliveredEvent } from '../../platform/registry';
import { eventIdOf } from '../recovery/event-id';
import { labelOrders } from '../rights';
import { assertLabelPossible } from './label-rules';
import { activeLabel } from './label-view';
import { type LabelFormat, type LabelRow, labels } from './labels.models';

/**
 * Gives an order's parcel its label. While it is active, asking again answers the same one.
 * Throws 409 NOT_FOR_DELIVERY, ADDRESS_MISSING, LABEL_NOT_POSSIBLE or ORDER_ON_HOLD.
 */
export async function createLabel(
  ctx: CommandContext,
  idOrNumber: string,
  format: LabelFormat,
): Promise<{ label: LabelRow; order: OrderRow; isNew: boolean }> {
  const { order } = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, labelOrders, order.storeId);
  const known = await activeLabel(ctx, order.id);
  if (known) return { label: known, order, isNew: false };
  const { preparation } = await storeSettings(ctx, order.storeId);
  assertLabelPossible(order, preparation);
  await assertNotHeld(ctx, order.id, ', then make the label');
  const label: LabelRow = {
    id: ctx.newId(),
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    format,
    status: 'active',
    activeMarker: 1,
    prints: 0,
    printedFor: null,
    printedAt: null,
    createdAt: ctx.now,
    createdBy: ctx.actor.name,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  };
  ctx.insert(labels, label);
  audit(ctx, label, 'label.create', { after: { format } });
  emitForOrder(ctx, order, 'label.created', { label: { id: label.id, format } });
  return { label, order, isNew: true };
}

/** The label counts no more, and the order may get a new one. Voiding twice changes nothing. Throws 404 LABEL_NOT_FOUND. */
export async function voidLabel(
  ctx: CommandContext,
  labelId: string,
  reason: string,
): Promise<{ label: LabelRow; order: OrderRow }> {
  const found = await ctx.get(labels, 'id = :labelId', { labelId });
  if (!found) {
    throw new NotFoundError(
      'LABEL_NOT_FOUND',
      'There is no such label. The labels of an order stand in GET /orders/:id.',
    );
  }
  // The order first, as everywhere, so that two commands never wait for each other.
  const { order } = await lockState(ctx, found.orderId);
  authorise(ctx.actor, labelOrders, order.storeId);
  const [label] = await ctx.lock(labels, 'id = :labelId', { labelId });
  if (!label || label.status === 'voided') return { label: label ?? found, order };
  const change = {
    status: 'voided' as const,
    activeMarker: null,
    voidedAt: ctx.now,
    voidedBy: ctx.actor.name,
    voidReason: reason,
  };
  await ctx.update(labels, change, 'id = :labelId', { labelId });
  audit(ctx, label, 'label.void', { before: { status: 'active' }, after: { status: 'voided' }, note: reason });
  return { label: { ...label, ...change }, order };
}

/** A cancelled order sends nothing. */
export async function voidCancelled(job: JobContext, event: DeliveredEvent): Promise<void> {
  await voidActive(job, event, 'The order was cancelled.', ({ createdAt }) => createdAt <= event.occurredAt);
}

/** The paper on the parcel names the old address, so it must come off; a label not yet printed takes the new one. */
export async function voidOutdated(job: JobContext, event: DeliveredEvent): Promise<void> {
  const { fields } = event.data as { fields?: string[] };
  if (!fields?.includes('shippingAddress')) return;
  const reason = 'The address was changed after the label was printed.';
  await voidActive(job, event, reason, ({ printedAt }) => printedAt !== null && printedAt <= event.occurredAt);
}

async function voidActive(
  job: JobContext,
  { orderId = '' }: DeliveredEvent,
  reason: string,
  isConcerned: (label: LabelRow) => boolean,
): Promise<void> {
  await job.transaction(async (ctx) => {
    const label = await activeLabel(ctx, orderId);
    if (label && isConcerned(label)) await voidLabel(ctx, label.id, reason);
  });
}

/**
 * A label's document leaves for a printer. The first time is its print, every later one a reprint; a run that is
 * started again for the same event prints what it would have printed, which is not one more.
 */
export async function recordPrint(ctx: CommandContext, labelId: string, format: LabelFormat): Promise<void> {
  const [label] = await ctx.lock(labels, 'id = :labelId', { labelId });
  if (!label) return;
  const printedFor = eventIdOf(ctx.execution.eventId);
  if (printedFor !== null && printedFor === label.printedFor) return;
  await ctx.update(labels, { prints: label.prints + 1, printedFor, printedAt: ctx.now }, 'id = :labelId', { labelId });
  audit(ctx, label, label.prints === 0 ? 'label.print' : 'label.reprint', {
    after: { format, prints: label.prints + 1 },
  });
}

function audit(
  ctx: CommandContext,
  label: LabelRow,
  action: string,
  values: { before?: Record<string, unknown>; after?: Record<string, unknown>; note?: string },
): void {
  const { id, storeId, orderId } = label;
  ctx.audit({ action, subjectType: 'label', subjectId: id, storeId, orderId, ...values });
}
