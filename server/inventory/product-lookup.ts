import type { ReadContext } from '../platform/context';
import { type ProductRow, products } from './inventory.models';

/** Products by id. */
export async function productsWithIds(ctx: ReadContext, ids: readonly string[]): Promise<Map<string, ProductRow>> {
  const rows = ids.length === 0 ? [] : await ctx.find(products, 'id IN (:ids)', { ids });
  return new Map(rows.map((row) => [row.id, row]));
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
