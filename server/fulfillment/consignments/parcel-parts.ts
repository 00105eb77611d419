import {
  departuresOf,
  openQuantity,
  type OrderState,
  type OrderStatus,
  preparableQuantity,
  shippableQuantity,
  undeliveredQuantity,
} from '../../orders';
import type { ReadContext } from '../../platform/context';
import { type ConsignmentRow, consignmentsOf } from '../../shipping';

type Line = OrderState['lines'][number];
export type Parcel = Pick<
  ConsignmentRow,
  'id' | 'part' | 'units' | 'status' | 'openMarker' | 'newsOpen' | 'codAmountMinor' | 'codBookedMinor'
>;
type Units = ReadonlyMap<string, number>;

/** The goods have got there, as the courier says. */
export const ARRIVED: readonly ConsignmentRow['status'][] = ['delivered', 'partially_delivered'];

/** How far the parts of an order are: what has left, and what its parcels are to collect. */
export interface Parts {
  /** Units of each part that has left, by line; undefined where nobody wrote them down. */
  left: (Units | undefined)[];
  parcels: readonly Parcel[];
}

export async function partsOf(ctx: ReadContext, orderId: string): Promise<Parts> {
  const [departures, parcels] = await Promise.all([departuresOf(ctx, orderId), consignmentsOf(ctx, [orderId])]);
  return { left: departures.map(({ units }) => units), parcels };
}

/**
 * The part that is booked next: a further one when goods are here that have not left; else one whose parcel does not
 * carry it any more and that goes out again; else the one that was booked last.
 */
export function nextPart(parts: Parts, state: OrderState): number {
  const { left, parcels } = parts;
  if (isMoreToSend(state) || left.length === 0) return left.length + 1;
  const carrying = parcels.filter(isCarrying);
  const taken = new Set(
    [...carrying, ...parcels.filter(({ status }) => ARRIVED.includes(status))].map(({ part }) => part),
  );
  const free = left.findIndex((_units, n) => !taken.has(n + 1));
  return isAnythingLeaving(state, parts) && free >= 0 ? free + 1 : (carrying.at(-1)?.part ?? left.length);
}

/** Under way; or with the customer, as its courier says, which the order has not taken in yet. */
export function isCarrying({ openMarker, status, newsOpen }: Parcel): boolean {
  return openMarker !== null || (newsOpen && ARRIVED.includes(status));
}

/** Its goods are not with the customer, as far as the books know, and its rider is still to collect. */
export function isCollecting(parcel: Parcel): boolean {
  return isCarrying(parcel) && parcel.codBookedMinor === null;
}

/** What is in a parcel that has left: what was written down when it went out once more, else what its part left with. */
export function unitsIn({ left }: Parts, { units, part }: Pick<Parcel, 'units' | 'part'>): Units | undefined {
  return units ? new Map(Object.entries(units)) : left[part - 1];
}

export function hasLeft({ left }: Parts, { part }: Pick<Parcel, 'part'>): boolean {
  return part <= left.length;
}

/** Units of a line that the next parcel takes: those that are here; else those that were out and no parcel carries. */
export function leavingUnits(state: OrderState, parts: Parts): (line: Line) => number {
  return isMoreToSend(state) ? unitsHere(state) : strandedUnits(parts);
}

/** Work on the order goes on, so that what is not prepared yet will be before it leaves. */
const IN_WORK: readonly OrderStatus[] = ['pending', 'confirmed', 'processing'];

/**
 * Units of a line that are here and leave with the parcel that is booked for them. Once work on the order has ended
 * that is what is prepared: what came in afterwards waits until somebody resumes the order.
 */
export function unitsHere({ order, lines }: OrderState): (line: Line) => number {
  const isReady = !IN_WORK.includes(order.status) && lines.some((line) => shippableQuantity(line) > 0);
  return isReady ? shippableQuantity : staying;
}

/** Units of a line that left, are not with the customer, and that no parcel carries: one of them was refused. */
export function strandedUnits(parts: Parts): (line: Line) => number {
  const carrying = parts.parcels.filter((parcel) => isCollecting(parcel) && hasLeft(parts, parcel));
  const contents = carrying.map((parcel) => unitsIn(parts, parcel));
  // What nobody wrote down is all of it.
  if (contents.includes(undefined)) return () => 0;
  const carried = (line: Line): number => contents.reduce((sum, units) => sum + (units?.get(line.id) ?? 0), 0);
  return (line) => Math.max(0, undeliveredQuantity(line) - carried(line));
}

/** What a parcel that goes out once more holds; null for one that leaves with goods that are here. */
export function unitsAgain(state: OrderState, parts: Parts): Record<string, number> | null {
  if (isMoreToSend(state) || parts.left.length === 0) return null;
  const unitsOf = leavingUnits(state, parts);
  return Object.fromEntries(
    state.lines.map((line): [string, number] => [line.id, unitsOf(line)]).filter(([, units]) => units > 0),
  );
}

export function isAnythingLeaving(state: OrderState, parts: Parts): boolean {
  const unitsOf = leavingUnits(state, parts);
  return state.lines.some((line) => unitsOf(line) > 0);
}

export function isMoreToSend({ lines }: OrderState): boolean {
  return lines.some((line) => staying(line) > 0);
}

/** Open, not waiting for goods, and not handed over. */
export function staying(line: Line): number {
  return Math.max(0, preparableQuantity(line) - line.shippedQuantity);
}

/** The customer has all that was in the parcel, as somebody said before its courier did: its cash is booked too. */
export function hasArrived({ lines }: OrderState, units: Units | undefined): boolean {
  return units !== undefined && lines.every((line) => !units.get(line.id) || undeliveredQuantity(line) === 0);
}

/** The parcel holds everything of the order that is not with the customer. */
export function isTheRest(state: OrderState, units: Units | undefined): boolean {
  return state.lines.every((line) => {
    const isOutElsewhere = units !== undefined && undeliveredQuantity(line) > (units.get(line.id) ?? 0);
    return !isOutElsewhere && openQuantity(line) <= line.shippedQuantity;
  });
}
