import { goodsReceived } from '../accounting';
import type { CommandContext } from '../platform/context';
import { multiply } from '../platform/money';
import { ValidationError } from '../platform/errors';
import { reservations } from './inventory.models';
import type { ReceiptInput } from './inventory.schema';
import { postStock } from './journal';
import { openLevels, requireLocation } from './locations';
import { requireProducts } from './products.service';
import { lockLevels, StockChange, type StockSource } from './stock-change';
import { availableOf } from './stock-movements';

const BACKORDERS_PER_FILL_MAX = 1000;

export interface ReceiptView {
  id: string;
  reference: string | null;
  location: string;
  costMinor: number;
  lines: { sku: string; quantity: number; unitCostMinor: number; onHand: number; available: number }[];
}

/**
 * Goods have come in: on the shelf, in the value of the stock and in the books. Throws 422 SKU_UNKNOWN or
 * LOCATION_UNKNOWN.
 */
export async function receive(ctx: CommandContext, storeId: string, input: ReceiptInput): Promise<ReceiptView> {
  const source: StockSource = { storeId, sourceType: 'receipt', sourceId: ctx.newId() };
  const wanted = await requireProducts(ctx, storeId, input.lines);
  const location = await requireLocation(ctx, storeId, input.location);
  const products = wanted.map(({ product }) => product);
  const change = new StockChange(ctx, source, await openLevels(ctx, products, location.id));
  const { reference, note } = input;
  const lines = wanted.map(({ line, product }, index) => {
    const { sku, quantity, unitCostMinor = product.costMinor } = line;
    const level = change.levelAt(product.id, location.id);
    const costMinor = costOfLine(unitCostMinor, quantity, level.valueMinor, index);
    change.move(level, { kind: 'receive', quantity, costMinor, sku, reference, note });
    return { line: { sku, quantity, unitCostMinor }, level, costMinor };
  });
  await change.write();
  const costMinor = lines.reduce((sum, line) => sum + line.costMinor, 0);
  await postStock(ctx, source, 'goods_received', goodsReceived({ costMinor }), reference);
  const { sourceId: id } = source;
  const productIds = [...new Set(products.map((product) => product.id))];
  const skus = [...new Set(products.map(({ sku }) => sku))];
  ctx.emit({
    topic: 'stock.received',
    storeId,
    data: { receiptId: id, reference: reference ?? null, productIds, skus },
  });
  ctx.audit({
    action: 'stock.receive',
    subjectType: 'receipt',
    subjectId: id,
    storeId,
    note,
    after: { ...input, costMinor },
  });
  return {
    id,
    reference: reference ?? null,
    location: location.code,
    costMinor,
    lines: lines.map(({ line, level }) => ({ ...line, onHand: level.onHand, available: availableOf(level) })),
  };
}

export interface Filled {
  sourceType: string;
  sourceId: string;
  orderId: string | null;
  lineId: string;
  productId: string;
  sku: string;
  quantity: number;
}

/** Promises what is available of these products to those who wait for it, first come, first served. Safe to repeat. */
export async function fillBackorders(
  ctx: CommandContext,
  source: StockSource,
  productIds: readonly string[],
): Promise<Filled[]> {
  if (productIds.length === 0) return [];
  const change = new StockChange(ctx, source, await lockLevels(ctx, productIds));
  const where = `product_id IN (:productIds) AND backordered > 0 ORDER BY id LIMIT ${BACKORDERS_PER_FILL_MAX}`;
  const filled: Filled[] = [];
  for (const reservation of await ctx.lock(reservations, where, { productIds })) {
    const { sourceType, sourceId, orderId, lineId, productId, locationId, sku } = reservation;
    const level = change.levelAt(productId, locationId);
    const quantity = Math.min(reservation.backordered, availableOf(level));
    if (quantity <= 0) continue;
    change.move(level, { kind: 'reserve', quantity, lineId, sku, reason: 'backorder' });
    change.shift(reservation, { backordered: -quantity, reserved: quantity });
    filled.push({ sourceType, sourceId, orderId, lineId, productId, sku, quantity });
  }
  await change.write();
  return filled;
}

/** Throws 422 AMOUNT_TOO_LARGE when the value of the stock could no longer be held exactly. */
function costOfLine(unitCostMinor: number, quantity: number, valueMinor: number, index: number): number {
  try {
    const costMinor = multiply(unitCostMinor, quantity);
    if (Number.isSafeInteger(costMinor + valueMinor)) return costMinor;
  } catch {
    // Falls through to the refusal, which names the line.
  }
  const message = `${quantity} units at ${unitCostMinor} are worth more than the books can hold.`;
  throw new ValidationError('AMOUNT_TOO_LARGE', message, {
    errors: [
      {
        path: `lines[${index}].unitCostMinor`,
        code: 'AMOUNT_TOO_LARGE',
        message: 'Check the unit cost and the quantity.',
      },
    ],
  });
}
