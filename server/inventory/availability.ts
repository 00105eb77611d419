/** What an availability check answers. Pure: the stock and the possible substitutes are given. */

export interface AskedLine {
  lineId?: string;
  sku: string;
  quantity: number;
  /** What the source of this line holds already; it counts as available to it. */
  held?: number;
}

export interface SubstituteProduct {
  sku: string;
  name: string;
  category: string | null;
  attributes: Record<string, string>;
  priceMinor: number;
  available: number;
}

export interface AvailabilityAnswer {
  orderId?: string;
  /** Every line can be served. */
  available: boolean;
  lines: {
    lineId?: string;
    sku: string;
    requested: number;
    available: number;
    shortfall: number;
    substitutes: { sku: string; name: string; available: number }[];
  }[];
}

const SUBSTITUTES_MAX = 3;

/** Lines of one SKU share what is free of it, in their order. */
export function availabilityAnswer(
  lines: readonly AskedLine[],
  freeBySku: ReadonlyMap<string, number>,
  substitutesOf: (sku: string) => readonly SubstituteProduct[] = () => [],
  orderId?: string,
): AvailabilityAnswer {
  const left = new Map(freeBySku);
  const answered = lines.map(({ lineId, sku, quantity: requested, held = 0 }) => {
    const free = Math.max(0, left.get(sku) ?? 0);
    const available = held + free;
    const shortfall = Math.max(0, requested - available);
    left.set(sku, free - Math.min(free, Math.max(0, requested - held)));
    const substitutes =
      shortfall > 0
        ? substitutesOf(sku).map(({ sku: other, name, available: there }) => ({ sku: other, name, available: there }))
        : [];
    return { ...(lineId ? { lineId } : {}), sku, requested, available, shortfall, substitutes };
  });
  const available = answered.every(({ shortfall }) => shortfall === 0);
  return { ...(orderId ? { orderId } : {}), available, lines: answered };
}

/** Those most like the product first: same attributes, then the nearest price. */
export function rankSubstitutes(
  product: Omit<SubstituteProduct, 'available'>,
  candidates: readonly SubstituteProduct[],
  max = SUBSTITUTES_MAX,
): SubstituteProduct[] {
  const likeness = (candidate: SubstituteProduct): number =>
    Object.entries(product.attributes).filter(([name, value]) => candidate.attributes[name] === value).length;
  const distance = (candidate: SubstituteProduct): number => Math.abs(candidate.priceMinor - product.priceMinor);
  return candidates
    .filter(({ sku, category, available }) => sku !== product.sku && category === product.category && available > 0)
    .sort((a, b) => likeness(b) - likeness(a) || distance(a) - distance(b) || (a.sku < b.sku ? -1 : 1))
    .slice(0, max);
}
