import { delivered, goodsReturned, stockLost } from '../accounting';
import type { CommandContext } from '../platform/context';
import { shelfOf, takeOut } from './costing';
import type { ReservationRow } from './inventory.models';
import { postStock } from './journal';
import {
  type LinePart,
  type Moved,
  movedByLine,
  openHeld,
  outgoingUnits,
  type Portion,
  portionsOf,
  requireWhole,
  reservedUnits,
  returnableUnits,
} from './portions';
import type { StockChange, StockSource } from './stock-change';

/**
 * Takes what is reserved off the shelf for hand-over and freezes its cost. A part says how many more units leave now;
 * what has left already is passed over, so dispatching twice changes nothing.
 */
export async function dispatch(
  ctx: CommandContext,
  source: StockSource,
  lines?: readonly LinePart[],
): Promise<Moved[]> {
  if (lines?.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const moved = portionsOf(held, reservedUnits, lines).map((portion) => takeOffShelf(change, portion));
  await change.write();
  return movedByLine(moved);
}

/**
 * The customer has the goods: they leave our stock and their frozen cost becomes COGS. What a line has not dispatched
 * yet is dispatched first. Throws 409 STOCK_NOT_HELD when a part is more than the line holds.
 */
export async function deliver(ctx: CommandContext, source: StockSource, lines?: readonly LinePart[]): Promise<Moved[]> {
  if (lines?.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  for (const portion of portionsOf(held, reservedUnits, undispatched(held, lines))) takeOffShelf(change, portion);
  const portions = portionsOf(held, outgoingUnits, lines);
  requireWhole(lines, portions);
  const moved = portions.map(({ reservation, quantity }) => {
    const costMinor = moveOutgoing(change, { reservation, quantity }, 'deliver');
    change.shift(reservation, { delivered: quantity, deliveredCostMinor: costMinor });
    return { lineId: reservation.lineId, quantity, costMinor };
  });
  await change.write();
  await postStock(ctx, source, 'delivered', delivered(costOf(moved)));
  return movedByLine(moved);
}

/** Where recalled goods go: sellable at once, still promised to their line, or set aside to be looked at or put back. */
export type RecallTo = 'on_hand' | 'reserved' | 'unavailable';

/**
 * Dispatched goods are back before delivery. Recalled to `reserved` (work resumes) the line keeps them, else it holds
 * them no longer. What is not outgoing is passed over, so recalling twice changes nothing.
 */
export async function recall(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly LinePart[] | undefined,
  to: RecallTo,
): Promise<Moved[]> {
  if (lines?.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const kind = to === 'unavailable' ? 'recall_to_unavailable' : 'recall_to_on_hand';
  const moved = portionsOf(held, outgoingUnits, lines).map(({ reservation, quantity }) => {
    const { lineId, sku } = reservation;
    const costMinor = moveOutgoing(change, { reservation, quantity }, kind);
    if (to === 'reserved') {
      const level = change.levelAt(reservation.productId, reservation.locationId);
      change.move(level, { kind: 'reserve', quantity, lineId, sku });
      change.shift(reservation, { reserved: quantity });
    } else {
      change.shift(reservation, { released: quantity });
    }
    return { lineId, quantity, costMinor };
  });
  await change.write();
  return movedByLine(moved);
}

/** Dispatched goods are lost or destroyed on the way; their cost is our loss. Throws 409 STOCK_NOT_HELD. */
export async function writeOffOutgoing(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly LinePart[] | undefined,
  reason: string,
): Promise<Moved[]> {
  if (lines?.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const portions = portionsOf(held, outgoingUnits, lines);
  requireWhole(lines, portions);
  const moved = portions.map((portion) => {
    const { lineId } = portion.reservation;
    const costMinor = moveOutgoing(change, portion, 'write_off_outgoing', reason);
    change.shift(portion.reservation, { released: portion.quantity });
    return { lineId, quantity: portion.quantity, costMinor };
  });
  await change.write();
  await postStock(ctx, source, 'stock_lost', stockLost(costOf(moved)));
  return movedByLine(moved);
}

/**
 * Delivered goods are back from the customer, set aside until somebody has looked at them. COGS is undone at the cost
 * they left with. Throws 409 STOCK_NOT_HELD.
 */
export async function returnDelivered(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly LinePart[],
): Promise<Moved[]> {
  if (lines.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const portions = portionsOf(held, returnableUnits, lines);
  requireWhole(lines, portions);
  const moved = portions.map(({ reservation, quantity }) => {
    const { productId, locationId, lineId, sku } = reservation;
    const costMinor = takeOut(
      { units: returnableUnits(reservation), valueMinor: reservation.deliveredCostMinor },
      quantity,
    );
    change.move(change.levelAt(productId, locationId), { kind: 'return', quantity, costMinor, lineId, sku });
    change.shift(reservation, { returned: quantity, deliveredCostMinor: -costMinor });
    return { lineId, quantity, costMinor };
  });
  await change.write();
  await postStock(ctx, source, 'goods_returned', goodsReturned(costOf(moved)));
  return movedByLine(moved);
}

function takeOffShelf(change: StockChange, { reservation, quantity }: Portion): Moved {
  const { productId, locationId, lineId, sku } = reservation;
  const level = change.levelAt(productId, locationId);
  const costMinor = takeOut(shelfOf(level), quantity);
  change.move(level, { kind: 'dispatch', quantity, costMinor, lineId, sku });
  change.shift(reservation, { reserved: -quantity, dispatched: quantity, costMinor });
  return { lineId, quantity, costMinor };
}

type OutgoingMove = 'deliver' | 'recall_to_on_hand' | 'recall_to_unavailable' | 'write_off_outgoing';

/** Takes units out of what is outgoing, with their part of the frozen cost. */
function moveOutgoing(
  change: StockChange,
  { reservation, quantity }: Portion,
  kind: OutgoingMove,
  reason?: string,
): number {
  const { productId, locationId, lineId, sku, dispatched, costMinor: valueMinor } = reservation;
  const costMinor = takeOut({ units: dispatched, valueMinor }, quantity);
  change.move(change.levelAt(productId, locationId), { kind, quantity, costMinor, lineId, sku, reason });
  change.shift(reservation, { dispatched: -quantity, costMinor: -costMinor });
  return costMinor;
}

/** How many units of each line must still leave the shelf before the wanted ones can be delivered. */
function undispatched(held: readonly ReservationRow[], lines: readonly LinePart[] | undefined): LinePart[] | undefined {
  return lines?.map(({ lineId, quantity }) => {
    const outside = held.filter((row) => row.lineId === lineId).reduce((sum, row) => sum + row.dispatched, 0);
    return quantity === undefined ? { lineId } : { lineId, quantity: Math.max(0, quantity - outside) };
  });
}

function costOf(moved: readonly Moved[]): { costMinor: number } {
  return { costMinor: moved.reduce((sum, { costMinor }) => sum + costMinor, 0) };
}
