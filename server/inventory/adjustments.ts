import { stockGained, stockLost } from '../accounting';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { shelfOf, takeOut, valueOfFound } from './costing';
import { type ProductRow, type ReservationRow, reservations, type StockLevelRow } from './inventory.models';
import type { AdjustmentInput } from './inventory.schema';
import { postStock } from './journal';
import { openLevels, requireLocation } from './locations';
import { requireProducts } from './products.service';
import { StockChange, type StockSource } from './stock-change';
import { availableOf } from './stock-movements';
import { unitsHeld } from './units-held';

/** Reasons under which units are gone for good, as against miscounted. */
const WRITE_OFF_REASONS: ReadonlySet<string> = new Set(['damaged', 'lost', 'stolen', 'expired']);

type AdjustmentLine = AdjustmentInput['lines'][number];

export interface AdjustmentView {
  id: string;
  reference: string | null;
  location: string;
  gainMinor: number;
  lossMinor: number;
  lines: { sku: string; change: number; valueMinor: number; onHand: number; available: number; backordered: number }[];
}

interface Adjusted {
  sku: string;
  change: number;
  valueMinor: number;
  backordered: number;
  level: StockLevelRow;
}

/**
 * Brings the record in line with the shelf. Fewer than are promised backorders the newest reservations first, those that
 * nobody has picked before others, and tells with `stock.backordered`. Throws 409 STOCK_INSUFFICIENT (less than nothing), 422 SKU_UNKNOWN or LOCATION_UNKNOWN.
 */
export async function adjust(ctx: CommandContext, storeId: string, input: AdjustmentInput): Promise<AdjustmentView> {
  const source: StockSource = { storeId, sourceType: 'adjustment', sourceId: ctx.newId() };
  const wanted = await requireProducts(ctx, storeId, input.lines);
  const location = await requireLocation(ctx, storeId, input.location);
  const products = wanted.map(({ product }) => product);
  const change = new StockChange(ctx, source, await openLevels(ctx, products, location.id));
  const adjusted: Adjusted[] = [];
  for (const [index, { line, product }] of wanted.entries()) {
    const level = change.levelAt(product.id, location.id);
    adjusted.push(await adjustLine(ctx, change, { line, product, level, index, reference: input.reference }));
  }
  await change.write();
  const gainMinor = sum(adjusted.map(({ valueMinor }) => Math.max(0, valueMinor)));
  const lossMinor = sum(adjusted.map(({ valueMinor }) => Math.max(0, -valueMinor)));
  const postings = [...stockGained({ costMinor: gainMinor }), ...stockLost({ costMinor: lossMinor })];
  await postStock(ctx, source, 'stock_adjusted', postings, input.reference);
  const { sourceId: id } = source;
  const after = { lines: input.lines, gainMinor, lossMinor };
  ctx.audit({
    action: 'stock.adjust',
    subjectType: 'adjustment',
    subjectId: id,
    storeId,
    note: input.lines[0]?.note,
    after,
  });
  return {
    id,
    reference: input.reference ?? null,
    location: location.code,
    gainMinor,
    lossMinor,
    lines: adjusted.map(({ level, ...line }) => ({ ...line, onHand: level.onHand, available: availableOf(level) })),
  };
}

interface Adjustment {
  line: AdjustmentLine;
  product: ProductRow;
  level: StockLevelRow;
  index: number;
  reference?: string;
}

async function adjustLine(ctx: CommandContext, change: StockChange, adjustment: Adjustment): Promise<Adjusted> {
  const { line, product, level, index, reference } = adjustment;
  const { sku, reason, note } = line;
  const difference = line.countedQuantity === undefined ? (line.delta ?? 0) : line.countedQuantity - level.onHand;
  if (difference >= 0) {
    const costMinor = valueOfFound(shelfOf(level), difference, product.costMinor);
    change.move(level, { kind: 'adjust', quantity: difference, costMinor, sku, reason, note, reference });
    return { sku, change: difference, valueMinor: costMinor, backordered: 0, level };
  }
  const missing = -difference;
  if (missing > level.onHand) throw belowZero(sku, missing, level.onHand, index);
  const backordered = await backorderNewest(ctx, change, level, missing - availableOf(level));
  const costMinor = takeOut(shelfOf(level), missing);
  const what = WRITE_OFF_REASONS.has(reason)
    ? ({ kind: 'write_off_on_hand', quantity: missing } as const)
    : ({ kind: 'adjust', quantity: difference } as const);
  change.move(level, { ...what, costMinor, sku, reason, note, reference });
  return { sku, change: difference, valueMinor: -costMinor, backordered, level };
}

/**
 * Takes promised units back from those who came last, units that nobody has picked before any that somebody has in
 * hand; they wait for goods again.
 */
async function backorderNewest(
  ctx: CommandContext,
  change: StockChange,
  level: StockLevelRow,
  quantity: number,
): Promise<number> {
  if (quantity <= 0) return 0;
  const { productId, locationId } = level;
  const held = await unitsHeld.of(ctx, { productId, locationId });
  const where = 'product_id = :productId AND location_id = :locationId AND reserved > 0 ORDER BY id DESC LIMIT :most';
  // Every reservation found gives at least one unit, but for those that are in hand; no more can be needed.
  const newest = await ctx.lock(reservations, where, { productId, locationId, most: quantity + held.size });
  const taken = new Map<ReservationRow, number>();
  let left = quantity;
  for (const isKept of [true, false]) {
    for (const reservation of newest) {
      const before = taken.get(reservation) ?? 0;
      const kept = isKept ? (held.get(reservation.lineId) ?? 0) : 0;
      const more = Math.min(left, Math.max(0, reservation.reserved - before - kept));
      taken.set(reservation, before + more);
      left -= more;
    }
  }
  for (const [reservation, units] of taken) if (units > 0) backorder(ctx, change, level, reservation, units);
  return quantity - left;
}

function backorder(
  ctx: CommandContext,
  change: StockChange,
  level: StockLevelRow,
  reservation: ReservationRow,
  quantity: number,
): void {
  const { storeId, sourceType, sourceId, orderId, lineId, sku } = reservation;
  change.move(level, { kind: 'release', quantity, lineId, sku, reason: 'backorder' });
  change.shift(reservation, { reserved: -quantity, backordered: quantity });
  const data = { sourceType, sourceId, lineId, sku, quantity };
  ctx.emit({ topic: 'stock.backordered', storeId, orderId: orderId ?? undefined, data });
}

function belowZero(sku: string, requested: number, available: number, index: number): ConflictError {
  const message = `Only ${available} of ${sku} are on hand, so ${requested} cannot be taken away.`;
  return new ConflictError('STOCK_INSUFFICIENT', message, {
    errors: [{ path: `lines[${index}]`, code: 'STOCK_INSUFFICIENT', sku, requested, available, message }],
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
