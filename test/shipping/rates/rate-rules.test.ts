import fc from 'fast-check';
import {
  bracketFault,
  COD_PERCENT_MAX,
  heaviestGrams,
  priceAtTheDoor,
  priceOf,
  type Tariff,
  WEIGHT_GRAMS_MAX,
} from '../../../server/shipping/rates/rates';
import { coversCode, precisionOf, readPattern } from '../../../server/shipping/rates/postal-patterns';
import { type Reach, zoneOf } from '../../../server/shipping/rates/zone-match';
import { areTied, sharedGround } from './plain-overlap';

const TARIFF: Tariff = {
  brackets: [
    { upToGrams: 2000, priceMinor: 7_500 },
    { upToGrams: 1000, priceMinor: 6_000 },
  ],
  furtherKgMinor: 1_500,
  codBasisPoints: 100,
  codMinimumMinor: 1_000,
  remoteMinor: 2_000,
  fragileMinor: 500,
  roundUpToMinor: 1,
};
const PLAIN: Tariff = { ...TARIFF, codBasisPoints: 0, codMinimumMinor: 0, remoteMinor: 0, fragileMinor: 0 };

/** One parcel and what its rider collects. */
interface OneParcel {
  weightGrams: number;
  fragile: boolean;
  codMinor: number;
}

const priceOfOne = (tariff: Tariff, { codMinor, ...parcel }: OneParcel) =>
  priceOf(tariff, { parcels: [parcel], codMinor }, 'BDT');
const price = (tariff: Tariff, parcel: Partial<OneParcel>) =>
  priceOfOne(tariff, { weightGrams: 500, codMinor: 0, fragile: false, ...parcel });

describe('The price of a parcel', () => {
  it.each([
    [0, 6_000, ['Base up to 1 kg']],
    [1000, 6_000, ['Base up to 1 kg']],
    [1001, 7_500, ['Base up to 2 kg']],
    [2000, 7_500, ['Base up to 2 kg']],
    [2001, 9_000, ['Base up to 2 kg', '1 further kg at BDT 15.00']],
    [3000, 9_000, ['Base up to 2 kg', '1 further kg at BDT 15.00']],
    [3001, 10_500, ['Base up to 2 kg', '2 further kg at BDT 15.00']],
    [WEIGHT_GRAMS_MAX, 7_500 + 99_998 * 1_500, ['Base up to 2 kg', '99998 further kg at BDT 15.00']],
  ])('of %s g is %s, by its bracket and each started kilogram over the last', (weightGrams, totalMinor, labels) => {
    const found = price(PLAIN, { weightGrams });
    expect(found?.totalMinor).toBe(totalMinor);
    expect(found?.lines.map(({ label }) => label)).toEqual(labels);
  });

  it('is not there for what is too heavy', () => {
    expect(price({ ...PLAIN, furtherKgMinor: null }, { weightGrams: 2000 })?.totalMinor).toBe(7_500);
    expect(price({ ...PLAIN, furtherKgMinor: null }, { weightGrams: 2001 })).toBeUndefined();
    expect(price(PLAIN, { weightGrams: WEIGHT_GRAMS_MAX + 1 })).toBeUndefined();
  });

  it.each([
    ['a share rounded half up', 150_050, 1_501, 'Cash on delivery, 1 % of BDT 1,500.50'],
    ['a share just below the half', 150_049, 1_500, 'Cash on delivery, 1 % of BDT 1,500.49'],
    ['a least amount', 99_900, 1_000, 'Cash on delivery, at least BDT 10.00'],
  ])('takes for cash at the door %s', (_title, codMinor, amountMinor, label) => {
    expect(price(TARIFF, { codMinor })?.lines.at(-1)).toEqual({ kind: 'cod', label, amountMinor });
  });

  it('names surcharges where they are due only', () => {
    const kinds = (parcel: Partial<OneParcel>) => price(TARIFF, parcel)?.lines.map(({ kind }) => kind);
    expect(kinds({})).toEqual(['base', 'remote']);
    expect(kinds({ fragile: true, codMinor: 1 })).toEqual(['base', 'remote', 'fragile', 'cod']);
    expect(price({ ...PLAIN, brackets: [{ upToGrams: 1000, priceMinor: 0 }] }, {})).toEqual({
      totalMinor: 0,
      lines: [{ kind: 'base', label: 'Base up to 1 kg', amountMinor: 0 }],
    });
  });

  it('is rounded up to whole taka by a line of its own', () => {
    const found = price({ ...TARIFF, roundUpToMinor: 100 }, { codMinor: 150_050 });
    expect(found?.totalMinor).toBe(9_600);
    expect(found?.lines.at(-1)).toEqual({
      kind: 'rounding',
      label: 'Rounded up to a multiple of BDT 1.00',
      amountMinor: 99,
    });
    expect(price({ ...TARIFF, roundUpToMinor: 100 }, {})?.lines.map(({ kind }) => kind)).toEqual(['base', 'remote']);
  });

  it('at the door takes its share of the delivery too', () => {
    const found = priceAtTheDoor(
      TARIFF,
      { parcels: [{ weightGrams: 500, fragile: false }], goodsMinor: 1_000_000 },
      'BDT',
    );
    // 1 % of 1,000,000 + 18,182 (6,000 + 2,000 + the share itself).
    expect(found?.lines.at(-1)).toMatchObject({ kind: 'cod', amountMinor: 10_182 });
    expect(found?.totalMinor).toBe(18_182);
  });

  it('of several parcels is that of each, named, with what is collected once and rounded once', () => {
    const parcels = [
      { name: 'Package 1', weightGrams: 900, fragile: true },
      { name: 'Package 2', weightGrams: 2_500, fragile: false },
    ];
    const found = priceOf({ ...TARIFF, roundUpToMinor: 1_000 }, { parcels, codMinor: 100_000 }, 'BDT');
    expect(found?.lines.map(({ label, amountMinor }) => [label, amountMinor])).toEqual([
      ['Package 1: Base up to 1 kg', 6_000],
      ['Package 1: Remote area', 2_000],
      ['Package 1: Fragile goods', 500],
      ['Package 2: Base up to 2 kg', 7_500],
      ['Package 2: 1 further kg at BDT 15.00', 1_500],
      ['Package 2: Remote area', 2_000],
      ['Cash on delivery, 1 % of BDT 1,000.00', 1_000],
      ['Rounded up to a multiple of BDT 10.00', 500],
    ]);
    expect(found?.totalMinor).toBe(21_000);
    const [first] = parcels;
    expect(first && priceOf(PLAIN, { parcels: [first], codMinor: 0 }, 'BDT')?.lines).toMatchObject([
      { label: 'Base up to 1 kg' },
    ]);
  });

  it('is not there when one of several parcels is too heavy, and is when that is split', () => {
    const ending = { ...PLAIN, furtherKgMinor: null };
    const parcels = (...weightsGrams: number[]) => weightsGrams.map((weightGrams) => ({ weightGrams, fragile: false }));
    expect(priceOf(ending, { parcels: parcels(500, 3_000), codMinor: 0 }, 'BDT')).toBeUndefined();
    expect(priceOf(ending, { parcels: parcels(500, 1_500, 1_500), codMinor: 0 }, 'BDT')?.totalMinor).toBe(21_000);
  });

  const amount = fc.integer({ min: 0, max: 100_000_000 });
  const tariffs = fc
    .record({
      brackets: fc.array(fc.record({ upToGrams: fc.integer({ min: 1, max: 50_000 }), priceMinor: amount }), {
        minLength: 1,
        maxLength: 8,
      }),
      furtherKgMinor: fc.option(amount),
      codBasisPoints: fc.integer({ min: 0, max: COD_PERCENT_MAX * 100 }),
      codMinimumMinor: amount,
      remoteMinor: amount,
      fragileMinor: amount,
      roundUpToMinor: fc.constantFrom(1, 7, 100, 10_000),
    })
    .filter(({ brackets }) => bracketFault(brackets, 'BDT') === undefined);
  const weights = fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: WEIGHT_GRAMS_MAX }));
  const parcels = fc.record({
    weightGrams: weights,
    codMinor: fc.integer({ min: 0, max: 9_000_000_000_000 }),
    fragile: fc.boolean(),
  });

  it('never falls when the parcel grows, in weight, fragility or what is collected', () => {
    fc.assert(
      fc.property(tariffs, parcels, parcels, (tariff, one, other) => {
        const lighter: OneParcel = {
          weightGrams: Math.min(one.weightGrams, other.weightGrams),
          codMinor: Math.min(one.codMinor, other.codMinor),
          fragile: one.fragile && other.fragile,
        };
        const heavier: OneParcel = {
          weightGrams: Math.max(one.weightGrams, other.weightGrams),
          codMinor: Math.max(one.codMinor, other.codMinor),
          fragile: one.fragile || other.fragile,
        };
        const [low, high] = [priceOfOne(tariff, lighter), priceOfOne(tariff, heavier)];
        // What carries the heavier carries the lighter.
        if (high) expect(low?.totalMinor).toBeLessThanOrEqual(high.totalMinor);
      }),
    );
  });

  it('is the sum of its lines, in whole minor units, none below 0', () => {
    fc.assert(
      fc.property(tariffs, parcels, (tariff, parcel) => {
        const found = priceOfOne(tariff, parcel);
        if (!found) return;
        const { totalMinor, lines } = found;
        expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor);
        expect(lines.every(({ amountMinor }) => Number.isSafeInteger(amountMinor) && amountMinor >= 0)).toBe(true);
        expect(totalMinor % tariff.roundUpToMinor).toBe(0);
        expect(new Set(lines.map(({ kind }) => kind)).size).toBe(lines.length);
      }),
    );
  });

  it('that was charged at the door is what the same parcel costs when it is asked again', () => {
    fc.assert(
      fc.property(tariffs, parcels, (tariff, { codMinor: goodsMinor, ...parcel }) => {
        const charged = priceAtTheDoor(tariff, { parcels: [parcel], goodsMinor }, 'BDT');
        if (!charged) return;
        const asked = priceOfOne(tariff, { ...parcel, codMinor: goodsMinor + charged.totalMinor });
        expect(asked).toEqual(charged);
      }),
    );
  });
});

describe('The brackets of a zone', () => {
  it.each([
    ['two for one weight', [1000, 1000], [5, 5], 1, 'RATE_EXISTS'],
    ['a heavier that is cheaper', [1000, 2000], [6, 5], 1, 'RATE_BELOW_LIGHTER'],
    ['the same, written in another order', [2000, 1000], [5, 6], 0, 'RATE_BELOW_LIGHTER'],
  ])('are refused with %s', (_title, weightsUpTo, prices, index, code) => {
    const brackets = weightsUpTo.map((upToGrams, n) => ({ upToGrams, priceMinor: prices[n] ?? 0 }));
    expect(bracketFault(brackets, 'BDT')).toMatchObject({ index, code });
  });

  it('are refused in the money that people count in', () => {
    const brackets = [
      { upToGrams: 1000, priceMinor: 6_000 },
      { upToGrams: 2000, priceMinor: 5_950 },
    ];
    const fault = bracketFault(brackets, 'BDT');
    expect(fault?.message).toMatch(/^Up to 2 kg would cost BDT 59\.50, up to 1 kg costs BDT 60\.00\./);
  });

  it('end nowhere below 0, even where there is none', () => {
    expect(heaviestGrams({ ...PLAIN, brackets: [], furtherKgMinor: null })).toBe(0);
  });

  it('may cost the same', () => {
    expect(
      bracketFault(
        [
          { upToGrams: 1000, priceMinor: 5 },
          { upToGrams: 2000, priceMinor: 5 },
        ],
        'BDT',
      ),
    ).toBeUndefined();
  });
});

describe('A postal pattern', () => {
  it.each([
    ['1209', ['1209'], ['1208', '12090', '120']],
    ['12*', ['12', '1209', '1299', '12345'], ['1300', '1', '2129']],
    ['1200-1299', ['1200', '1250', '1299'], ['1199', '1300', '12500', '12']],
    ['১২০০-১২৯৯', ['1209'], ['1300']],
    ['sw1a 1aa', ['SW1A1AA'], ['SW1A1AB']],
    ['SW1*', ['SW1A1AA'], ['SW2A1AA']],
  ])('%s covers what it says', (text, inside, outside) => {
    const pattern = readPattern(text);
    expect(pattern && inside.filter((code) => !coversCode(pattern, code))).toEqual([]);
    expect(pattern && outside.filter((code) => coversCode(pattern, code))).toEqual([]);
  });

  it.each(['', '*', '1', '12**', '1*9', '1299-1200', '120-1299', '12-', '12_', '%', '1200-12A9'])(
    'is not "%s"',
    (text) => expect(readPattern(text)).toBeUndefined(),
  );
});

const zone = (more: Partial<Reach>): Reach => ({ country: 'BD', cities: [], postalPatterns: [], ...more });

describe('The zone of an address', () => {
  const everywhere = zone({ country: null });
  const country = zone({});
  const city = zone({ cities: ['Dhaka', "Cox's Bazar"] });
  const wide = zone({ postalPatterns: ['1*'] });
  const narrow = zone({ postalPatterns: ['1200-1299', '1310'] });
  const all = [everywhere, country, city, wide, narrow];

  it.each([
    ['its postal code before its city', { city: 'Dhaka', postalCode: '1209' }, narrow],
    ['the narrower pattern', { city: 'Dhaka', postalCode: '1310' }, narrow],
    ['a wide pattern where no other fits', { city: 'Sylhet', postalCode: '1500' }, wide],
    ['its city where no pattern fits', { city: 'Dhaka', postalCode: '9000' }, city],
    ['its city in any case and spacing', { city: "  COX'S   bazar " }, city],
    ['its city with the apostrophe of any keyboard', { city: 'Cox’s Bazar' }, city],
    ['its country otherwise', { city: 'Sylhet', postalCode: '3100' }, country],
    ['its country without a city', {}, country],
    ['everywhere else abroad', { country: 'IN', city: 'Dhaka', postalCode: '1209' }, everywhere],
    ['a code with spaces and Bangla digits', { postalCode: ' ১২ ০৯ ' }, narrow],
  ])('is found by %s', (_title, place, wanted) => {
    expect(zoneOf(all, { country: 'BD', ...place })).toBe(wanted);
    expect(zoneOf([...all].reverse(), { country: 'BD', ...place })).toBe(wanted);
  });

  it('is that of an American code with or without the four digits of its street', () => {
    const manhattan = zone({ country: 'US', postalPatterns: ['10001', '101*'] });
    for (const postalCode of ['10001', '10001-1234', '100011234', '10118-0110']) {
      expect(zoneOf([manhattan], { country: 'US', postalCode })).toBe(manhattan);
    }
    expect(zoneOf([manhattan], { country: 'US', postalCode: '10002-1234' })).toBeUndefined();
  });

  it('is none where nothing covers it', () => {
    expect(zoneOf([city, narrow], { country: 'BD', city: 'Sylhet', postalCode: '3100' })).toBeUndefined();
    expect(zoneOf([country, city], { country: 'IN', city: 'Dhaka' })).toBeUndefined();
    expect(zoneOf([], { country: 'BD' })).toBeUndefined();
  });

  it.each([
    ['two everywheres', zone({ country: null }), zone({ country: null }), 'everywhere else'],
    ['two whole countries', zone({}), zone({}), 'all of BD'],
    ['one city, written twice', zone({ cities: ['Dhaka'] }), zone({ cities: ['Sylhet', ' DHAKA'] }), ' DHAKA'],
    ['one pattern', zone({ postalPatterns: ['12*'] }), zone({ postalPatterns: ['১২*'] }), '১২*'],
    [
      'two ranges as wide',
      zone({ postalPatterns: ['1200-1209'] }),
      zone({ postalPatterns: ['1205-1214'] }),
      '1205-1214',
    ],
    [
      'a code and a range of one',
      zone({ postalPatterns: ['1209'] }),
      zone({ postalPatterns: ['1209-1209'] }),
      '1209-1209',
    ],
  ])('is refused to be two: %s', (_title, one, other, shared) => {
    expect(sharedGround(one, other)).toBe(shared);
    expect(sharedGround(other, one)).toBeDefined();
  });

  it.each([
    ['a country and the world', zone({}), zone({ country: null })],
    ['a city and its country', zone({ cities: ['Dhaka'] }), zone({})],
    ['a wider and a narrower range', zone({ postalPatterns: ['1200-1299'] }), zone({ postalPatterns: ['1200-1209'] })],
    ['a beginning and a range as wide', zone({ postalPatterns: ['12*'] }), zone({ postalPatterns: ['1200-1299'] })],
    ['one city of two countries', zone({ cities: ['Dhaka'] }), zone({ country: 'IN', cities: ['Dhaka'] })],
  ])('can tell apart %s', (_title, one, other) => expect(sharedGround(one, other)).toBeUndefined());

  const code = fc.integer({ min: 1000, max: 1060 }).map(String);
  const pattern = fc.oneof(
    code,
    fc.constantFrom('1*', '10*', '100*', '103*'),
    fc.tuple(code, code).map(([a, b]) => (a <= b ? `${a}-${b}` : `${b}-${a}`)),
  );
  const reach = fc.oneof(
    fc.constant(zone({ country: null })),
    fc.record({
      country: fc.constantFrom('BD', 'IN'),
      cities: fc.subarray(['Dhaka', 'dhaka', 'Sylhet', 'ঢাকা']),
      postalPatterns: fc.array(pattern, { maxLength: 4 }),
    }),
  );
  const place = fc.record({
    country: fc.constantFrom('BD', 'IN', 'NP'),
    city: fc.option(fc.constantFrom('Dhaka', 'SYLHET', 'ঢাকা', 'Khulna')),
    postalCode: fc.option(code),
  });

  it('is exactly one or none, whichever way the zones of a store stand in its list', () => {
    fc.assert(
      fc.property(
        fc.array(reach, { maxLength: 12 }),
        fc.array(place, { minLength: 5, maxLength: 5 }),
        (drafts, places) => {
          const zones: Reach[] = [];
          for (const draft of drafts) {
            if (zones.every((other) => sharedGround(draft, other) === undefined)) zones.push(draft);
          }
          for (const address of places) {
            const found = zoneOf(zones, address);
            expect(zoneOf([...zones].reverse(), address)).toBe(found);
            if (found?.country) expect(found.country).toBe(address.country);
            if (zones.some(({ country: own }) => own === null)) expect(found).toBeDefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never meets two patterns that fix equally much of its code, unless they are tied', () => {
    fc.assert(
      fc.property(pattern, pattern, code, (one, other, at) => {
        const [left, right] = [readPattern(one), readPattern(other)];
        if (!left || !right) throw new Error(`"${one}" or "${other}" is no pattern`);
        if (!coversCode(left, at) || !coversCode(right, at)) return;
        expect(precisionOf(left) === precisionOf(right)).toBe(areTied(left, right));
      }),
      { numRuns: 1000 },
    );
  });
});
