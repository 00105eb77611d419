import { findProducts, listLocations, productsWithIds, reservationsOf } from '../../inventory';
import { type OrderState, sourceOf } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { ValidationError } from '../../platform/errors';

/** A product where it lies. */
export interface ProductPlace {
  productId: string;
  locationId: string;
  sku: string;
  name: string;
  shelf: string | null;
}

/** The products of some of the order's lines (all without ids), each once, where the order has them promised. */
export async function placesOfLines(
  ctx: ReadContext,
  { order, lines }: OrderState,
  lineIds?: ReadonlySet<string>,
): Promise<ProductPlace[]> {
  const wanted = lines.filter(({ id }) => !lineIds || lineIds.has(id));
  const held = await reservationsOf(ctx, sourceOf(order));
  const places = new Map(
    wanted.map((line) => [line.productId, held.find((one) => one.lineId === line.id)?.locationId]),
  );
  return placesOf(ctx, order.storeId, places);
}

/** Products by SKU at the store's first location. Throws 422 SKU_UNKNOWN, naming each. */
export async function placesOfSkus(
  ctx: ReadContext,
  storeId: string,
  skus: readonly string[],
): Promise<ProductPlace[]> {
  const found = await findProducts(ctx, storeId, skus);
  const errors = skus.flatMap((sku, n) => {
    if (found.has(sku)) return [];
    const message = `There is no product "${sku}" in this store.`;
    return [{ path: `skus[${n}]`, code: 'SKU_UNKNOWN', message }];
  });
  if (errors[0]) throw new ValidationError('SKU_UNKNOWN', errors[0].message, { errors });
  return placesOf(ctx, storeId, new Map([...found.values()].map(({ id }) => [id, undefined])));
}

async function placesOf(
  ctx: ReadContext,
  storeId: string,
  wanted: ReadonlyMap<string, string | undefined>,
): Promise<ProductPlace[]> {
  const products = await productsWithIds(ctx, [...wanted.keys()]);
  const [first] = await listLocations(ctx, storeId);
  return [...wanted].flatMap(([productId, locationId]) => {
    const product = products.get(productId);
    if (!product || !first) return [];
    const { sku, name, shelf } = product;
    return [{ productId, locationId: locationId ?? first.id, sku, name, shelf }];
  });
}
