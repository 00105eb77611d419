import fc from 'fast-check';
import { weighOrder } from '../../server/fulfillment/shipping-cost/weighing';

type Args = Parameters<typeof weighOrder>;
type Line = Args[0][number];
type Package = Args[1][number];

const CATALOGUE = new Map([
  ['tea', { weightGrams: 120, fragile: false }],
  ['cup', { weightGrams: 300, fragile: true }],
  ['gift', { weightGrams: 0, fragile: false }],
]);

const line = (id: string, quantity: number, more: Partial<Line> = {}): Line =>
  ({
    ...{ id, productId: id, sku: id.toUpperCase(), name: id, quantity },
    ...{ cancelledQuantity: 0, substitutedQuantity: 0 },
    ...more,
  }) as Line;
const gramsOf = ({ parcels }: ReturnType<typeof weighOrder>): number =>
  parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0);
const box = (number: number, weightGrams: number | null, units: Record<string, number>, status = 'sealed'): Package =>
  ({ row: { number, weightGrams, status }, units: new Map(Object.entries(units)) }) as unknown as Package;

describe('What an order weighs', () => {
  it.each<[string, Line[], Package[], number, string]>([
    ['by the catalogue before it is packed', [line('tea', 2), line('cup', 1)], [], 540, 'products'],
    [
      'without what was cancelled or replaced',
      [line('tea', 5, { cancelledQuantity: 2, substitutedQuantity: 1 })],
      [],
      240,
      'products',
    ],
    ['by the scale, with its box', [line('tea', 2)], [box(1, 400, { tea: 2 })], 400, 'packages'],
    ['of all its packages', [line('tea', 4)], [box(1, 400, { tea: 2 }), box(2, 350, { tea: 2 })], 750, 'packages'],
    ['by both, where a part is packed', [line('tea', 3)], [box(1, 200, { tea: 1 })], 440, 'packages_and_products'],
    [
      'by the catalogue in a package that is open',
      [line('tea', 2)],
      [box(1, 900, { tea: 2 }, 'open')],
      240,
      'products',
    ],
    ['by the catalogue in one that nobody weighed', [line('tea', 2)], [box(1, null, { tea: 2 })], 240, 'products'],
    ['nothing once nothing is left of it', [line('tea', 2, { cancelledQuantity: 2 })], [], 0, 'nothing'],
    ['nothing that anybody knows', [line('gift', 2)], [], 0, 'products'],
  ])('is %s', (_title, lines, packages, grams, source) => {
    const weight = weighOrder(lines, packages, CATALOGUE);
    expect([gramsOf(weight), weight.source]).toEqual([grams, source]);
  });

  it('names each thing without a weight, also one that is sold no more, and none that was weighed', () => {
    const lines = [line('gift', 3), line('gone', 1), line('tea', 1)];
    expect(weighOrder(lines, [], CATALOGUE).unweighed).toEqual([
      { sku: 'GIFT', name: 'gift', quantity: 3 },
      { sku: 'GONE', name: 'gone', quantity: 1 },
    ]);
    const packed = weighOrder(lines, [box(1, 500, { gift: 2, gone: 1 })], CATALOGUE);
    expect(gramsOf(packed)).toBe(620);
    expect(packed.unweighed).toEqual([{ sku: 'GIFT', name: 'gift', quantity: 1 }]);
  });

  it('is a parcel for each sealed package and one for what is not packed, each fragile by what is in it', () => {
    const lines = [line('tea', 5), line('cup', 3)];
    const packages = [
      box(1, 400, { tea: 2, cup: 1 }),
      box(2, null, { tea: 1 }),
      box(3, 900, { tea: 2 }, 'open'),
      box(4, null, { cup: 1 }),
    ];
    const { parcels, parts, source } = weighOrder(lines, packages, CATALOGUE);
    expect(parcels).toEqual([
      { name: 'Package 1', weightGrams: 400, fragile: true },
      { name: 'Package 2', weightGrams: 120, fragile: false },
      { name: 'Package 4', weightGrams: 300, fragile: true },
      { name: 'Without a package', weightGrams: 540, fragile: true },
    ]);
    // The catalogue is asked once a line, whichever parcel its units are in.
    expect(parts.map(({ label, grams }) => [label, grams])).toEqual([
      ['Package 1, as weighed', 400],
      ['3 × tea', 360],
      ['2 × cup', 600],
    ]);
    expect(source).toBe('packages_and_products');
  });

  it('is the sum of its parts, and counts no unit twice', () => {
    const units = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(units, units, units, fc.integer({ min: 1, max: 5000 }), (quantity, cancelled, packed, scale) => {
        const open = Math.max(0, quantity - cancelled);
        const lines = [line('tea', quantity, { cancelledQuantity: Math.min(quantity, cancelled) })];
        const packages = packed > 0 ? [box(1, scale, { tea: packed })] : [];
        const weight = weighOrder(lines, packages, CATALOGUE);
        const grams = gramsOf(weight);
        expect(weight.parts.reduce((sum, part) => sum + part.grams, 0)).toBe(grams);
        expect(grams).toBe((packed > 0 ? scale : 0) + 120 * Math.max(0, open - packed));
      }),
    );
  });
});
