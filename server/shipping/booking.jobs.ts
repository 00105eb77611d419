import { plusMs } from '../platform/clock';
import type { CommandContext, JobContext } from '../platform/context';
import { Refusal } from '../platform/errors';
import type { JobOptions } from '../platform/registry';
import { isEnded } from './consignment-statuses';
import type { BookingOutcome, Courier, CourierParcel, Finding, Rejected, Unknown } from './courier';
import type { Couriers } from './couriers';
import { firstPollAt } from './polling';
import { changeConsignment, emitConsignment, flagProblem } from './shipping.events';
import { type ConsignmentRow, consignments } from './shipping.models';

export const BOOK_JOB = 'consignment.book';
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Two looks of two calls each, and the booking itself. */
const CALLS_PER_ATTEMPT = 5;
const WRITING_MS = 5 * SECOND_MS;
/** Waits after the 1st, 2nd … attempt without a certain outcome; then a person is told. */
export const BOOKING_WAITS_MS: readonly number[] = [
  SECOND_MS,
  5 * SECOND_MS,
  20 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
];
/** A booking so long overdue has lost its job. */
const OVERDUE_MS = 10 * SECOND_MS;
const ROWS_PER_SWEEP = 200;

interface Attempt {
  row: ConsignmentRow;
  /** The courier may have it: it was sent before, and how that ended is not known. */
  wasSent: boolean;
}

/** The job, for couriers that answer a call within this time or not at all. */
export function bookingJob(
  couriers: Couriers,
  callTimeoutMs: number,
): { handle: (job: JobContext, payload: Record<string, unknown>) => Promise<void>; options: JobOptions } {
  // An attempt that is not written down by then was cut off.
  const leaseMs = CALLS_PER_ATTEMPT * callTimeoutMs + WRITING_MS;
  return {
    handle: (job, { consignmentId }) => attemptBooking(job, couriers, String(consignmentId), leaseMs),
    // When an attempt could not be written down, the job comes again after its lease, or it would find nothing to do.
    options: { backoffMs: [leaseMs + WRITING_MS] },
  };
}

/**
 * One attempt to book. The claim is committed before the courier is called and the outcome after it, so whatever
 * happens in between (a lost answer, a crash) the next attempt looks for the parcel before it sends it again.
 */
async function attemptBooking(
  job: JobContext,
  couriers: Couriers,
  consignmentId: string,
  leaseMs: number,
): Promise<void> {
  const attempt = await job.transaction((ctx) => begin(ctx, consignmentId, leaseMs));
  if (!attempt) return;
  const courier = couriers.get(attempt.row.courier);
  const outcome = await ask(courier, attempt);
  await job.transaction((ctx) => settle(ctx, courier, attempt.row.id, outcome));
}

/** Takes the booking for one attempt, unless it is settled, not due, or being attempted by somebody else. */
async function begin(ctx: CommandContext, id: string, leaseMs: number): Promise<Attempt | undefined> {
  const [row] = await ctx.lock(consignments, 'id = :id', { id });
  if (row?.status !== 'booking' || (row.nextAt !== null && row.nextAt > ctx.now)) return undefined;
  const set = {
    attempts: row.attempts + 1,
    nextAt: plusMs(ctx.now, leaseMs),
    sentAt: row.sentAt ?? ctx.now,
  };
  await ctx.update(consignments, set, 'id = :id', { id });
  return { row: { ...row, ...set }, wasSent: row.sentAt !== null };
}

async function ask(courier: Courier, { row, wasSent }: Attempt): Promise<BookingOutcome> {
  try {
    const known = wasSent ? await look(courier, row.reference) : ({ kind: 'missing' } as const);
    if (known.kind !== 'missing') return asOutcome(known);
    const outcome = await courier.create(row);
    if (outcome.kind !== 'rejected' || !outcome.duplicate) return outcome;
    if (!wasSent) return takenByOthers(courier, row, outcome);
    const landed = await look(courier, row.reference);
    const message = `${courier.displayName} has a parcel ${row.reference} but does not find it.`;
    return landed.kind === 'missing' ? { kind: 'unknown', message } : asOutcome(landed);
  } catch (error) {
    // Its keys were taken away since it was asked for: that is no reason to forget the parcel.
    if (error instanceof Refusal) return { kind: 'unknown', message: error.message };
    throw error;
  }
}

async function look(courier: Courier, reference: string): Promise<Finding> {
  return (await courier.findByReference?.(reference)) ?? { kind: 'missing' };
}

/** A refused look tells nothing about the parcel, which may well be there. */
function asOutcome(finding: Exclude<Finding, { kind: 'missing' }>): BookingOutcome {
  if (finding.kind === 'found') return { ...finding, kind: 'created' };
  return { kind: 'unknown', message: finding.message };
}

function takenByOthers(courier: Courier, { reference }: ConsignmentRow, { message }: Rejected): Rejected {
  const words = `${courier.displayName} has a parcel ${reference} that was not booked from here. Look at it in its panel; if it is another one, book again with another "reference". ${message}`;
  const errors = [{ path: 'reference', code: 'REFERENCE_TAKEN', message: 'Send another reference.' }];
  return { kind: 'rejected', code: 'REFERENCE_TAKEN', message: words, errors };
}

async function settle(ctx: CommandContext, courier: Courier, id: string, outcome: BookingOutcome): Promise<void> {
  const [row] = await ctx.lock(consignments, 'id = :id', { id });
  if (row?.status !== 'booking') return;
  if (outcome.kind === 'created') return recordBooked(ctx, courier, row, outcome);
  if (outcome.kind === 'rejected') return recordRejected(ctx, row, outcome);
  return recordUnknown(ctx, row, outcome);
}

async function recordBooked(
  ctx: CommandContext,
  courier: Courier,
  row: ConsignmentRow,
  { courierId, trackingCode, trackingUrl, status, courierStatus }: CourierParcel,
): Promise<void> {
  const ended = isEnded(status);
  await changeConsignment(ctx, row, 'booked', {
    courierId,
    trackingCode,
    trackingUrl,
    trackingCodeGiven: false,
    trackingUrlGiven: false,
    status,
    courierStatus,
    newsOpen: true,
    problem: null,
    bookedAt: ctx.now,
    nextAt: courier.capabilities.status ? firstPollAt(ctx.now) : null,
    ...(ended ? { openMarker: null, endedAt: ctx.now } : {}),
  });
  emitConsignment(ctx, row, 'consignment.created');
}

async function recordRejected(ctx: CommandContext, row: ConsignmentRow, rejected: Rejected): Promise<void> {
  const { code, message, errors } = rejected;
  await changeConsignment(ctx, row, 'rejected', {
    status: 'rejected',
    problem: { code, message, errors },
    openMarker: null,
    referenceMarker: null,
    nextAt: null,
    endedAt: ctx.now,
  });
  emitConsignment(ctx, row, 'consignment.rejected');
}

async function recordUnknown(ctx: CommandContext, row: ConsignmentRow, unknown: Unknown): Promise<void> {
  const waitMs = BOOKING_WAITS_MS[row.attempts - 1];
  if (waitMs !== undefined) {
    const nextAt = plusMs(ctx.now, Math.max(waitMs, unknown.retryAfterMs ?? 0));
    await ctx.update(consignments, { nextAt }, 'id = :id', { id: row.id });
    ctx.enqueue(BOOK_JOB, { consignmentId: row.id }, { after: nextAt, storeId: row.storeId });
    return;
  }
  await changeConsignment(ctx, row, 'unclear', { status: 'unclear', nextAt: null });
  await flagProblem(ctx, row, {
    code: 'COURIER_UNCLEAR',
    message: `Nobody knows whether ${row.courier} took the parcel ${row.reference}: ${unknown.message} Look for it in the courier's panel, then sync the consignment or book again; it is looked for before it is sent.`,
  });
}

/** Whatever happened to their jobs, bookings that are owed are made. */
export async function takeUpOverdueBookings(job: JobContext): Promise<void> {
  const overdue = await job.read.select<{ id: string; storeId: string }>(
    `SELECT id, store_id FROM consignments WHERE status = 'booking' AND next_at < :before
      ORDER BY next_at LIMIT ${ROWS_PER_SWEEP}`,
    { before: plusMs(job.read.now, -OVERDUE_MS) },
  );
  if (overdue.length === 0) return;
  await job.transaction((ctx) => {
    for (const { id, storeId } of overdue) ctx.enqueue(BOOK_JOB, { consignmentId: id }, { storeId });
    return Promise.resolve();
  });
}
