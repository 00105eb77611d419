import { assertTrackable, assertVersion, lockState, type OrderState, writeTracking } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { webAddress } from '../../platform/web-address';
import {
  changeConsignment,
  type ConsignmentRow,
  consignmentsOf,
  isAsking,
  isEnded,
  lockConsignment,
} from '../../shipping';
import { OURSELVES, trackingNumberOf } from './book-order';
import type { TrackingInput } from './consignments.schema';
import { ARRIVED, isMoreToSend, partsOf } from './parcel-parts';

export interface TrackingResult {
  state: OrderState;
  changed: boolean;
  tracking: Known;
  /** Whose word the number is: that of the courier who has the parcel, or of whoever gave it. */
  source: 'courier' | 'given';
  consignmentId: string | null;
}

interface Known {
  carrier: string;
  trackingNumber?: string;
  trackingUrl?: string;
}

type Given = Omit<TrackingInput, 'version'>;

/**
 * Writes who carries the order and its tracking number into the order: what the courier says who has its parcel, else
 * what is given. Throws what `assertTrackable` does, 409 VERSION_CONFLICT, TRACKING_MISSING, TRACKING_OF_COURIER or
 * BOOKING_UNDER_WAY.
 */
export async function updateTracking(
  ctx: CommandContext,
  idOrNumber: string,
  { version, ...given }: TrackingInput,
): Promise<TrackingResult> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  assertTrackable(ctx, order);
  assertVersion(order, version);
  const parcel = await parcelHere(ctx, state);
  if (parcel && parcel.courier !== OURSELVES) return takeFromCourier(ctx, state, parcel, given);
  return takeGiven(ctx, state, parcel, given);
}

/** The parcel of the part that leaves next, or that left last when nothing more is here. */
async function parcelHere(ctx: CommandContext, state: OrderState): Promise<ConsignmentRow | undefined> {
  const { left } = await partsOf(ctx, state.order.id);
  const part = isMoreToSend(state) ? left.length + 1 : Math.max(1, left.length);
  const standing = (await consignmentsOf(ctx, [state.order.id])).filter(
    (row) => row.part === part && (!isEnded(row.status) || ARRIVED.includes(row.status)),
  );
  const newest = standing.at(-1);
  return newest && lockConsignment(ctx, newest.id);
}

async function takeFromCourier(
  ctx: CommandContext,
  state: OrderState,
  row: ConsignmentRow,
  given: Given,
): Promise<TrackingResult> {
  if (isAsking(row.status)) throw underWay(row);
  refuseOther(row, given);
  const found = lookedUp(row, given);
  const isFound = row.trackingCode !== found.trackingCode || row.trackingUrl !== found.trackingUrl;
  if (isFound) await changeConsignment(ctx, row, 'tracking_found', found);
  const inOrder = { carrier: row.courier, trackingNumber: trackingNumberOf(row) };
  const changed = await writeTracking(ctx, state, inOrder);
  const tracking = { ...inOrder, trackingUrl: row.trackingUrl ?? undefined };
  const source = row.trackingCodeGiven ? 'given' : 'courier';
  return { state, changed: changed || isFound, tracking, source, consignmentId: row.id };
}

/** What got lost with the courier's answer somebody looked up in its panel, and may have read or typed wrong. */
function lookedUp(row: ConsignmentRow, { trackingNumber, trackingUrl }: Given) {
  const trackingCode = mayGive(row).code ? (trackingNumber ?? row.trackingCode) : row.trackingCode;
  // The page that people gave for a number is not that of the right one.
  const kept = row.trackingUrlGiven && trackingCode !== row.trackingCode ? null : row.trackingUrl;
  const url = mayGive(row).url ? (trackingUrl ?? kept) : row.trackingUrl;
  return {
    ...{ trackingCode, trackingCodeGiven: mayGive(row).code && trackingCode !== null },
    ...{ trackingUrl: url, trackingUrlGiven: mayGive(row).url && url !== null },
  };
}

/** What the courier has not said itself is for people to say, and to correct. */
function mayGive(row: ConsignmentRow): { code: boolean; url: boolean } {
  const { trackingCode, trackingUrl } = row;
  return { code: trackingCode === null || row.trackingCodeGiven, url: trackingUrl === null || row.trackingUrlGiven };
}

/** The courier's word wins; what it never said may be given and corrected. */
function refuseOther(row: ConsignmentRow, { carrier, trackingNumber, trackingUrl }: Given): void {
  const { courier, reference, trackingCode, trackingUrl: url, id: consignmentId } = row;
  const may = mayGive(row);
  const isOtherUrl = trackingUrl !== undefined && trackingUrl !== webAddress(url ?? '');
  const others = [
    { path: 'carrier', isOther: carrier !== undefined && carrier.toLowerCase() !== courier.toLowerCase() },
    { path: 'trackingNumber', isOther: !may.code && Boolean(trackingNumber) && trackingNumber !== trackingCode },
    { path: 'trackingUrl', isOther: !may.url && isOtherUrl },
  ].filter(({ isOther }) => isOther);
  if (others.length === 0) return;
  const message = `${courier} has parcel ${reference} of this order, and its word counts. Leave carrier, trackingNumber and trackingUrl out to take it from ${courier}, or have ${courier} cancel that parcel, sync the consignment and give yours again.`;
  const code = 'TRACKING_OF_COURIER';
  throw new ConflictError(code, message, {
    errors: others.map(({ path }) => ({ path, code, message: `Leave it out: ${courier} says it.` })),
    facts: { consignmentId, carrier: courier, trackingNumber: trackingNumberOf(row), trackingUrl: url },
  });
}

function underWay({ courier, reference, status, id: consignmentId }: ConsignmentRow): ConflictError {
  const way =
    status === 'unclear'
      ? `Look for it in the panel of ${courier}, then sync the consignment.`
      : 'Wait for the answer, then ask again.';
  const message = `${courier} is being asked to take parcel ${reference}, and its tracking number is not known yet. ${way}`;
  return new ConflictError('BOOKING_UNDER_WAY', message, { facts: { consignmentId, courier, reference, status } });
}

async function takeGiven(
  ctx: CommandContext,
  state: OrderState,
  row: ConsignmentRow | undefined,
  given: Given,
): Promise<TrackingResult> {
  const { handover } = state.order;
  const isGiven = Object.values(given).some((value) => value !== undefined);
  if (!isGiven && !row && !handover.trackingNumber) throw nothingToWrite();
  const tracking = wanted(given, handover, row);
  const said = { trackingCode: tracking.trackingNumber ?? null, trackingUrl: tracking.trackingUrl ?? null };
  // Kept with the parcel too, so that its own news does not put "manual" in the place of what people know.
  const isNews = row && isGiven && (row.trackingCode !== said.trackingCode || row.trackingUrl !== said.trackingUrl);
  if (isNews) await changeConsignment(ctx, row, 'tracking_given', said);
  const changed = await writeTracking(ctx, state, tracking);
  return { state, changed: changed || Boolean(isNews), tracking, source: 'given', consignmentId: row?.id ?? null };
}

/** What is not given stays, as far as it is about the same parcel: another number, or another carrier's, is another. */
function wanted(given: Given, stands: Partial<Known>, row: ConsignmentRow | undefined): Known {
  const carrier = given.carrier ?? stands.carrier ?? row?.courier ?? OURSELVES;
  const isSameCarrier = stands.carrier === undefined || carrier === stands.carrier;
  const ownNumber = row ? trackingNumberOf(row) : undefined;
  const trackingNumber = given.trackingNumber ?? (isSameCarrier ? stands.trackingNumber : undefined) ?? ownNumber;
  const isSame = isSameCarrier && trackingNumber === stands.trackingNumber;
  return { carrier, trackingNumber, trackingUrl: given.trackingUrl ?? (isSame ? stands.trackingUrl : undefined) };
}

function nothingToWrite(): ConflictError {
  const code = 'TRACKING_MISSING';
  const message =
    'No courier has a parcel of this order, so there is no tracking number to take. Book one (POST /orders/:id/consignments), or give carrier and trackingNumber.';
  const errors = ['carrier', 'trackingNumber'].map((path) => ({ path, code, message: 'Give it, or book a courier.' }));
  return new ConflictError(code, message, { errors });
}

export function viewTracking({ state, changed, tracking, source, consignmentId }: TrackingResult) {
  const { id, number, status, version } = state.order;
  const { carrier, trackingNumber = null, trackingUrl = null } = tracking;
  const order = { id, number, status, version };
  return { orderId: id, order, changed, carrier, trackingNumber, trackingUrl, source, consignmentId };
}
