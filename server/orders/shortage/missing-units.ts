import { type ReservationRow } from '../../inventory';
import type { ReadContext } from '../../platform/context';
import { latestMoveOf } from '../history';
import { missingQuantity, unpreparedQuantity } from '../order-lines';
import type { OrderState } from '../order-state';
import type { OrderLineRow } from '../orders.models';
import type { ResolutionRow } from './shortage.models';

/** Units that the last picking did not find, by line, and when it said so. */
export interface ShortPicked {
  closedAt: string;
  units: ReadonlyMap<string, number>;
}

/** Reads what a picking did not find; the fulfillment slice, which stands above, provides it at boot. */
export type ShortPickedReader = (ctx: ReadContext, orderId: string) => Promise<ShortPicked | undefined>;

let readShortPicked: ShortPickedReader | undefined;

export function provideShortPicked(reader: ShortPickedReader): void {
  readShortPicked = reader;
}

/** What is missing of one line; what is prepared, packed or gone is never part of it. */
export interface MissingLine {
  line: OrderLineRow;
  /** Not found by the last picking and not answered since; still promised. */
  shortQuantity: number;
  /** Promised no longer, waiting for goods. */
  backorderedQuantity: number;
  missingQuantity: number;
}

/** What of a line can be answered for at all. */
export interface OpenUnits {
  /** Neither prepared nor gone: can be replaced or taken off the bill. */
  open: number;
  /** Of them, those that are still promised: can be made to wait. */
  promised: number;
}

export function openUnitsOf(line: OrderLineRow, held: readonly ReservationRow[]): OpenUnits {
  const own = held.filter(({ lineId }) => lineId === line.id);
  const reserved = own.reduce((sum, row) => sum + row.reserved, 0);
  const waiting = own.reduce((sum, row) => sum + row.backordered, 0);
  // A shop that ships unpicked may have goods on their way out that nobody booked as prepared.
  return {
    open: Math.min(missingQuantity(line), reserved + waiting),
    promised: Math.min(unpreparedQuantity(line), reserved),
  };
}

/** Brings what the lines wait for in step with what their reservations wait for; a count may have changed those. */
export function countWaiting({ lines }: OrderState, held: readonly ReservationRow[]): void {
  for (const line of lines) {
    const own = held.filter(({ lineId }) => lineId === line.id);
    line.backorderedQuantity = own.reduce((sum, { backordered }) => sum + backordered, 0);
  }
}

/** Units that a picking missed count until an answer is given for them, or the order moves on. */
export async function missingLines(
  ctx: ReadContext,
  { order, lines }: OrderState,
  held: readonly ReservationRow[],
  resolutions: readonly ResolutionRow[],
): Promise<MissingLine[]> {
  const picked = await readShortPicked?.(ctx, order.id);
  const lastMove = picked && (await latestMoveOf(ctx, order.id));
  const counts = picked && !(lastMove && lastMove.at > picked.closedAt);
  const answered = (line: OrderLineRow): number =>
    resolutions
      .filter(({ lineId, createdAt }) => lineId === line.id && createdAt >= (picked?.closedAt ?? ''))
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return lines.flatMap((line) => {
    const { open, promised } = openUnitsOf(line, held);
    const short = counts ? (picked.units.get(line.id) ?? 0) - answered(line) : 0;
    const shortQuantity = Math.max(0, Math.min(short, promised));
    const backorderedQuantity = Math.min(line.backorderedQuantity, open);
    const missing = shortQuantity + backorderedQuantity;
    return missing > 0 ? [{ line, shortQuantity, backorderedQuantity, missingQuantity: missing }] : [];
  });
}
