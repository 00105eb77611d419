import { assertNotHeld, emitForOrder, lockState, type OrderRow } from '../../orders';
import { storeSettings } from '../../people';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext, JobContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import type { DeliveredEvent } from '../../platform/registry';
import { eventIdOf } from '../recovery/event-id';
import { labelOrders } from '../rights';
import { assertLabelPossible } from './label-rules';
import { type LabelFormat, type LabelRow, labels } from './labels.models';
import { activeLabels, isLabelHere, isSomethingHere, type Parcel, parcelOfPackage, parcelsHere } from './parcels';

export interface WantedLabel {
  format: LabelFormat;
  /** Missing: the first parcel without a label. */
  packageId?: string;
}

/**
 * Gives a parcel of the order its label. While each has one, asking again answers the same one; a part of the order that
 * has left makes room for the label of the next. Throws 409 NOT_FOR_DELIVERY, ADDRESS_MISSING, LABEL_NOT_POSSIBLE,
 * ORDER_ON_HOLD, PACKAGE_OPEN, PACKAGE_VOID or PACKAGE_LEFT, 422 PACKAGE_UNKNOWN.
 */
export async function createLabel(
  ctx: CommandContext,
  idOrNumber: string,
  { format, packageId }: WantedLabel,
): Promise<{ label: LabelRow; order: OrderRow; isNew: boolean }> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, labelOrders, order.storeId);
  const parcels = await parcelsHere(ctx, order.id);
  const active = await adopt(ctx, parcels, await activeLabels(ctx, order.id));
  const known = active.find((one) => one.packageId === packageId) ?? undefined;
  if (packageId && known) return { label: known, order, isNew: false };
  const wanted = packageId ? await parcelOfPackage(ctx, order.id, packageId) : nextParcel(parcels, active);
  const [latest] = active.slice(-1);
  // Everything has gone: whoever asks again, such as a run that is started anew, means the label that went with it.
  if (!packageId && latest && !isSomethingHere(state)) return { label: latest, order, isNew: false };
  if (!wanted) return { label: labelOf(parcels[0], active) ?? (latest as LabelRow), order, isNew: false };
  const { preparation } = await storeSettings(ctx, order.storeId);
  assertLabelPossible(order, preparation);
  await assertNotHeld(ctx, order.id, ', then make the label');
  const label = newLabel(ctx, order, wanted, format);
  ctx.insert(labels, label);
  audit(ctx, label, 'label.create', { after: { format, ...numberOf(label) } });
  emitForOrder(ctx, order, 'label.created', { label: { id: label.id, format, ...numberOf(label) } });
  return { label, order, isNew: true };
}

function newLabel(ctx: CommandContext, order: OrderRow, parcel: Parcel, format: LabelFormat): LabelRow {
  return {
    id: ctx.newId(),
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    packageId: parcel.packageId,
    packageNumber: parcel.packageNumber,
    parcel: parcel.key,
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
}

function numberOf({ packageNumber }: LabelRow): { packageNumber?: number } {
  return packageNumber === null ? {} : { packageNumber };
}

function labelOf(parcel: Parcel | undefined, active: readonly LabelRow[]): LabelRow | undefined {
  return active.find((one) => one.parcel === parcel?.key);
}

function nextParcel(parcels: readonly Parcel[], active: readonly LabelRow[]): Parcel | undefined {
  return parcels.find((parcel) => !labelOf(parcel, active));
}

/** A label that was made before its order was packed is that of the first package. */
async function adopt(ctx: CommandContext, parcels: readonly Parcel[], active: LabelRow[]): Promise<LabelRow[]> {
  const first = nextParcel(parcels, active);
  if (!first || first.packageId === null) return active;
  for (const label of active) {
    if (label.packageId !== null || !(await isLabelHere(ctx, label))) continue;
    const set = { parcel: first.key, packageId: first.packageId, packageNumber: first.packageNumber };
    await ctx.update(labels, set, 'id = :id', { id: label.id });
    return active.map((one) => (one === label ? { ...one, ...set } : one));
  }
  return active;
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

/** A cancelled order sends nothing more; what has left keeps its label. */
export async function voidCancelled(job: JobContext, event: DeliveredEvent): Promise<void> {
  const reason = 'The order was cancelled.';
  await job.transaction(async (ctx) => {
    for (const label of await activeLabels(ctx, event.orderId ?? '')) {
      const isEarlier = label.createdAt <= event.occurredAt;
      if (isEarlier && (await isLabelHere(ctx, label))) await voidLabel(ctx, label.id, reason);
    }
  });
}

/** The paper on the parcel names the old address, so it must come off; a label not yet printed takes the new one. */
export async function voidOutdated(job: JobContext, event: DeliveredEvent): Promise<void> {
  const { fields } = event.data as { fields?: string[] };
  if (!fields?.includes('shippingAddress')) return;
  const reason = 'The address was changed after the label was printed.';
  await voidActive(job, event, reason, ({ printedAt }) => printedAt !== null && printedAt <= event.occurredAt);
}

/** The package that a label is stuck to counts no more. */
export async function voidUnpacked(job: JobContext, event: DeliveredEvent): Promise<void> {
  const { id } = event.data.package as { id: string };
  await voidActive(job, event, 'Its package was made void.', ({ packageId }) => packageId === id);
}

async function voidActive(
  job: JobContext,
  { orderId = '' }: DeliveredEvent,
  reason: string,
  isConcerned: (label: LabelRow) => boolean,
): Promise<void> {
  await job.transaction(async (ctx) => {
    for (const label of (await activeLabels(ctx, orderId)).filter(isConcerned)) await voidLabel(ctx, label.id, reason);
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
