import type { CommandContext, ReadContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { ConflictError, NotFoundError, ValidationError } from '../platform/errors';
import { type LocationRow, locations, type ProductRow, type StockLevelRow, stockLevels } from './inventory.models';
import { lockLevels } from './stock-change';

/** The location every store starts with. */
const FIRST_LOCATION = { code: 'main', name: 'Main' };

/** Gives a new store its first location. */
export function openFirstLocation(ctx: CommandContext, storeId: string): Promise<void> {
  ctx.insert(locations, { id: ctx.newId(), storeId, ...FIRST_LOCATION, createdAt: ctx.now });
  return Promise.resolve();
}

/** Throws 409 LOCATION_EXISTS. */
export async function addLocation(
  ctx: CommandContext,
  storeId: string,
  input: { code: string; name: string },
): Promise<LocationRow> {
  const row: LocationRow = { id: ctx.newId(), storeId, ...input, createdAt: ctx.now };
  try {
    ctx.insert(locations, row);
    await ctx.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new ConflictError('LOCATION_EXISTS', `There is a location "${input.code}" in this store already.`, {
      cause: error,
    });
  }
  ctx.audit({ action: 'location.add', subjectType: 'location', subjectId: row.id, storeId, after: { ...input } });
  return row;
}

/** The oldest comes first: stock is promised from it before others. */
export function listLocations(ctx: ReadContext, storeId: string): Promise<LocationRow[]> {
  return ctx.find(locations, 'store_id = :storeId ORDER BY id', { storeId });
}

/** The location with this code, else the store's first. Throws 422 LOCATION_UNKNOWN. */
export async function requireLocation(
  ctx: ReadContext,
  storeId: string,
  code?: string,
  path = 'location',
): Promise<LocationRow> {
  const all = await listLocations(ctx, storeId);
  const found = code === undefined ? all[0] : all.find((location) => location.code === code);
  if (found) return found;
  if (code === undefined) throw new NotFoundError('LOCATION_UNKNOWN', 'This store has no location. Add one first.');
  const known = all.map((location) => location.code).join(', ');
  throw new ValidationError('LOCATION_UNKNOWN', `There is no location "${code}" in this store.`, {
    errors: [{ path, code: 'LOCATION_UNKNOWN', message: `Use one of ${known}.` }],
  });
}

/** An empty record of a product at a location. */
export function emptyLevel(ctx: CommandContext, product: ProductRow, locationId: string): StockLevelRow {
  return {
    id: ctx.newId(),
    storeId: product.storeId,
    productId: product.id,
    locationId,
    onHand: 0,
    reserved: 0,
    unavailable: 0,
    outgoing: 0,
    valueMinor: 0,
    outgoingValueMinor: 0,
    lowStockThreshold: product.lowStockThreshold,
    isLow: false,
    updatedAt: ctx.now,
  };
}

/** Locks the levels of these products, after making those that are missing at the location. */
export async function openLevels(
  ctx: CommandContext,
  products: readonly ProductRow[],
  locationId: string,
): Promise<StockLevelRow[]> {
  const ids = products.map(({ id }) => id);
  const levels = await lockLevels(ctx, ids);
  if (missingAt(locationId, products, levels).length === 0) return levels;
  // Two first receipts at a location would both make its level; the second waits here and then finds it made.
  await ctx.lock(locations, 'id = :locationId', { locationId });
  const missing = missingAt(locationId, products, await lockLevels(ctx, ids));
  ctx.insert(
    stockLevels,
    missing.map((product) => emptyLevel(ctx, product, locationId)),
  );
  return lockLevels(ctx, ids);
}

function missingAt(
  locationId: string,
  products: readonly ProductRow[],
  levels: readonly StockLevelRow[],
): ProductRow[] {
  const there = new Set(levels.filter((level) => level.locationId === locationId).map(({ productId }) => productId));
  return [...new Map(products.map((product) => [product.id, product])).values()].filter(({ id }) => !there.has(id));
}
