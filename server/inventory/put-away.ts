import { stockLost } from '../accounting';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { shelfOf, takeOut } from './costing';
import type { StockLevelRow } from './inventory.models';
import type { PutAwayInput } from './inventory.schema';
import { postStock } from './journal';
import { requireLocation } from './locations';
import { requireProducts } from './products.service';
import { lockLevels, StockChange, type StockSource } from './stock-change';
import { availableOf } from './stock-movements';

/** A line of goods that were set aside and have been looked at. */
export interface InspectedLine {
  productId: string;
  sku: string;
  quantity: number;
  /** Good units are sellable again; damaged ones are written off. */
  outcome: 'good' | 'damaged';
  locationId?: string;
  lineId?: string;
}

export interface PutAwayView {
  id: string;
  reference: string | null;
  lossMinor: number;
  lines: {
    sku: string;
    quantity: number;
    outcome: 'good' | 'damaged';
    onHand: number;
    unavailable: number;
    available: number;
  }[];
}

/**
 * Empties what was set aside: back on the shelf, or written off. Answers the level of each line and the loss.
 * Throws 409 STOCK_INSUFFICIENT when fewer were set aside.
 */
export async function putAway(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly InspectedLine[],
  remark: { reference?: string; note?: string } = {},
): Promise<{ levels: StockLevelRow[]; lossMinor: number }> {
  const levels = await lockLevels(
    ctx,
    lines.map(({ productId }) => productId),
  );
  const change = new StockChange(ctx, source, levels);
  let lossMinor = 0;
  const touched = lines.map((line, index) => {
    const { quantity, sku, lineId } = line;
    const level = levelHolding(change, line, index);
    if (line.outcome === 'good') {
      change.move(level, { kind: 'inspect', quantity, sku, lineId, ...remark });
    } else {
      const costMinor = takeOut(shelfOf(level), quantity);
      change.move(level, {
        kind: 'write_off_unavailable',
        quantity,
        costMinor,
        sku,
        lineId,
        reason: 'damaged',
        ...remark,
      });
      lossMinor += costMinor;
    }
    return level;
  });
  await change.write();
  await postStock(ctx, source, 'stock_lost', stockLost({ costMinor: lossMinor }), remark.reference);
  return { levels: touched, lossMinor };
}

/** As a request: by SKU and location code, for an order if it names one. Throws 422 SKU_UNKNOWN or LOCATION_UNKNOWN. */
export async function putAwayBySku(ctx: CommandContext, storeId: string, input: PutAwayInput): Promise<PutAwayView> {
  const id = ctx.newId();
  const { orderId, reference, note } = input;
  const source: StockSource = { storeId, sourceType: 'put_away', sourceId: id, orderId };
  const wanted = await requireProducts(ctx, storeId, input.lines);
  const locationId = input.location ? (await requireLocation(ctx, storeId, input.location)).id : undefined;
  const inspected = wanted.map(({ line, product }) => ({ ...line, productId: product.id, locationId }));
  const { levels, lossMinor } = await putAway(ctx, source, inspected, { reference, note });
  const after = { lines: input.lines, lossMinor };
  ctx.audit({ action: 'stock.put_away', subjectType: 'put_away', subjectId: id, storeId, orderId, note, after });
  const lines = levels.map((level, index) => {
    const { sku = '', quantity = 0, outcome = 'good' } = input.lines[index] ?? {};
    const { onHand, unavailable } = level;
    return { sku, quantity, outcome, onHand, unavailable, available: availableOf(level) };
  });
  return { id, reference: reference ?? null, lossMinor, lines };
}

/** The named location, else the first that has so many set aside. */
function levelHolding(change: StockChange, line: InspectedLine, index: number): StockLevelRow {
  const { productId, locationId, sku, quantity: requested } = line;
  const level =
    change.levels.find(
      (candidate) =>
        candidate.productId === productId && locationId === undefined && candidate.unavailable >= requested,
    ) ?? change.levelAt(productId, locationId);
  if (level.unavailable >= requested) return level;
  const available = level.unavailable;
  const message = `Only ${available} of ${sku} are set aside, not ${requested}. GET /api/v1/inventory?sku=${sku} shows where.`;
  throw new ConflictError('STOCK_INSUFFICIENT', message, {
    errors: [{ path: `lines[${index}]`, code: 'STOCK_INSUFFICIENT', sku, requested, available, message }],
  });
}
