import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { type ReservationRow, reservations } from './inventory.models';
import { lockLevels, StockChange, type StockSource } from './stock-change';

/** Part of a source's lines; without a quantity all that the command can still do for the line. */
export interface LinePart {
  lineId: string;
  quantity?: number;
}

/** How many units of a reservation a command can take. */
export type HeldUnits = (reservation: ReservationRow) => number;

export const reservedUnits: HeldUnits = ({ reserved }) => reserved;
export const backorderedUnits: HeldUnits = ({ backordered }) => backordered;
export const outgoingUnits: HeldUnits = ({ dispatched }) => dispatched;
export const returnableUnits: HeldUnits = ({ delivered, returned }) => delivered - returned;

/** What a command takes from one reservation. */
export interface Portion {
  reservation: ReservationRow;
  quantity: number;
}

/** What moved for one line, with the frozen cost of the units. */
export interface Moved {
  lineId: string;
  quantity: number;
  costMinor: number;
}

/** The reservations of a source with a change at their levels: levels are locked before reservations are read. */
export async function openHeld(
  ctx: CommandContext,
  source: StockSource,
): Promise<{ held: ReservationRow[]; change: StockChange }> {
  const { sourceType, sourceId } = source;
  const known = await ctx.select<{ productId: string }>(
    'SELECT DISTINCT product_id FROM reservations WHERE source_type = :sourceType AND source_id = :sourceId',
    { sourceType, sourceId },
  );
  const productIds = known.map(({ productId }) => productId);
  const where = 'source_type = :sourceType AND source_id = :sourceId ORDER BY id';
  // Handed over together they travel together, the levels first.
  const [levels, held] = await Promise.all([
    lockLevels(ctx, productIds),
    ctx.lock(reservations, where, { sourceType, sourceId }),
  ]);
  return { held, change: new StockChange(ctx, source, levels) };
}

/** Takes each line's quantity from what its reservations hold, as far as they hold it; all of it without lines. */
export function portionsOf(
  held: readonly ReservationRow[],
  unitsOf: HeldUnits,
  lines: readonly LinePart[] | undefined,
): Portion[] {
  if (!lines) return held.map((reservation) => ({ reservation, quantity: unitsOf(reservation) })).filter(isSome);
  const left = new Map(held.map((reservation) => [reservation, unitsOf(reservation)]));
  return lines.flatMap(({ lineId, quantity = Infinity }) => {
    let missing = quantity;
    const portions = held
      .filter((reservation) => reservation.lineId === lineId)
      .map((reservation) => {
        const taken = Math.min(missing, left.get(reservation) ?? 0);
        left.set(reservation, (left.get(reservation) ?? 0) - taken);
        missing -= taken;
        return { reservation, quantity: taken };
      });
    return portions.filter(isSome);
  });
}

/** Refuses when a line asks for more than the portions hold. Throws 409 STOCK_NOT_HELD. */
export function requireWhole(lines: readonly LinePart[] | undefined, portions: readonly Portion[]): void {
  for (const [index, { lineId, quantity }] of (lines ?? []).entries()) {
    const found = portions.filter(({ reservation }) => reservation.lineId === lineId);
    const available = found.reduce((sum, portion) => sum + portion.quantity, 0);
    if (quantity === undefined || quantity <= available) continue;
    throw new ConflictError(
      'STOCK_NOT_HELD',
      `The line holds ${available} units for this, ${quantity} are asked for.`,
      {
        errors: [
          {
            path: `lines[${index}]`,
            code: 'STOCK_NOT_HELD',
            requested: quantity,
            available,
            message: `At most ${available} units of this line can be moved.`,
          },
        ],
      },
    );
  }
}

/** One answer a line, in the order the lines first appear. */
export function movedByLine(moved: readonly Moved[]): Moved[] {
  const sums = new Map<string, Moved>();
  for (const { lineId, quantity, costMinor } of moved) {
    const sum = sums.get(lineId) ?? { lineId, quantity: 0, costMinor: 0 };
    sums.set(lineId, { lineId, quantity: sum.quantity + quantity, costMinor: sum.costMinor + costMinor });
  }
  return [...sums.values()];
}

function isSome({ quantity }: Portion): boolean {
  return quantity > 0;
}
