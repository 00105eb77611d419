import type { CommandContext } from '../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../platform/errors';
import type { Courier, Parcel } from './courier';
import { BOOK_JOB } from './booking.jobs';
import { changeConsignment, emitConsignment } from './shipping.events';
import { type ConsignmentRow, consignments } from './shipping.models';

/** How often one number may be sent: each time the one before has ended. */
const REFERENCES_MAX = 20;

export interface ConsignmentSource {
  storeId: string;
  sourceType: string;
  sourceId: string;
  orderId: string | null;
}

export interface Booking {
  source: ConsignmentSource;
  part: number;
  /** See `ConsignmentRow`. */
  units: Record<string, number> | null;
  /** What people call the source; the reference is made of it. */
  number: string;
  /** A reference of the caller's own, taken as it is. */
  reference?: string;
  parcel: Parcel;
  codAmountMinor: number;
  currency: string;
  shipWhenBooked: boolean;
  eventId: string | null;
}

/** The consignment of a part of the source that has not ended. */
export async function openConsignment(
  ctx: CommandContext,
  { sourceType, sourceId }: ConsignmentSource,
  part: number,
): Promise<ConsignmentRow | undefined> {
  const where = 'source_type = :sourceType AND source_id = :sourceId AND open_marker = :part';
  return (await ctx.lock(consignments, where, { sourceType, sourceId, part }))[0];
}

/**
 * Writes down that the courier is to be asked, and asks after the commit: nothing leaves in here. The caller holds the
 * source's lock, so a source is booked once however many ask. Throws 503 COURIER_NOT_CONFIGURED, 409 REFERENCE_TAKEN
 * and 422 with the fields to mend, whose paths `toPath` turns into the caller's.
 */
export async function bookConsignment(
  ctx: CommandContext,
  courier: Courier,
  booking: Booking,
  toPath: (path: string) => string,
): Promise<ConsignmentRow> {
  courier.assertReady();
  const { source, parcel, codAmountMinor, currency } = booking;
  const reference = await chooseReference(ctx, courier, booking);
  refuseFields(courier.check({ reference, parcel, codAmountMinor, currency }), toPath);
  const row: ConsignmentRow = {
    id: ctx.newId(),
    ...source,
    courier: courier.name,
    reference,
    status: 'booking',
    courierStatus: null,
    codAmountMinor,
    codDueMinor: codAmountMinor,
    codBookedMinor: null,
    codOutdatedAt: null,
    codMendedAt: null,
    codAlertedMinor: null,
    currency,
    parcel,
    courierId: null,
    trackingCode: null,
    trackingUrl: null,
    trackingCodeGiven: false,
    trackingUrlGiven: false,
    shipWhenBooked: booking.shipWhenBooked,
    newsOpen: false,
    problem: null,
    part: booking.part,
    units: booking.units,
    openMarker: booking.part,
    referenceMarker: 1,
    attempts: 0,
    sentAt: null,
    nextAt: ctx.now,
    eventId: booking.eventId,
    bookedAt: null,
    endedAt: null,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  ctx.insert(consignments, row);
  ctx.audit({
    action: 'consignment.book',
    subjectType: 'consignment',
    subjectId: row.id,
    storeId: row.storeId,
    orderId: row.orderId ?? undefined,
    after: { courier: courier.name, reference, codAmountMinor },
  });
  ctx.effect('messages', { to: courier.displayName, reference, codAmountMinor, currency });
  ctx.enqueue(BOOK_JOB, { consignmentId: row.id }, { storeId: row.storeId });
  return row;
}

/** Asks once more about a booking that nobody knows the outcome of: it is looked for before it is sent again. */
export async function askAgain(ctx: CommandContext, row: ConsignmentRow): Promise<void> {
  if (row.status !== 'unclear') return;
  await changeConsignment(ctx, row, 'ask_again', { status: 'booking', attempts: 0, nextAt: ctx.now, problem: null });
  ctx.enqueue(BOOK_JOB, { consignmentId: row.id }, { storeId: row.storeId });
}

/** True when nobody but us knows of it, or whoever carries it can simply be told. */
export function canWithdraw(courier: Courier, row: ConsignmentRow): boolean {
  return courier.capabilities.cancel || (row.status === 'booking' && row.sentAt === null);
}

/** Ends a consignment that the courier never got, or is told of by us. */
export async function withdrawConsignment(ctx: CommandContext, row: ConsignmentRow): Promise<void> {
  await changeConsignment(ctx, row, 'withdraw', {
    status: 'cancelled',
    openMarker: null,
    referenceMarker: row.sentAt === null ? null : row.referenceMarker,
    nextAt: null,
    newsOpen: false,
    shipWhenBooked: false,
    problem: null,
    endedAt: ctx.now,
  });
  emitConsignment(ctx, row, 'consignment.status_changed');
}

/** The number itself, or with -2, -3 … when the courier knows it from before or from another store. */
async function chooseReference(ctx: CommandContext, courier: Courier, booking: Booking): Promise<string> {
  const base = courier.fitReference(booking.number);
  const candidates = booking.reference
    ? [booking.reference]
    : Array.from({ length: REFERENCES_MAX }, (_one, n) => (n === 0 ? base : `${base}-${n + 1}`));
  const taken = await ctx.select<{ reference: string }>(
    'SELECT reference FROM consignments WHERE courier = :courier AND reference_marker = 1 AND reference IN (:candidates)',
    { courier: courier.name, candidates },
  );
  const free = candidates.find((candidate) => !taken.some(({ reference }) => reference === candidate));
  if (free) return free;
  const message = `The reference ${candidates[0]} was used before with ${courier.displayName}. Send another "reference".`;
  throw new ConflictError('REFERENCE_TAKEN', message, {
    errors: [{ path: 'reference', code: 'REFERENCE_TAKEN', message: 'Each reference counts once.' }],
  });
}

function refuseFields(errors: readonly FieldError[], toPath: (path: string) => string): void {
  const [first] = errors;
  if (!first) return;
  const named = errors.map((error) => ({ ...error, path: toPath(error.path) }));
  throw new ValidationError(first.code, first.message, { errors: named });
}
