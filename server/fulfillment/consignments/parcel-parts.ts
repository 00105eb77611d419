import {
  departuresOf,
  openQuantity,
  type OrderState,
  preparableQuantity,
  reversalBetween,
  undeliveredQuantity,
} from '../../orders';
import type { ReadContext } from '../../platform/context';
import { type ConsignmentRow, consignmentsOf } from '../../shipping';

type Line = OrderState['lines'][number];
type Parcel = Pick<ConsignmentRow, 'id' | 'part' | 'openMarker' | 'codAmountMinor'>;

/** How far the parts of an order are: what has left, and what its parcels are to collect. */
export interface Parts {
  /** Units of each part that has left, by line; undefined where nobody wrote them down. */
  left: (ReadonlyMap<string, number> | undefined)[];
  parcels: readonly Parcel[];
}

export async function partsOf(ctx: ReadContext, orderId: string): Promise<Parts> {
  const [departures, parcels] = await Promise.all([departuresOf(ctx, orderId), consignmentsOf(ctx, [orderId])]);
  return { left: departures.map(({ units }) => units), parcels };
}

/** The part that is booked next: a further one when goods are here that have not left, else the last again. */
export function nextPart({ left }: Parts, { lines }: OrderState): number {
  const isMoreToSend = lines.some((line) => staying(line) > 0);
  return isMoreToSend || left.length === 0 ? left.length + 1 : left.length;
}

export function hasLeft({ left }: Parts, { part }: Pick<Parcel, 'part'>): boolean {
  return part <= left.length;
}

/** Units of a line that the next parcel takes: those that are here, or of one that goes out again, those that were out. */
export function leavingUnits({ lines }: OrderState): (line: Line) => number {
  const isMoreToSend = lines.some((line) => staying(line) > 0);
  return isMoreToSend ? staying : undeliveredQuantity;
}

/** Open, not waiting for goods, and not handed over. */
function staying(line: Line): number {
  return Math.max(0, preparableQuantity(line) - line.shippedQuantity);
}

/**
 * What the rider of a parcel collects of an order that is paid at the door: what would still be due if nothing came
 * after it, less what other parcels on their way collect. So each part is paid when it comes, delivery with the first,
 * and all of them together take what is due, no more and no less. Of any other order nothing.
 */
export function codDue(state: OrderState, parts: Parts, parcel?: Parcel): number {
  const { order, lines } = state;
  if (order.paymentMethod !== 'cod') return 0;
  const isOut = parcel !== undefined && hasLeft(parts, parcel);
  const behind = (line: Line): number =>
    isOut ? Math.max(0, openQuantity(line) - line.shippedQuantity) : line.backorderedQuantity;
  const without = lines.map((line) => ({ ...line, cancelledQuantity: line.cancelledQuantity + behind(line) }));
  const { salesMinor, taxMinor } = reversalBetween(order, lines, without);
  const others = parts.parcels.filter(({ id, openMarker }) => openMarker !== null && id !== parcel?.id);
  const collecting = others.reduce((sum, { codAmountMinor }) => sum + codAmountMinor, 0);
  return Math.max(0, order.receivableMinor - collecting - salesMinor - taxMinor);
}

/** The parcel holds everything of the order that is not with the customer. */
export function isTheRest(state: OrderState, units: ReadonlyMap<string, number> | undefined): boolean {
  return state.lines.every((line) => {
    const isOutElsewhere = units !== undefined && undeliveredQuantity(line) > (units.get(line.id) ?? 0);
    return !isOutElsewhere && openQuantity(line) <= line.shippedQuantity;
  });
}
