import { openQuantity, type OrderState } from '../../orders';
import type { PackageState } from '../packing/find-packages';

/** What an order weighs, and how that is known. Pure. */

export const WEIGHT_SOURCES = ['packages', 'products', 'packages_and_products', 'nothing'] as const;
export type WeightSource = (typeof WEIGHT_SOURCES)[number];

export interface Weighed {
  from: 'package' | 'product';
  label: string;
  grams: number;
}

export interface OrderWeight {
  source: WeightSource;
  parts: Weighed[];
  /** Each sealed package, and what is in none as one more. */
  parcels: { name: string; weightGrams: number; fragile: boolean }[];
  /** Goods that count as nothing, because neither a scale nor the catalogue says what they weigh. */
  unweighed: { sku: string; name: string; quantity: number }[];
}

type Line = OrderState['lines'][number];
type Catalogue = ReadonlyMap<string, { weightGrams: number; fragile: boolean }>;
type Package = Pick<PackageState, 'row' | 'units'>;

/** So many units of a line that travel together. */
interface Goods {
  line: Line;
  quantity: number;
  each: number;
  fragile: boolean;
}

/**
 * A sealed package that was weighed counts as the scale said, with its box; everything else that is still the order's,
 * in a package or not, as its product says.
 */
export function weighOrder(lines: readonly Line[], packages: readonly Package[], products: Catalogue): OrderWeight {
  const sealed = packages.filter(({ row }) => row.status === 'sealed');
  const packed = sealed.map((one) => ({
    row: one.row,
    goods: goodsOf(lines, products, (id) => one.units.get(id) ?? 0),
  }));
  const loose = goodsOf(lines, products, (id, open) => Math.max(0, open - unitsIn(sealed, id)));
  const boxes = packed.flatMap(({ row: { number, weightGrams: grams } }): Weighed[] =>
    grams === null ? [] : [{ from: 'package', label: `Package ${number}, as weighed`, grams }],
  );
  const byCatalogue = byLine([
    ...packed.flatMap(({ row, goods }) => (row.weightGrams === null ? goods : [])),
    ...loose,
  ]);
  const boxed = packed.map(({ row, goods }) => ({
    name: `Package ${row.number}`,
    weightGrams: row.weightGrams ?? gramsOf(goods),
    fragile: isFragile(goods),
  }));
  const rest = { name: 'Without a package', weightGrams: gramsOf(loose), fragile: isFragile(loose) };
  return {
    source: sourceOf(boxes.length > 0, byCatalogue.length > 0),
    parts: [...boxes, ...byCatalogue.filter(({ each }) => each > 0).map(weighedOf)],
    parcels: loose.length > 0 ? [...boxed, rest] : boxed,
    unweighed: byCatalogue
      .filter(({ each }) => each === 0)
      .map(({ line: { sku, name }, quantity }) => ({ sku, name, quantity })),
  };
}

function goodsOf(
  lines: readonly Line[],
  products: Catalogue,
  unitsOf: (lineId: string, open: number) => number,
): Goods[] {
  return lines.flatMap((line) => {
    const quantity = unitsOf(line.id, openQuantity(line));
    const { weightGrams: each = 0, fragile = false } = products.get(line.productId) ?? {};
    return quantity > 0 ? [{ line, quantity, each, fragile }] : [];
  });
}

/** A line's units are named once, however many packages they are in. */
function byLine(goods: readonly Goods[]): Goods[] {
  const merged = new Map<string, Goods>();
  for (const one of goods) {
    const known = merged.get(one.line.id);
    merged.set(one.line.id, known ? { ...known, quantity: known.quantity + one.quantity } : one);
  }
  return [...merged.values()];
}

function weighedOf({ line, quantity, each }: Goods): Weighed {
  return { from: 'product', label: `${quantity} × ${line.name}`, grams: quantity * each };
}

function unitsIn(packages: readonly Package[], lineId: string): number {
  return packages.reduce((sum, { units }) => sum + (units.get(lineId) ?? 0), 0);
}

function gramsOf(goods: readonly Goods[]): number {
  return goods.reduce((sum, { quantity, each }) => sum + quantity * each, 0);
}

function isFragile(goods: readonly Goods[]): boolean {
  return goods.some(({ fragile }) => fragile);
}

function sourceOf(hasPackages: boolean, hasLoose: boolean): WeightSource {
  if (hasPackages) return hasLoose ? 'packages_and_products' : 'packages';
  return hasLoose ? 'products' : 'nothing';
}
