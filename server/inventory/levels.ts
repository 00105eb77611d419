import type { ReadContext } from '../platform/context';
import { page, readCursor } from '../platform/http/paging';
import type { StockLevelRow } from './inventory.models';
import type { LevelsQuery } from './inventory.schema';
import { availableOf, totalOf } from './stock-movements';

export interface LevelView {
  sku: string;
  name: string;
  location: string;
  onHand: number;
  reserved: number;
  available: number;
  unavailable: number;
  outgoing: number;
  total: number;
  valueMinor: number;
  lowStockThreshold: number | null;
  isLow: boolean;
}

interface JoinedLevel extends Omit<StockLevelRow, 'isLow'> {
  sku: string;
  name: string;
  location: string;
}

/** What is there of every product at every location. The value counts everything that is ours, outgoing included. */
export async function listLevels(
  ctx: ReadContext,
  storeId: string,
  wanted: LevelsQuery,
): Promise<{ items: LevelView[]; nextCursor: string | null }> {
  const conditions = ['level.store_id = :storeId'];
  if (wanted.sku) conditions.push('product.sku = :sku');
  if (wanted.location) conditions.push('location.code = :location');
  if (wanted.low) conditions.push('level.on_hand - level.reserved <= level.low_stock_threshold');
  if (wanted.low === false) conditions.push('level.on_hand - level.reserved > COALESCE(level.low_stock_threshold, -1)');
  if (wanted.after) conditions.push('level.id > :after');
  const rows = await ctx.select<JoinedLevel>(
    `SELECT level.*, product.sku, product.name, location.code AS location
     FROM stock_levels level
     JOIN products product ON product.id = level.product_id
     JOIN locations location ON location.id = level.location_id
     WHERE ${conditions.join(' AND ')} ORDER BY level.id LIMIT :more`,
    { ...wanted, storeId, after: wanted.after ? readCursor(wanted.after, 1)[0] : undefined, more: wanted.limit + 1 },
  );
  const { items, nextCursor } = page(rows, wanted.limit, (row) => [row.id]);
  return { items: items.map(viewOf), nextCursor };
}

function viewOf(row: JoinedLevel): LevelView {
  const { sku, name, location, onHand, reserved, unavailable, outgoing, lowStockThreshold } = row;
  const available = availableOf(row);
  return {
    ...{ sku, name, location, onHand, reserved, available, unavailable, outgoing, total: totalOf(row) },
    valueMinor: row.valueMinor + row.outgoingValueMinor,
    lowStockThreshold,
    isLow: lowStockThreshold !== null && available <= lowStockThreshold,
  };
}
