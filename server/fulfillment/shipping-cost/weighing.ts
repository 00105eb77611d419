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
  grams: number;
  source: WeightSource;
  parts: Weighed[];
  /** Goods that count as nothing, because neither a scale nor the catalogue says what they weigh. */
  unweighed: { sku: string; name: string; quantity: number }[];
}

type Line = OrderState['lines'][number];
type Catalogue = ReadonlyMap<string, { weightGrams: number }>;

/**
 * A sealed package that was weighed counts as the scale said, with its box; everything else that is still the order's,
 * in a package or not, as its product says.
 */
export function weighOrder(
  lines: readonly Line[],
  packages: readonly Pick<PackageState, 'row' | 'units'>[],
  products: Catalogue,
): OrderWeight {
  const weighed = packages.flatMap(({ row: { number, status, weightGrams }, units }) =>
    status === 'sealed' && weightGrams !== null ? [{ number, weightGrams, units }] : [],
  );
  const boxes = weighed.map(({ number, weightGrams: grams }): Weighed => {
    return { from: 'package', label: `Package ${number}, as weighed`, grams };
  });
  const loose = lines.flatMap((line) => {
    const packed = weighed.reduce((sum, { units }) => sum + (units.get(line.id) ?? 0), 0);
    const quantity = Math.max(0, openQuantity(line) - packed);
    return quantity > 0 ? [{ line, quantity, each: products.get(line.productId)?.weightGrams ?? 0 }] : [];
  });
  const parts = [
    ...boxes,
    ...loose
      .filter(({ each }) => each > 0)
      .map(({ line, quantity, each }): Weighed => {
        return { from: 'product', label: `${quantity} × ${line.name}`, grams: quantity * each };
      }),
  ];
  return {
    grams: parts.reduce((sum, { grams }) => sum + grams, 0),
    source: sourceOf(boxes.length > 0, loose.length > 0),
    parts,
    unweighed: loose
      .filter(({ each }) => each === 0)
      .map(({ line: { sku, name }, quantity }) => ({ sku, name, quantity })),
  };
}

function sourceOf(hasPackages: boolean, hasLoose: boolean): WeightSource {
  if (hasPackages) return hasLoose ? 'packages_and_products' : 'packages';
  return hasLoose ? 'products' : 'nothing';
}
