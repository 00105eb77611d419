import type { ReadContext } from '../platform/context';
import type { OrderMove } from './order-moves';
import { type MovedLine, type OrderLineRow, orderMoveLog } from './orders.models';

/** A part of an order that left the house, and what was in it. */
export interface Departure {
  /** From 1, in the order in which they left. */
  part: number;
  /** The order's version since then. */
  orderVersion: number;
  /** Units by line; unknown of what left before that was written down. */
  units: ReadonlyMap<string, number> | undefined;
}

/** What left with each hand-over of the order; what was handed over once more belongs to the part it left with first. */
export async function departuresOf(ctx: ReadContext, orderId: string): Promise<Departure[]> {
  const moves = await ctx.find(
    orderMoveLog,
    `order_id = :orderId AND move IN ('ship', 'reattempt', 'deliver') ORDER BY order_version`,
    { orderId },
  );
  const parts: { lines: MovedLine[]; isKnown: boolean; orderVersion: number }[] = [];
  for (const { move, handedOver: lines, orderVersion } of moves) {
    // What was open was answered for, so the order is where its goods are; nothing left with that.
    if (lines?.length === 0) continue;
    // What was delivered from where it waited left with that; most has left before.
    const leaves = move === 'ship' || (move === 'deliver' && lines !== null);
    if (move === 'deliver' && !leaves) continue;
    if (leaves) parts.push({ lines: [], isKnown: lines !== null, orderVersion });
    parts.at(-1)?.lines.push(...(lines ?? []));
  }
  return parts.map(({ lines, isKnown, orderVersion }, n) => ({
    part: n + 1,
    orderVersion,
    units: isKnown ? sumOf(lines) : undefined,
  }));
}

/** What a move took out of the house, for its log; of a hand-over also that it was nothing. */
export function handedOver(
  move: OrderMove,
  before: readonly OrderLineRow[],
  after: readonly OrderLineRow[],
): MovedLine[] | null {
  const left = after.flatMap(({ id, shippedQuantity }) => {
    const quantity = shippedQuantity - (before.find((line) => line.id === id)?.shippedQuantity ?? 0);
    return quantity > 0 ? [{ lineId: id, quantity }] : [];
  });
  return left.length > 0 || move === 'ship' ? left : null;
}

function sumOf(lines: readonly MovedLine[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return units;
}
