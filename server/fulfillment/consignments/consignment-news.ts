import {
  completeWhenSettled,
  deliverPart,
  isFinal,
  lockState,
  moveBySystem,
  type OrderState,
  type OrderStatus,
  saveState,
  snapshot,
  takeBackPart,
} from '../../orders';
import type { CommandContext, JobContext } from '../../platform/context';
import { Refusal, UnavailableError } from '../../platform/errors';
import { formatMoney } from '../../platform/money';
import type { DeliveredEvent } from '../../platform/registry';
import {
  canWithdraw,
  changeConsignment,
  COD_OUTDATED,
  type ConsignmentRow,
  type ConsignmentStatus,
  consignmentsOf,
  type Couriers,
  flagProblem,
  isEnded,
  lockConsignment,
  readConsignment,
  reportStatus,
  withdrawConsignment,
} from '../../shipping';
import { isToldByPeople, shipWith, trackingNumberOf } from './book-order';
import { voidReturned } from '../packing/void-package';
import { bookCash } from './book-cash';
import { codDue, toldToCollect } from './cod-due';
import { matchBill } from './match-bill';
import { hasArrived, hasLeft, isTheRest, partsOf, unitsIn } from './parcel-parts';

/** What a courier's word does to the order; a word that is not here does nothing by itself. */
export const ORDER_FOLLOWS: Partial<Record<ConsignmentStatus, 'deliver' | 'fail_delivery'>> = {
  delivered: 'deliver',
  cancelled: 'fail_delivery',
  returned: 'fail_delivery',
};

/** Nothing of the order has left. */
const STILL_HERE: readonly OrderStatus[] = ['confirmed', 'processing', 'partially_fulfilled', 'fulfilled'];

/** The order takes in what its courier said. Twice is once: what was taken in is marked in the same transaction. */
export async function takeNews(job: JobContext, event: DeliveredEvent): Promise<void> {
  const { consignment } = event.data as { consignment: { id: string } };
  if (event.orderId) await takeNewsOf(job, event.orderId, await readConsignment(job.read, consignment.id));
}

/** The amounts of a parcel agree that should have left before: now it leaves, or a person is told why not. */
export async function shipMended(job: JobContext, { consignmentId }: Record<string, unknown>): Promise<void> {
  const news = await readConsignment(job.read, String(consignmentId));
  if (news.orderId) await takeNewsOf(job, news.orderId, news);
}

async function takeNewsOf(job: JobContext, orderId: string, news: ConsignmentRow): Promise<void> {
  if (!news.newsOpen) return;
  try {
    await job.transaction((ctx) => take(ctx, orderId, news.id));
  } catch (error) {
    // A ledger that is busy or away says nothing about the order: the event comes again.
    if (!(error instanceof Refusal) || error instanceof UnavailableError) throw error;
    await job.transaction((ctx) => leaveToPerson(ctx, orderId, news, error));
  }
}

/** What the order could not follow is told once; the courier and its number stand in the order all the same. */
async function leaveToPerson(
  ctx: CommandContext,
  orderId: string,
  news: ConsignmentRow,
  { code, message }: Refusal,
): Promise<void> {
  const state = await lockState(ctx, orderId);
  const row = await lockConsignment(ctx, news.id);
  // What the courier said in the meantime has an event of its own and is judged then.
  if (!row.newsOpen || row.status !== news.status) return;
  await noteHandover(ctx, state, row);
  // The amounts say by themselves what is to be done; once somebody has done it the parcel leaves as it was asked to.
  const waitsForAmount = code === COD_OUTDATED;
  await changeConsignment(ctx, row, 'not_followed', {
    newsOpen: false,
    shipWhenBooked: waitsForAmount && row.shipWhenBooked,
  });
  if (waitsForAmount) return;
  await flagProblem(ctx, row, { code, message: `The order could not follow its courier: ${message}` });
}

async function take(ctx: CommandContext, orderId: string, consignmentId: string): Promise<void> {
  const state = await lockState(ctx, orderId);
  const row = await lockConsignment(ctx, consignmentId);
  if (!row.newsOpen) return;
  if (isFinal(state.order.status) && state.order.status !== 'completed') return tellOfOrderEnded(ctx, state, row);
  await noteHandover(ctx, state, row);
  if (row.shipWhenBooked) await shipWith(ctx, state.order, row);
  const now = row.shipWhenBooked ? await lockState(ctx, orderId) : state;
  const taken = await follow(ctx, now, row);
  if (row.newsOpen) await changeConsignment(ctx, row, 'taken', { newsOpen: !taken, shipWhenBooked: false });
  await matchBill(ctx, now);
}

/** The courier and its number stand in the order, so that shipping it asks for nothing more. */
async function noteHandover(ctx: CommandContext, state: OrderState, row: ConsignmentRow): Promise<void> {
  const { order } = state;
  if (isEnded(row.status) || order.status === 'shipped') return;
  // What left with it has its number in the past; the order stands with the part that is here.
  if (order.status !== 'delivery_failed' && hasLeft(await partsOf(ctx, order.id), row)) return;
  const trackingNumber = trackingNumberOf(row);
  const { trackingUrl: _url, ...handover } = order.handover;
  if (isToldByPeople(row)) return;
  if (handover.carrier === row.courier && handover.trackingNumber === trackingNumber) return;
  const before = snapshot(state);
  order.handover = { ...handover, carrier: row.courier, trackingNumber };
  await saveState(ctx, before, state);
}

/** A parcel that will not travel is not what the order leaves with. */
async function dropHandover(ctx: CommandContext, state: OrderState, row: ConsignmentRow): Promise<void> {
  const { order } = state;
  const { carrier, trackingNumber, trackingUrl: _url, ...rest } = order.handover;
  const isItsCarrier = carrier === row.courier || isToldByPeople(row);
  if (!isItsCarrier || trackingNumber !== trackingNumberOf(row)) return;
  const before = snapshot(state);
  order.handover = rest;
  await saveState(ctx, before, state);
}

/** False when the order must catch up first: it takes the news in when it has been shipped. */
async function follow(ctx: CommandContext, state: OrderState, row: ConsignmentRow): Promise<boolean> {
  const { order } = state;
  const move = ORDER_FOLLOWS[row.status];
  const isDone = order.status === 'delivered' || order.status === 'completed';
  const isOut = order.status === 'shipped' || order.status === 'awaiting_handoff';
  const parts = await partsOf(ctx, order.id);
  const left = hasLeft(parts, row);
  const isTold = isDone || row.codBookedMinor !== null || (left && hasArrived(state, unitsIn(parts, row)));
  if (move === 'deliver' && !isTold) {
    if (isOut || order.status === 'delivery_failed' || left) {
      await deliver(ctx, state, row);
      return true;
    }
    const message = `${row.courier} delivered parcel ${row.reference}, but the order is ${order.status}. Ship it; it is then delivered by itself.`;
    await flagProblem(ctx, row, { code: 'ORDER_NOT_SHIPPED', message });
    return false;
  }
  if (move === 'fail_delivery' && isOut) {
    const notes = `${row.courier}: ${row.courierStatus ?? row.status}`;
    await moveBySystem(ctx, state, 'fail_delivery', { reason: 'refused', notes });
  }
  if (move === 'fail_delivery' && STILL_HERE.includes(order.status)) {
    await (left ? partComesBack(ctx, state, row) : dropHandover(ctx, state, row));
  }
  if (move === 'fail_delivery' && isDone) {
    const message = `${row.courier} brings parcel ${row.reference} back, but the order is ${order.status}. Ask, then book the return by hand.`;
    await flagProblem(ctx, row, { code: 'COURIER_CONTRADICTS', message });
  }
  if (move === 'deliver' && isTold) {
    await tellOfDifference(ctx, row, { isPart: false, isOwedBack: order.refundsPayableMinor > 0 });
  }
  return true;
}

/** The customer has it; what the rider was told to collect is compared with what was due. */
async function deliver(ctx: CommandContext, state: OrderState, row: ConsignmentRow): Promise<void> {
  const parts = await partsOf(ctx, state.order.id);
  const units = unitsIn(parts, row);
  const dueMinor = codDue(state, parts, row);
  const notes = `${row.courier}: ${row.courierStatus ?? row.status}`;
  // Of a parcel whose goods nobody wrote down it is all the goods, so it is the cash of all riders too.
  const collectedMinor = units ? row.codAmountMinor : (toldToCollect(parts) ?? row.codAmountMinor);
  // Taken in from here on: what its rider has is not counted among what riders are still to collect.
  const told = { newsOpen: false, shipWhenBooked: false, codDueMinor: dueMinor, codBookedMinor: row.codAmountMinor };
  await changeConsignment(ctx, row, 'taken', told);
  if (!units) await bookCash(ctx, state.order.id, collectedMinor - row.codAmountMinor);
  const owedBackMinor = state.order.refundsPayableMinor;
  const isPart = units !== undefined && !isTheRest(state, units);
  if (isPart) {
    // What this rider was not told to collect, the next one is.
    await deliverPart(ctx, state, { units, notes, collectedMinor });
  } else {
    await moveBySystem(ctx, state, 'deliver', { notes, collectedMinor });
    await completeWhenSettled(ctx, state);
  }
  await tellOfDifference(ctx, row, { isPart, isOwedBack: state.order.refundsPayableMinor > owedBackMinor });
}

interface Outcome {
  /** Other goods of the order come later. */
  isPart: boolean;
  isOwedBack: boolean;
}

/** The books follow what the courier was told; what that leaves over is for a person and the customer. */
async function tellOfDifference(ctx: CommandContext, row: ConsignmentRow, outcome: Outcome): Promise<void> {
  const { courier, reference, codAmountMinor: toldMinor, codDueMinor, codBookedMinor, currency } = row;
  // A person may have said before the courier did how much came of it.
  const isBookedOtherwise = codBookedMinor !== null && codBookedMinor !== toldMinor;
  const shouldMinor = isBookedOtherwise ? codBookedMinor : codDueMinor;
  if (toldMinor === shouldMinor) return;
  const [told, should] = [formatMoney(toldMinor, currency), formatMoney(shouldMinor, currency)];
  const difference = formatMoney(Math.abs(toldMinor - shouldMinor), currency);
  const was = isBookedOtherwise ? `${should} are in the order’s books as collected` : `${should} was due`;
  const so = isBookedOtherwise
    ? `Ask ${courier} what its rider has taken: ${difference} ${toldMinor > shouldMinor ? 'more' : 'less'} than the books say`
    : `${difference} ${wayOut(toldMinor > shouldMinor, outcome)}`;
  const message = `${courier} was told to collect ${told} for parcel ${reference}, and ${was}. ${so}, and compare with the courier’s settlement.`;
  await flagProblem(ctx, row, { code: 'COD_DIFFERS', message });
}

function wayOut(isTooMuch: boolean, { isPart, isOwedBack }: Outcome): string {
  if (isTooMuch && isOwedBack) return 'too much were taken from the customer: refund what the order says is owed back';
  if (isTooMuch && isPart)
    return 'too much were taken from the customer: whoever brings the rest collects that much less';
  if (isTooMuch) return 'too much were taken from the customer: look in the order’s history whether it was given back';
  if (isPart) return 'less were taken: whoever brings the rest collects that much more';
  return 'less were taken: ask the customer for what the order says is due';
}

/** A part that was not accepted while the rest is here; once it is back it can be sent again. */
async function partComesBack(ctx: CommandContext, state: OrderState, row: ConsignmentRow): Promise<void> {
  const units = unitsIn(await partsOf(ctx, state.order.id), row);
  if (row.status === 'returned' && units) {
    await takeBackPart(ctx, state, { units, notes: `${row.courier}: ${row.courierStatus ?? row.status}` });
    return voidReturned(ctx, state, { part: row.part, units }, `${row.courier} brought it back.`);
  }
  const message = `${row.courier} brings parcel ${row.reference} back, a part of an order that is ${state.order.status}. When it is here again, its goods stand as prepared: send them with the rest, or ask the customer.`;
  await flagProblem(ctx, row, { code: 'PART_COMES_BACK', message });
}

/** Steadfast and its like have no call to cancel: somebody must telephone. */
async function tellOfOrderEnded(ctx: CommandContext, { order }: OrderState, row: ConsignmentRow): Promise<void> {
  await changeConsignment(ctx, row, 'taken', { newsOpen: false, shipWhenBooked: false });
  if (row.status === 'cancelled' || row.status === 'returned') return;
  const was = row.status === 'delivered' ? 'was delivered by' : 'is still with';
  const message = `The order is ${order.status}, and parcel ${row.reference} ${was} ${row.courier}. Call the courier.`;
  await flagProblem(ctx, row, { code: 'CALL_COURIER', message });
}

/** An order that ended takes its parcel out of the courier's hands, where that can be done from here. */
export async function endConsignments(job: JobContext, couriers: Couriers, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    for (const { id } of (await consignmentsOf(ctx, [orderId])).filter(({ openMarker }) => openMarker)) {
      const row = await lockConsignment(ctx, id);
      if (canWithdraw(couriers.get(row.courier), row)) await withdrawConsignment(ctx, row);
      else await tellOfOrderEnded(ctx, state, row);
    }
  });
}

/** The order was moved: news that waited for it is taken in, and parcels nobody reports on follow it. */
export async function followOrder(job: JobContext, couriers: Couriers, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  const status =
    event.topic === 'order.delivered' ? 'delivered' : event.topic === 'order.returned' ? 'returned' : undefined;
  for (const row of await consignmentsOf(job.read, [orderId])) {
    await takeNewsOf(job, orderId, row);
    const isOurs = row.openMarker !== null && !couriers.get(row.courier).capabilities.status;
    if (isOurs && status) await job.transaction((ctx) => reportStatus(ctx, row.id, { status, courierStatus: status }));
  }
}
