import fc from 'fast-check';
import { type Reach, zoneOf } from '../../../server/shipping/rates/zone-match';
import { groundOf, sharedGround as sharedGroundOf } from '../../../server/shipping/rates/zone-overlap';
import { overlapsPlainly, sharedGround } from './plain-overlap';

const ZONES = 100;
const PLACES = 200;

const code = fc.integer({ min: 1000, max: 1030 }).map(String);
const range = (most: number) =>
  fc
    .tuple(fc.integer({ min: 1000, max: 1030 }), fc.integer({ min: 0, max: most }))
    .map(([from, more]) => `${from}-${from + more}`);
const pattern = fc.oneof(code, fc.constantFrom('1*', '10*', '100*', '১০*', '100-130', '115-145'), range(30), range(3));
const reach = fc.record({
  country: fc.constantFrom('BD', 'BD', 'IN'),
  cities: fc.subarray(['Dhaka', 'dhaka', 'Sylhet', 'ঢাকা', "Cox's Bazar", 'Cox’s Bazar'], { maxLength: 2 }),
  postalPatterns: fc.array(pattern, { maxLength: 6 }),
});

/** Each zone with codes, beginnings and ranges of its own, none of which ties with another's. */
const manyZones = (): Reach[] =>
  Array.from({ length: ZONES }, (_zone, n) => ({
    country: 'BD',
    cities: [],
    postalPatterns: Array.from({ length: PLACES }, (_place, m) => {
      const at = 1_000_000 + (n * PLACES + m) * 100;
      return [`${at}`, `${at / 10}*`, `${at}-${at + 50}`][m % 3] ?? '';
    }),
  }));

describe('Whether two zones share ground', () => {
  it('is what comparing each place with each would say', () => {
    fc.assert(
      fc.property(reach, reach, (one, other) => {
        expect(sharedGround(one, other) !== undefined).toBe(overlapsPlainly(one, other));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is told of ranges side by side by the last and the first code', () => {
    const zoneWith = (...postalPatterns: string[]): Reach => ({ country: 'BD', cities: [], postalPatterns });
    const many = zoneWith('1000-1009', '1020-1029', '1040-1049');
    for (const beside of ['1010-1019', '1030-1039', '0990-0999', '1050-1059']) {
      expect(sharedGround(many, zoneWith(beside))).toBeUndefined();
      expect(sharedGround(zoneWith(beside), many)).toBeUndefined();
    }
    for (const across of ['1009-1018', '1011-1020', '1029-1038', '1031-1040', '0991-1000', '1049-1058']) {
      expect(sharedGround(many, zoneWith(across))).toBe(across);
      expect(sharedGround(zoneWith(across), many)).toBeDefined();
    }
  });

  it('is known at once for as many zones and places as a store may have', () => {
    const [zone, ...others] = manyZones() as [Reach, ...Reach[]];
    const startedAt = performance.now();
    const ground = groundOf(zone);
    expect(others.filter((other) => sharedGroundOf(ground, groundOf(other)) !== undefined)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

it('The zone of an address is found in a moment among as many zones and places as a store may have', () => {
  const zones = manyZones();
  const last = zones.at(-1);
  const place = { country: 'BD', city: 'Sylhet', postalCode: last?.postalPatterns[0] };
  const times = Array.from({ length: 30 }, () => {
    const startedAt = performance.now();
    expect(zoneOf(zones, place)).toBe(last);
    return performance.now() - startedAt;
  });
  // The best of many: what else the machine is busy with is not counted.
  expect(Math.min(...times)).toBeLessThan(10);
});
