import fc from 'fast-check';
import {
  allocate,
  formatMoney,
  minorDigits,
  multiply,
  roundRatio,
  roundUpTo,
  sliceOf,
} from '../../server/platform/money';

const amounts = fc.integer({ min: -9e12, max: 9e12 });
const weights = fc.array(fc.integer({ min: 0, max: 9e12 }), { minLength: 1, maxLength: 40 });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('splitting an amount by the largest remainder', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [1000, [333, 333, 334], [333, 333, 334]],
    [5, [0, 0], [5, 0]],
    [0, [3, 4], [0, 0]],
    [-100, [1, 2], [-33, -67]],
    [7, [5], [7]],
    [0, [], []],
  ])('gives %d over %j as %j', (total, parts, expected) => {
    expect(allocate(total, parts)).toEqual(expected);
  });

  it('adds up to the whole, and no part is a unit away from its fair share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        const shares = allocate(total, parts);
        expect(sum(shares)).toBe(total);
        const whole = parts.reduce((all, part) => all + BigInt(part), 0n);
        if (whole === 0n) return;
        shares.forEach((share, index) => {
          const distance = BigInt(share) * whole - BigInt(total) * BigInt(parts[index] ?? 0);
          expect(distance < whole && distance > -whole).toBe(true);
        });
      }),
    );
  });

  it('never gives a part more than its weight when the total is no more than the weights', () => {
    const wholes = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(wholes, fc.double({ min: 0, max: 1, noNaN: true }), (parts, fraction) => {
        const shares = allocate(Math.floor(sum(parts) * fraction), parts);
        shares.forEach((share, index) => expect(share).toBeLessThanOrEqual(parts[index] ?? 0));
      }),
    );
  });

  it('refuses negative weights and a total that nobody can take', () => {
    expect(() => allocate(10, [1, -1])).toThrow(RangeError);
    expect(() => allocate(10, [])).toThrow(RangeError);
  });
});

describe('rounding a ratio', () => {
  it.each([
    [10, 1, 4, 3],
    [-10, 1, 4, -3],
    [10, 1, 3, 3],
    [25_000, 2, 50, 1000],
    [9e12, 999_999, 1_000_000, 8_999_991_000_000],
    [10, 1, -4, -3],
  ])('%d × %d ÷ %d is %d', (amount, numerator, denominator, expected) => {
    expect(roundRatio(amount, numerator, denominator)).toBe(expected);
  });

  it('knows no ratio to 0', () => {
    expect(() => roundRatio(1, 1, 0)).toThrow(RangeError);
  });
});

describe('taking a line apart unit by unit', () => {
  it('adds up to the line in any steps', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 10 });
    fc.assert(
      fc.property(amounts, cuts, (total, places) => {
        const steps = [0, ...places.sort((a, b) => a - b), 1000];
        const slices = steps.slice(1).map((to, index) => sliceOf(total, 1000, steps[index] ?? 0, to));
        expect(sum(slices)).toBe(total);
      }),
    );
  });
});

describe('money as people read it', () => {
  it.each([
    [106_000, 'BDT', 'BDT 1,060.00'],
    [5, 'BDT', 'BDT 0.05'],
    [-123_456_789, 'BDT', '-BDT 1,234,567.89'],
    [1500, 'JPY', 'JPY 1,500'],
    [1500, 'KWD', 'KWD 1.500'],
  ])('%d minor units of %s read %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text);
  });

  it('knows how many decimals a currency has', () => {
    expect(['BDT', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 0, 3]);
  });

  it('refuses a product that a number cannot hold exactly', () => {
    expect(multiply(30_000, 50)).toBe(1_500_000);
    expect(() => multiply(9e12, 1_000_000)).toThrow(RangeError);
  });
});

describe('Rounding up to a step', () => {
  it.each([
    [0, 100, 0],
    [1, 100, 100],
    [100, 100, 100],
    [101, 100, 200],
    [12_639, 1, 12_639],
    [9_000_000_000_000_001, 10, 9_000_000_000_000_010],
  ])('brings %s by steps of %s to %s', (amountMinor, stepMinor, expected) => {
    expect(roundUpTo(amountMinor, stepMinor)).toBe(expected);
  });
});
