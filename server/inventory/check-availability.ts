import type { ReadContext } from '../platform/context';
import { NotFoundError } from '../platform/errors';
import { availabilityAnswer, type AvailabilityAnswer, rankSubstitutes, type SubstituteProduct } from './availability';
import { type ProductRow, products } from './inventory.models';
import { findProducts } from './products.service';
import { reservationsOf } from './reserve';
import type { StockSource } from './stock-change';

const CANDIDATES_MAX = 500;

export interface AvailabilityQuestion {
  storeId: string;
  lines: readonly { lineId?: string; sku: string; quantity: number }[];
  /** Who asks: what it holds counts as available to it. */
  source?: Pick<StockSource, 'sourceType' | 'sourceId'>;
  orderId?: string;
}

/** Whether these lines can be served, what is missing and what could take its place. Reserves nothing. */
export async function checkAvailability(ctx: ReadContext, question: AvailabilityQuestion): Promise<AvailabilityAnswer> {
  const { storeId, lines, source, orderId } = question;
  const known = await findProducts(
    ctx,
    storeId,
    lines.map(({ sku }) => sku),
  );
  const free = await freeUnits(ctx, [...known.values()]);
  const held = new Map<string, number>();
  for (const { lineId, reserved, dispatched } of source ? await reservationsOf(ctx, source) : []) {
    held.set(lineId, (held.get(lineId) ?? 0) + reserved + dispatched);
  }
  const asked = lines.map((line) => ({ ...line, held: line.lineId ? held.get(line.lineId) : 0 }));
  const first = availabilityAnswer(asked, free, undefined, orderId);
  if (first.available) return first;
  const short = first.lines.filter(({ shortfall }) => shortfall > 0).flatMap(({ sku }) => known.get(sku) ?? []);
  const candidates = await findCandidates(ctx, storeId, short);
  const substitutesOf = (sku: string): SubstituteProduct[] => {
    const product = known.get(sku);
    return product ? rankSubstitutes(product, candidates) : [];
  };
  return availabilityAnswer(asked, free, substitutesOf, orderId);
}

/** What could take the place of these products, by SKU: there to be promised, the most alike first. */
export async function findSubstitutes(
  ctx: ReadContext,
  { storeId, skus, max }: { storeId: string; skus: readonly string[]; max: number },
): Promise<Map<string, SubstituteProduct[]>> {
  const known = [...(await findProducts(ctx, storeId, skus)).values()];
  const candidates = await findCandidates(ctx, storeId, known);
  return new Map(known.map((product) => [product.sku, rankSubstitutes(product, candidates, max)]));
}

/** Reads the lines of an order for a check; the orders slice, which stands above, provides it at boot. */
export type OrderLinesReader = (ctx: ReadContext, orderId: string) => Promise<AvailabilityQuestion>;

let readOrderLines: OrderLinesReader | undefined;

export function provideOrderLines(reader: OrderLinesReader): void {
  readOrderLines = reader;
}

/** Throws 404 ORDER_NOT_FOUND. */
export async function checkOrder(ctx: ReadContext, orderId: string): Promise<AvailabilityAnswer> {
  if (!readOrderLines) throw new NotFoundError('ORDER_NOT_FOUND', `There is no order "${orderId}".`);
  return checkAvailability(ctx, await readOrderLines(ctx, orderId));
}

/** Units on hand and not promised, over all locations, by SKU. */
async function freeUnits(ctx: ReadContext, wanted: readonly ProductRow[]): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map();
  const rows = await ctx.select<{ productId: string; free: number }>(
    'SELECT product_id, SUM(on_hand - reserved) AS free FROM stock_levels WHERE product_id IN (:ids) GROUP BY product_id',
    { ids: wanted.map(({ id }) => id) },
  );
  const freeById = new Map(rows.map(({ productId, free }) => [productId, free]));
  return new Map(wanted.map(({ id, sku }) => [sku, freeById.get(id) ?? 0]));
}

async function findCandidates(
  ctx: ReadContext,
  storeId: string,
  short: readonly ProductRow[],
): Promise<SubstituteProduct[]> {
  const categories = [...new Set(short.flatMap(({ category }) => category ?? []))];
  if (categories.length === 0) return [];
  const where = `store_id = :storeId AND category IN (:categories) AND active = 1 ORDER BY id LIMIT ${CANDIDATES_MAX}`;
  const rows = await ctx.find(products, where, { storeId, categories });
  const free = await freeUnits(ctx, rows);
  return rows.map((row) => ({ ...row, available: free.get(row.sku) ?? 0 }));
}
