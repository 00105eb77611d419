import fc from 'fast-check';
import { allocateLines } from '../../server/inventory/allocation';
import { availabilityAnswer, rankSubstitutes } from '../../server/inventory/availability';
import { takeOut, valueOfFound } from '../../server/inventory/costing';
import { effectsOf, MOVEMENTS, type MovementKind, totalOf } from '../../server/inventory/stock-movements';

describe('the table of movements', () => {
  const kinds = Object.keys(MOVEMENTS) as MovementKind[];

  it.each<[MovementKind, number, number, Partial<ReturnType<typeof effectsOf>>]>([
    ['reserve', 2, 0, { reserved: 2 }],
    ['release', 2, 0, { reserved: -2 }],
    ['dispatch', 2, 100, { onHand: -2, reserved: -2, outgoing: 2, valueMinor: -100, outgoingValueMinor: 100 }],
    ['deliver', 2, 100, { outgoing: -2, outgoingValueMinor: -100 }],
    ['recall_to_on_hand', 2, 100, { outgoing: -2, onHand: 2, valueMinor: 100, outgoingValueMinor: -100 }],
    ['recall_to_unavailable', 2, 100, { outgoing: -2, unavailable: 2, valueMinor: 100, outgoingValueMinor: -100 }],
    ['return', 2, 100, { unavailable: 2, valueMinor: 100 }],
    ['inspect', 2, 0, { unavailable: -2, onHand: 2 }],
    ['receive', 50, 2500, { onHand: 50, valueMinor: 2500 }],
    ['adjust', 3, 150, { onHand: 3, valueMinor: 150 }],
    ['adjust', -3, 150, { onHand: -3, valueMinor: -150 }],
    ['transfer', -3, 150, { onHand: -3, valueMinor: -150 }],
    ['write_off_on_hand', 1, 50, { onHand: -1, valueMinor: -50 }],
    ['write_off_unavailable', 1, 50, { unavailable: -1, valueMinor: -50 }],
    ['write_off_outgoing', 1, 50, { outgoing: -1, outgoingValueMinor: -50 }],
  ])('%s of %d that cost %d', (kind, quantity, costMinor, expected) => {
    const nothing = { onHand: 0, reserved: 0, unavailable: 0, outgoing: 0, valueMinor: 0, outgoingValueMinor: 0 };
    expect(effectsOf(kind, quantity, costMinor)).toEqual({ ...nothing, ...expected });
  });

  it('moves the value of the stock exactly when its total changes', () => {
    for (const kind of kinds) {
      const effects = effectsOf(kind, 1, 10);
      expect([kind, effects.valueMinor + effects.outgoingValueMinor]).toEqual([kind, 10 * totalOf(effects)]);
    }
  });
});

describe('the cost of what leaves', () => {
  it('is the average, rounded, and the rest for the last units', () => {
    expect(takeOut({ units: 50, valueMinor: 2_500_000 }, 2)).toBe(100_000);
    expect(takeOut({ units: 3, valueMinor: 100 }, 1)).toBe(33);
    expect(takeOut({ units: 2, valueMinor: 67 }, 1)).toBe(34);
    expect(takeOut({ units: 1, valueMinor: 33 }, 1)).toBe(33);
  });

  it('refuses more units than there are', () => {
    expect(() => takeOut({ units: 2, valueMinor: 10 }, 3)).toThrow(RangeError);
  });

  it('never drifts: what came in is what left and what is there', () => {
    const step = fc.oneof(
      fc.record({ receive: fc.integer({ min: 1, max: 1000 }), unitCostMinor: fc.integer({ min: 0, max: 1_000_000 }) }),
      fc.record({ takeFraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pool = { units: 0, valueMinor: 0 };
        let inMinor = 0;
        let outMinor = 0;
        for (const one of steps) {
          if ('receive' in one) {
            pool.units += one.receive;
            pool.valueMinor += one.receive * one.unitCostMinor;
            inMinor += one.receive * one.unitCostMinor;
          } else {
            const units = Math.floor(pool.units * one.takeFraction);
            const cost = takeOut(pool, units);
            pool.units -= units;
            pool.valueMinor -= cost;
            outMinor += cost;
          }
          expect(pool.valueMinor).toBeGreaterThanOrEqual(0);
          if (pool.units === 0) expect(pool.valueMinor).toBe(0);
        }
        expect(outMinor + pool.valueMinor).toBe(inMinor);
      }),
    );
  });

  it('values found units at the average, or at the product’s cost on an empty shelf', () => {
    expect(valueOfFound({ units: 4, valueMinor: 1000 }, 2, 999)).toBe(500);
    expect(valueOfFound({ units: 0, valueMinor: 0 }, 2, 999)).toBe(1998);
  });
});

describe('which stock serves which line', () => {
  const level = (productId: string, locationId: string, onHand: number, reserved = 0) => ({
    productId,
    locationId,
    onHand,
    reserved,
  });
  const line = (lineId: string, quantity: number, more: { productId?: string; allowBackorder?: boolean } = {}) => ({
    lineId,
    productId: 'tea',
    sku: (more.productId ?? 'tea').toUpperCase(),
    quantity,
    ...more,
  });
  const read = (result: ReturnType<typeof allocateLines>): string[] => [
    ...result.allocations.map(
      ({ line: { lineId }, level: { locationId }, reserved, backordered }) =>
        `${lineId} ${locationId} ${reserved}+${backordered}`,
    ),
    ...result.shortages.map(({ index, requested, available }) => `line ${index} short: ${available} of ${requested}`),
  ];

  it.each([
    ['one line from the first location', [line('a', 2)], [level('tea', 'l1', 50)], ['a l1 2+0']],
    ['the location that has all of it', [line('a', 5)], [level('tea', 'l1', 3), level('tea', 'l2', 9)], ['a l2 5+0']],
    ['several locations', [line('a', 5)], [level('tea', 'l1', 3), level('tea', 'l2', 4)], ['a l1 3+0', 'a l2 2+0']],
    ['two lines of one SKU', [line('a', 3), line('b', 2)], [level('tea', 'l1', 5)], ['a l1 3+0', 'b l1 2+0']],
    [
      'two lines of one SKU that are too many together',
      [line('a', 3), line('b', 2)],
      [level('tea', 'l1', 4)],
      ['a l1 3+0', 'b l1 1+0', 'line 1 short: 4 of 5'],
    ],
    ['what is promised already', [line('a', 2)], [level('tea', 'l1', 50, 49)], ['a l1 1+0', 'line 0 short: 1 of 2']],
    ['a backorder', [line('a', 5, { allowBackorder: true })], [level('tea', 'l1', 3)], ['a l1 3+2']],
    ['a backorder of all', [line('a', 5, { allowBackorder: true })], [level('tea', 'l1', 0)], ['a l1 0+5']],
    [
      'a backorder over two locations',
      [line('a', 5, { allowBackorder: true })],
      [level('tea', 'l1', 1), level('tea', 'l2', 2)],
      ['a l1 1+2', 'a l2 2+0'],
    ],
    ['a product without a level', [line('a', 1, { allowBackorder: true })], [], ['line 0 short: 0 of 1']],
  ])('%s', (_case, lines, levels, expected) => {
    expect(read(allocateLines(lines, levels))).toEqual(expected);
  });

  it('never promises more than there is, and serves every line that is not short', () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
    const shelves = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(quantities, shelves, fc.boolean(), (wanted, onHand, allowBackorder) => {
        const lines = wanted.map((quantity, n) => line(`line${n}`, quantity, { allowBackorder }));
        const levels = onHand.map((units, n) => level('tea', `l${n}`, units));
        const { allocations, shortages } = allocateLines(lines, levels);
        for (const one of levels) {
          const taken = allocations
            .filter(({ level: from }) => from === one)
            .reduce((sum, { reserved }) => sum + reserved, 0);
          expect(taken).toBeLessThanOrEqual(one.onHand);
        }
        lines.forEach(({ lineId, quantity }, index) => {
          if (shortages.some((shortage) => shortage.index === index)) return;
          const served = allocations.filter(({ line: { lineId: id } }) => id === lineId);
          expect(served.reduce((sum, { reserved, backordered }) => sum + reserved + backordered, 0)).toBe(quantity);
        });
        const total = onHand.reduce((sum, units) => sum + units, 0);
        const asked = wanted.reduce((sum, quantity) => sum + quantity, 0);
        expect(shortages.length > 0).toBe(!allowBackorder && asked > total);
      }),
    );
  });
});

describe('an availability check', () => {
  it('counts what an order holds as available to it, and shares the rest between its lines', () => {
    const answer = availabilityAnswer(
      [
        { lineId: 'a', sku: 'TEA', quantity: 5, held: 3 },
        { lineId: 'b', sku: 'TEA', quantity: 4 },
      ],
      new Map([['TEA', 4]]),
      () => [{ sku: 'TEA-2', name: 'Other', category: 'tea', attributes: {}, priceMinor: 1, available: 9 }],
      'order-1',
    );
    expect(answer).toEqual({
      orderId: 'order-1',
      available: false,
      lines: [
        { lineId: 'a', sku: 'TEA', requested: 5, available: 7, shortfall: 0, substitutes: [] },
        {
          lineId: 'b',
          sku: 'TEA',
          requested: 4,
          available: 2,
          shortfall: 2,
          substitutes: [{ sku: 'TEA-2', name: 'Other', available: 9 }],
        },
      ],
    });
  });

  it('proposes what is most like the product and on the shelf', () => {
    const product = {
      sku: 'A',
      name: 'A',
      category: 'tea',
      attributes: { size: '100 g', leaf: 'green' },
      priceMinor: 500,
    };
    const other = (sku: string, more: object) => ({ ...product, sku, name: sku, available: 5, ...more });
    const ranked = rankSubstitutes(product, [
      other('A', {}),
      other('COFFEE', { category: 'coffee' }),
      other('EMPTY', { available: 0 }),
      other('DEAR', { priceMinor: 900 }),
      other('NEAR', { priceMinor: 510 }),
      other('BLACK', { attributes: { size: '100 g', leaf: 'black' }, priceMinor: 500 }),
      other('FAR', { attributes: {}, priceMinor: 500 }),
    ]);
    expect(ranked.map(({ sku }) => sku)).toEqual(['NEAR', 'DEAR', 'BLACK']);
  });
});
