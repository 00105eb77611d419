import type { CommandContext } from '../platform/context';
import { ConflictError, ValidationError } from '../platform/errors';
import { shelfOf, takeOut } from './costing';
import type { StockLevelRow } from './inventory.models';
import type { TransferInput } from './inventory.schema';
import { openLevels, requireLocation } from './locations';
import { requireProducts } from './products.service';
import { StockChange, type StockSource } from './stock-change';
import { availableOf } from './stock-movements';

export interface TransferView {
  id: string;
  reference: string | null;
  from: string;
  to: string;
  lines: { sku: string; quantity: number; costMinor: number }[];
}

/**
 * Moves units and their value from one location to another; only what is not promised can move.
 * Throws 409 STOCK_INSUFFICIENT, 422 SKU_UNKNOWN, LOCATION_UNKNOWN or LOCATIONS_EQUAL.
 */
export async function transfer(ctx: CommandContext, storeId: string, input: TransferInput): Promise<TransferView> {
  const source: StockSource = { storeId, sourceType: 'transfer', sourceId: ctx.newId() };
  const wanted = await requireProducts(ctx, storeId, input.lines);
  const from = await requireLocation(ctx, storeId, input.from, 'from');
  const to = await requireLocation(ctx, storeId, input.to, 'to');
  if (from.id === to.id)
    throw new ValidationError('LOCATIONS_EQUAL', 'Goods move between two locations. Name another one in "to".');
  const products = wanted.map(({ product }) => product);
  const change = new StockChange(ctx, source, await openLevels(ctx, products, to.id));
  const { reference, note } = input;
  const lines = wanted.map(({ line: { sku, quantity }, product }, index) => {
    const level = change.levelAt(product.id, from.id);
    if (quantity > availableOf(level)) throw notThere(sku, quantity, level, index);
    const costMinor = takeOut(shelfOf(level), quantity);
    change.move(level, { kind: 'transfer', quantity: -quantity, costMinor, sku, reference, note });
    change.move(change.levelAt(product.id, to.id), { kind: 'transfer', quantity, costMinor, sku, reference, note });
    return { sku, quantity, costMinor };
  });
  await change.write();
  const { sourceId: id } = source;
  ctx.audit({ action: 'stock.transfer', subjectType: 'transfer', subjectId: id, storeId, note, after: { ...input } });
  return { id, reference: reference ?? null, from: from.code, to: to.code, lines };
}

function notThere(sku: string, requested: number, level: StockLevelRow, index: number): ConflictError {
  const available = availableOf(level);
  const message = `Only ${available} of ${sku} are free to move from there, not ${requested}.`;
  return new ConflictError('STOCK_INSUFFICIENT', message, {
    errors: [{ path: `lines[${index}]`, code: 'STOCK_INSUFFICIENT', sku, requested, available, message }],
  });
}
