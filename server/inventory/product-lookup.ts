import type { ReadContext } from '../platform/context';
import { type ProductRow, products } from './inventory.models';

/** Products by id. */
export async function productsWithIds(ctx: ReadContext, ids: readonly string[]): Promise<Map<string, ProductRow>> {
  const rows = ids.length === 0 ? [] : await ctx.find(products, 'id IN (:ids)', { ids });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Those of these products that not everybody may buy as many of as they like; by SKU. */
export function ruledProducts(ctx: ReadContext, ids: readonly string[]): Promise<ProductRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  const isRuled = '(restricted = 1 OR minimum_age > 0 OR purchase_limit_quantity IS NOT NULL)';
  return ctx.find(products, `id IN (:ids) AND ${isRuled} ORDER BY sku`, { ids });
}

/** The product that a scanned code stands for, by barcode or SKU; `spellings` are ways the same code may be written. */
export function productWithCode(
  ctx: ReadContext,
  storeId: string,
  spellings: readonly string[],
): Promise<ProductRow | undefined> {
  const where = 'store_id = :storeId AND (barcode IN (:spellings) OR sku IN (:spellings)) ORDER BY id';
  return ctx.get(products, where, { storeId, spellings });
}
