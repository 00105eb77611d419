import { stockGained } from '../accounting';
import type { CommandContext } from '../platform/context';
import { shelfOf, valueOfFound } from './costing';
import { products, type ReservationRow } from './inventory.models';
import { postStock } from './journal';
import { newReservation, reservationsOf, type StockLine } from './reserve';
import { lockLevels, StockChange, type StockSource } from './stock-change';

/**
 * Units that the record does not know but somebody has in hand for these lines: counted in as found and promised to
 * the line, its backorder first. So a stock override never takes on hand below 0. `why` is the person's reason.
 */
export async function foundStock(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly StockLine[],
  why: string,
): Promise<void> {
  if (lines.length === 0) return;
  const productIds = [...new Set(lines.map(({ productId }) => productId))];
  const levels = await lockLevels(ctx, productIds);
  const held = await reservationsOf(ctx, source);
  const rows = await ctx.find(products, 'id IN (:productIds)', { productIds });
  const unitCosts = new Map(rows.map((product) => [product.id, product.costMinor]));
  const change = new StockChange(ctx, source, levels);
  let costMinor = 0;
  for (const line of lines) costMinor += find(ctx, change, held, line, unitCosts.get(line.productId) ?? 0, why);
  await change.write();
  await postStock(ctx, source, 'stock_found', stockGained({ costMinor }), why);
}

/** Counts one line's units in and promises them; answers what they are worth. */
function find(
  ctx: CommandContext,
  change: StockChange,
  held: readonly ReservationRow[],
  line: StockLine,
  unitCostMinor: number,
  why: string,
): number {
  const { lineId, sku, productId, quantity } = line;
  const own = held.filter((reservation) => reservation.lineId === lineId);
  const reservation = own.find(({ backordered }) => backordered > 0) ?? own[0];
  const level = change.levelAt(productId, reservation?.locationId);
  const costMinor = valueOfFound(shelfOf(level), quantity, unitCostMinor);
  change.move(level, { kind: 'adjust', quantity, costMinor, lineId, sku, reason: 'found', note: why });
  change.move(level, { kind: 'reserve', quantity, lineId, sku, reason: 'found' });
  if (reservation) {
    const waited = Math.min(quantity, reservation.backordered);
    change.shift(reservation, { backordered: -waited, reserved: quantity, quantity: quantity - waited });
  } else {
    newReservation(ctx, change.source, { line, level, reserved: quantity, backordered: 0 });
  }
  return costMinor;
}
