import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, UnavailableError } from '../../platform/errors';
import { type Afterwards, Reply } from '../../platform/http/route';
import { askForNews, type ConsignmentRow, type Couriers, isAsking, readConsignment } from '../../shipping';
import { rejectionOf, viewConsignment } from './consignment-view';

/** How long a request waits for the courier before it answers "still booking". */
export const BOOKING_WAIT_MS = 8_000;
const LOOK_EVERY_MS = 100;
const ASK_AGAIN_S = 2;

/** The consignment once the courier has answered and the order has taken it in, or as it is when time is over. */
async function settled({ read }: Afterwards, id: string): Promise<ConsignmentRow> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const row = await readConsignment(read(), id);
    const isWorking = row.status === 'booking' || (row.newsOpen && !row.problem);
    if (!isWorking || waitedMs >= BOOKING_WAIT_MS) return row;
    await sleep(LOOK_EVERY_MS);
  }
}

/**
 * Follows a booking up: 201 with the booked consignment, 200 when it was there already, 202 with its address while
 * nobody knows. Throws what the courier refused, or 409 CONSIGNMENT_WITHDRAWN.
 */
export async function awaitBooking(afterwards: Afterwards, reply: Reply): Promise<Reply> {
  const { id } = reply.body as { id: string };
  const row = await settled(afterwards, id);
  if (row.status === 'rejected') throw rejectionOf(row);
  if (row.status === 'cancelled' && row.bookedAt === null) throw withdrawn(row);
  const body = viewConsignment(row);
  if (!isAsking(row.status)) return new Reply(reply.status === 202 ? 201 : 200, body);
  return new Reply(202, body, { Location: `/api/v1/consignments/${id}`, 'Retry-After': String(ASK_AGAIN_S) });
}

function withdrawn({ id, courier, reference }: ConsignmentRow): ConflictError {
  const message = `Parcel ${reference} was withdrawn before ${courier} was asked; nothing was sent.`;
  return new ConflictError('CONSIGNMENT_WITHDRAWN', message, { facts: { consignmentId: id } });
}

/** Asks the courier for news and waits until the order has taken it in. Throws 503 when the courier does not answer. */
export async function awaitNews(couriers: Couriers, afterwards: Afterwards, reply: Reply): Promise<Reply> {
  const { id } = reply.body as { id: string };
  const before = await readConsignment(afterwards.read(), id);
  if (isAsking(before.status)) return awaitBooking(afterwards, reply);
  const isAskable = before.status !== 'rejected' && couriers.get(before.courier).capabilities.status;
  if (isAskable) {
    const finding = await askForNews(afterwards.job, couriers, before);
    if (finding.kind === 'unknown' || finding.kind === 'rejected') {
      const code = finding.kind === 'rejected' ? finding.code : 'COURIER_UNAVAILABLE';
      throw new UnavailableError(code, finding.message, { facts: { consignmentId: id, courier: before.courier } });
    }
  }
  const row = await settled(afterwards, id);
  return new Reply(200, { ...viewConsignment(row), changed: row.status !== before.status });
}
