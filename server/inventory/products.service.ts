import type { CommandContext, ReadContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { ConflictError, NotFoundError, ValidationError } from '../platform/errors';
import { page, readCursor } from '../platform/http/paging';
import { type ProductRow, products, stockLevels } from './inventory.models';
import { emptyLevel, requireLocation } from './locations';
import type { ProductChange, ProductInput, ProductsQuery } from './products.schema';

/** Products of a store by SKU; unknown SKUs are missing from the map. Withdrawn products are found too. */
export async function findProducts(
  ctx: ReadContext,
  storeId: string,
  skus: readonly string[],
): Promise<Map<string, ProductRow>> {
  if (skus.length === 0) return new Map();
  const rows = await ctx.find(products, 'store_id = :storeId AND sku IN (:skus)', {
    storeId,
    skus: [...new Set(skus)],
  });
  return new Map(rows.map((row) => [row.sku, row]));
}

/** The product of each line, in the order of the lines. Throws 422 SKU_UNKNOWN naming every line that has none. */
export async function requireProducts<Line extends { sku: string }>(
  ctx: ReadContext,
  storeId: string,
  lines: readonly Line[],
): Promise<{ line: Line; product: ProductRow }[]> {
  const found = await findProducts(
    ctx,
    storeId,
    lines.map(({ sku }) => sku),
  );
  const errors = lines.flatMap(({ sku }, index) =>
    found.has(sku)
      ? []
      : [
          {
            path: `lines[${index}].sku`,
            code: 'SKU_UNKNOWN',
            sku,
            message: `There is no product ${sku}. Add it with POST /api/v1/products.`,
          },
        ],
  );
  if (errors[0]) throw new ValidationError('SKU_UNKNOWN', errors[0].message, { errors });
  return lines.flatMap((line) => {
    const product = found.get(line.sku);
    return product ? [{ line, product }] : [];
  });
}

/** Throws 409 PRODUCT_EXISTS. */
export async function addProduct(ctx: CommandContext, storeId: string, input: ProductInput): Promise<ProductRow> {
  const row: ProductRow = { id: ctx.newId(), storeId, ...input, active: true, createdAt: ctx.now, updatedAt: ctx.now };
  const location = await requireLocation(ctx, storeId);
  try {
    ctx.insert(products, row);
    await ctx.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new ConflictError(
      'PRODUCT_EXISTS',
      `There is a product ${input.sku} in this store already. PATCH changes it.`,
      {
        cause: error,
        errors: [{ path: 'sku', code: 'PRODUCT_EXISTS', message: 'Use another SKU.' }],
      },
    );
  }
  ctx.insert(stockLevels, emptyLevel(ctx, row, location.id));
  ctx.audit({
    action: 'product.add',
    subjectType: 'product',
    subjectId: row.id,
    storeId,
    after: { sku: row.sku, name: row.name, priceMinor: row.priceMinor, costMinor: row.costMinor },
  });
  return row;
}

/** By id, or by SKU as `sku:TEA-01`. Throws 404 PRODUCT_NOT_FOUND. */
export async function findProduct(ctx: ReadContext, storeId: string, handle: string): Promise<ProductRow> {
  const column = handle.startsWith('sku:') ? 'sku' : 'id';
  const value = handle.replace(/^sku:/, '');
  const row = await ctx.get(products, `store_id = :storeId AND ${column} = :value`, { storeId, value });
  if (row) return row;
  throw new NotFoundError(
    'PRODUCT_NOT_FOUND',
    `There is no product "${value}" in this store. GET /api/v1/products lists them.`,
  );
}

/** Changes what is said about a product; its stock is not touched. Throws 404 PRODUCT_NOT_FOUND. */
export async function changeProduct(
  ctx: CommandContext,
  storeId: string,
  handle: string,
  change: ProductChange,
): Promise<ProductRow> {
  const before = await findProduct(ctx, storeId, handle);
  const after: ProductRow = { ...before, ...change, updatedAt: ctx.now };
  await ctx.update(products, { ...change, updatedAt: ctx.now }, 'id = :id', { id: before.id });
  if (change.lowStockThreshold !== undefined) {
    const set = { lowStockThreshold: change.lowStockThreshold, updatedAt: ctx.now };
    await ctx.update(stockLevels, set, 'product_id = :id', { id: before.id });
  }
  const fields = Object.keys(change) as (keyof ProductRow)[];
  ctx.audit({
    action: 'product.change',
    subjectType: 'product',
    subjectId: before.id,
    storeId,
    before: pick(before, fields),
    after: pick(after, fields),
  });
  return after;
}

/** Products by SKU. */
export async function listProducts(
  ctx: ReadContext,
  storeId: string,
  wanted: ProductsQuery,
): Promise<{ items: ProductRow[]; nextCursor: string | null }> {
  const conditions = ['store_id = :storeId'];
  for (const column of ['sku', 'barcode', 'category', 'active'] as const) {
    if (wanted[column] !== undefined) conditions.push(`${column} = :${column}`);
  }
  if (wanted.text) conditions.push("(name LIKE :pattern ESCAPE '!' OR sku LIKE :pattern ESCAPE '!')");
  if (wanted.after) conditions.push('sku > :after');
  const rows = await ctx.find(products, `${conditions.join(' AND ')} ORDER BY sku LIMIT :more`, {
    ...wanted,
    storeId,
    active: wanted.active ? 1 : 0,
    pattern: `%${(wanted.text ?? '').replace(/[!%_]/g, '!$&')}%`,
    after: wanted.after ? readCursor(wanted.after, 1)[0] : undefined,
    more: wanted.limit + 1,
  });
  return page(rows, wanted.limit, (row) => [row.sku]);
}

function pick(row: ProductRow, fields: readonly (keyof ProductRow)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, row[field]]));
}
