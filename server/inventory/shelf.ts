import type { CommandContext, ReadContext } from '../platform/context';
import { shelfOf, takeOut, valueOfFound } from './costing';
import { products, type StockLevelRow, stockLevels } from './inventory.models';
import { lockLevels } from './stock-change';

/** What the record says of one product at one location. */
export interface ShelfRecord {
  productId: string;
  locationId: string;
  onHand: number;
  /** The sum of all corrections ever made, in units: counts, finds and write-offs. */
  correctedUnits: number;
  /** What so many units more (or, below 0, fewer) would add to the value. */
  worthOf(units: number): number;
}

/** Movements that change the record and not the shelf. */
const CORRECTIONS = ['adjust', 'write_off_on_hand'] as const;

/** As `readShelves`, and nobody else moves these products until the commit. */
export async function lockShelves(ctx: CommandContext, productIds: readonly string[]): Promise<ShelfRecord[]> {
  return recordsOf(ctx, productIds, await lockLevels(ctx, productIds));
}

/** What the record says of these products, wherever they have been. */
export async function readShelves(ctx: ReadContext, productIds: readonly string[]): Promise<ShelfRecord[]> {
  if (productIds.length === 0) return [];
  return recordsOf(ctx, productIds, await ctx.find(stockLevels, 'product_id IN (:productIds)', { productIds }));
}

async function recordsOf(
  ctx: ReadContext,
  productIds: readonly string[],
  levels: readonly StockLevelRow[],
): Promise<ShelfRecord[]> {
  if (productIds.length === 0) return [];
  const rows = await ctx.find(products, 'id IN (:productIds)', { productIds });
  const costs = new Map(rows.map(({ id, costMinor }) => [id, costMinor]));
  const sums = await ctx.select<{ productId: string; locationId: string; units: number }>(
    `SELECT product_id, location_id, SUM(on_hand) AS units FROM stock_movements
      WHERE product_id IN (:productIds) AND kind IN (:kinds) GROUP BY product_id, location_id`,
    { productIds, kinds: CORRECTIONS },
  );
  return levels.map((level) => {
    const { productId, locationId, onHand } = level;
    const sum = sums.find((row) => row.productId === productId && row.locationId === locationId);
    const worthOf = (units: number): number => worth(level, units, costs.get(productId) ?? 0);
    return { productId, locationId, onHand, correctedUnits: Number(sum?.units ?? 0), worthOf };
  });
}

function worth(level: StockLevelRow, units: number, unitCostMinor: number): number {
  const pool = shelfOf(level);
  if (units >= 0) return valueOfFound(pool, units, unitCostMinor);
  return -takeOut(pool, Math.min(-units, pool.units));
}
