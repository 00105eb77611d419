import {
  ageOfGoods,
  allowedStatuses,
  assertNotHeld,
  lockState,
  moveOrder,
  type OrderRow,
  type OrderState,
  type OrderStatus,
  refuse,
} from '../../orders';
import { storeSettings } from '../../people';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import {
  askAgain,
  bookConsignment,
  canWithdraw,
  changeConsignment,
  type ConsignmentRow,
  type ConsignmentSource,
  consignmentsOf,
  type Couriers,
  isAsking,
  lockConsignment,
  openConsignment,
  withdrawConsignment,
} from '../../shipping';
import { bookConsignments } from '../rights';
import type { BookingInput } from './consignments.schema';
import { eventIdOf } from '../recovery/event-id';
import { orderField, parcelOf, riderNote } from './order-parcel';
import { codDue } from './cod-due';
import { matchBill } from './match-bill';
import { ARRIVED, hasLeft, isAnythingLeaving, nextPart, partsOf, unitsAgain } from './parcel-parts';

/** From here on an order is being made ready to leave, or goes out once more. */
const BOOKABLE: readonly OrderStatus[] = [
  'processing',
  'partially_fulfilled',
  'fulfilled',
  'awaiting_handoff',
  'delivery_failed',
];

/** Parcels we carry ourselves, or give to somebody who has no system. */
export const OURSELVES = 'manual';

export interface Booked {
  consignment: ConsignmentRow;
  isNew: boolean;
}

/**
 * Asks a courier to take the order's parcel; asked again it is the same consignment. What left before is another
 * part: the goods that are here now get a parcel of their own. Refuses with 409 ORDER_NOT_BOOKABLE,
 * ORDER_NOT_FOR_DELIVERY, ORDER_ON_HOLD or CONSIGNMENT_EXISTS, 422 with the order's field that the courier would not
 * take, 503 COURIER_NOT_CONFIGURED.
 */
export async function bookOrder(
  ctx: CommandContext,
  couriers: Couriers,
  idOrNumber: string,
  input: BookingInput,
): Promise<Booked> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, bookConsignments, order.storeId);
  const courier = couriers.get(input.courier);
  const before = await partsOf(ctx, order.id);
  const bookable = await isBookable(ctx, order);
  const wanted: Wanted = {
    source: { storeId: order.storeId, sourceType: 'order', sourceId: order.id, orderId: order.id },
    courier: courier.name,
    part: nextPart(before, state),
    isNewMeant: bookable && isAnythingLeaving(state, before),
    eventId: input.event ?? ctx.execution.eventId ?? null,
  };
  const known = await knownConsignment(ctx, couriers, wanted);
  if (known) return { consignment: await again(ctx, state, known, input), isNew: false };
  await refuseUnbookable(ctx, order, bookable);
  if (input.ship) await refuseUnshippable(ctx, order);
  // Read again: what another courier was told before may be withdrawn by now.
  const parts = await partsOf(ctx, order.id);
  const booking = {
    source: wanted.source,
    part: wanted.part,
    units: unitsAgain(state, parts),
    number: order.number,
    reference: input.reference,
    parcel: parcelOf(state, parts, riderNote(input.note, await ageOfGoods(ctx, state))),
    codAmountMinor: codDue(state, parts),
    currency: order.currency,
    shipWhenBooked: input.ship,
    eventId: wanted.eventId,
  };
  const consignment = await bookConsignment(ctx, courier, booking, orderField);
  // What this rider collects no other has to, and the other way round.
  await matchBill(ctx, state);
  return { consignment, isNew: true };
}

interface Wanted {
  source: ConsignmentSource;
  courier: string;
  part: number;
  /** Goods are ready to leave that no parcel carries; else asking again means the parcel that has arrived. */
  isNewMeant: boolean;
  eventId: string | null;
}

/** The consignment that is meant when the order is booked again: its run's own, the open one, or the one it has left with. */
async function knownConsignment(
  ctx: CommandContext,
  couriers: Couriers,
  { source, courier, part, isNewMeant, eventId }: Wanted,
): Promise<ConsignmentRow | undefined> {
  const before = (await consignmentsOf(ctx, [source.sourceId])).filter((row) => row.courier === courier);
  const standing = before.filter(({ openMarker, status }) => openMarker !== null || ARRIVED.includes(status));
  // A run that is started again means the parcel it booked, whatever has become of the order since.
  const own = standing.find((row) => eventId !== null && eventIdOf(row.eventId ?? undefined) === eventIdOf(eventId));
  if (own) return lockConsignment(ctx, own.id);
  const open = await openConsignment(ctx, source, part);
  if (open?.courier === courier) return open;
  if (open) {
    if (!canWithdraw(couriers.get(open.courier), open)) throw otherCourier(open);
    await withdrawConsignment(ctx, open);
    return undefined;
  }
  return isNewMeant ? undefined : before.filter(({ status }) => ARRIVED.includes(status)).at(-1);
}

/** Asked again: what was unclear is looked for, and what should have been shipped is shipped. */
async function again(
  ctx: CommandContext,
  state: OrderState,
  row: ConsignmentRow,
  input: BookingInput,
): Promise<ConsignmentRow> {
  await askAgain(ctx, row);
  if (!input.ship || row.shipWhenBooked || row.endedAt) return row;
  if (isAsking(row.status)) await changeConsignment(ctx, row, 'ship_when_booked', { shipWhenBooked: true });
  else await shipWith(ctx, state.order, row);
  return row;
}

/** Hands the order over to its courier; one that has left already is left alone. */
export async function shipWith(ctx: CommandContext, { id, status }: OrderRow, row: ConsignmentRow): Promise<void> {
  if (status === 'shipped') return;
  if (status !== 'delivery_failed' && hasLeft(await partsOf(ctx, id), row)) return;
  const move = status === 'delivery_failed' ? 'reattempt' : 'ship';
  const event = row.eventId ?? undefined;
  const told = isToldByPeople(row) ? {} : { carrier: row.courier, trackingNumber: trackingNumberOf(row) };
  await moveOrder(ctx, id, { move, ...told, event });
}

/** Of a parcel that no courier of ours has, people may know who carries it; then their word stands in the order. */
export function isToldByPeople({ courier, trackingCode }: ConsignmentRow): boolean {
  return courier === OURSELVES && trackingCode !== null;
}

/** What a customer or rider can look the parcel up by. */
export function trackingNumberOf({ trackingCode, courierId, reference }: ConsignmentRow): string {
  return trackingCode ?? courierId ?? reference;
}

async function isBookable(ctx: CommandContext, { status, storeId }: OrderRow): Promise<boolean> {
  if (status === 'confirmed') return (await storeSettings(ctx, storeId)).preparation === 'optional';
  return BOOKABLE.includes(status);
}

async function refuseUnbookable(ctx: CommandContext, order: OrderRow, bookable: boolean): Promise<void> {
  const { id, status, fulfillmentMethod } = order;
  if (fulfillmentMethod !== 'delivery') {
    const message = `The customer fetches this order (${fulfillmentMethod}); no courier is needed. Move it to ready.`;
    throw new ConflictError('ORDER_NOT_FOR_DELIVERY', message, { facts: { fulfillmentMethod } });
  }
  if (!bookable) {
    const message = `A courier is booked once an order is processing, and until it has left; this one is ${status}.`;
    throw new ConflictError('ORDER_NOT_BOOKABLE', message, { facts: { orderStatus: status, bookable: BOOKABLE } });
  }
  await assertNotHeld(ctx, id);
}

/** Said before the courier is asked, since a booked parcel that cannot leave helps nobody. */
async function refuseUnshippable(ctx: CommandContext, { id, status }: OrderRow): Promise<void> {
  const { items } = await allowedStatuses(ctx, id);
  const wanted = items.find(({ move }) => move === (status === 'delivery_failed' ? 'reattempt' : 'ship'));
  const message = `An order that is ${status} cannot be shipped. Book it without "ship", or fulfill it first.`;
  if (!wanted) throw new ConflictError('MOVE_NOT_ALLOWED', message, { facts: { orderStatus: status, move: 'ship' } });
  refuse(id, wanted.move, wanted.reasons);
}

function otherCourier({ id, courier, reference, status }: ConsignmentRow): ConflictError {
  const message = `The order is booked with ${courier} as ${reference}. Have ${courier} cancel that parcel and sync the consignment, then book again.`;
  return new ConflictError('CONSIGNMENT_EXISTS', message, { facts: { consignmentId: id, courier, reference, status } });
}
