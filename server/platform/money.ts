/**
 * Money is a whole number of minor units with a currency. Every division of money goes through this file,
 * so that parts always add up to the whole.
 */

/** The largest amount that a request may name, in minor units; sums of it stay far below what a number holds exactly. */
export const AMOUNT_MINOR_MAX = 9_000_000_000_000;

/** round(amount × numerator ÷ denominator), halves away from zero, exact at any size. */
export function roundRatio(amountMinor: number, numerator: number, denominator: number): number {
  if (denominator === 0) throw new RangeError('A ratio needs a denominator other than 0.');
  const product = BigInt(amountMinor) * BigInt(numerator) * (denominator < 0 ? -1n : 1n);
  const divisor = BigInt(Math.abs(denominator));
  const negative = product < 0n;
  const rounded = ((negative ? -product : product) * 2n + divisor) / (divisor * 2n);
  return toSafeNumber(negative ? -rounded : rounded);
}

/**
 * Splits a total in proportion to the weights by the largest remainder: the parts add up to the total exactly,
 * and none is more than one minor unit from its fair share. Equal remainders go to the earlier weight.
 * Without any weight the first part takes all.
 */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  if (weights.length === 0) {
    if (totalMinor === 0) return [];
    throw new RangeError('There is nothing to give the total to.');
  }
  if (weights.some((weight) => weight < 0)) throw new RangeError('A weight is at least 0.');
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n) return weights.map((_weight, index) => (index === 0 ? totalMinor : 0));
  const sign = totalMinor < 0 ? -1 : 1;
  const total = BigInt(Math.abs(totalMinor));
  const shares = weights.map((weight, index) => ({
    index,
    part: (total * BigInt(weight)) / whole,
    remainder: (total * BigInt(weight)) % whole,
  }));
  let left = total - shares.reduce((sum, share) => sum + share.part, 0n);
  const byRemainder = [...shares].sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.part += 1n;
    left -= 1n;
  }
  // `|| 0` keeps a share of nothing from becoming -0.
  return shares.map((share) => sign * toSafeNumber(share.part) || 0);
}

/**
 * What the units `from` (exclusive) to `to` (inclusive) of a line are worth when `units` of them are worth the total.
 * Taking a line apart in any steps adds up to its total.
 */
export function sliceOf(totalMinor: number, units: number, from: number, to: number): number {
  if (from < 0 || to < from || to > units) throw new RangeError(`Units ${from} to ${to} are not within ${units}.`);
  if (units === 0) return 0;
  return roundRatio(totalMinor, to, units) - roundRatio(totalMinor, from, units);
}

/** quantity × unit price; throws a RangeError when the product is too large to be held exactly. */
export function multiply(unitMinor: number, quantity: number): number {
  return toSafeNumber(BigInt(unitMinor) * BigInt(quantity));
}

/** The least multiple of the step that is not below the amount; a step of 1 leaves it as it is. */
export function roundUpTo(amountMinor: number, stepMinor: number): number {
  const restMinor = amountMinor % stepMinor;
  return restMinor === 0 ? amountMinor : amountMinor - restMinor + stepMinor;
}

const digitsByCurrency = new Map<string, number>();

/** How many decimals a currency has: 2 for BDT, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

/** As people read it: `BDT 1,060.00`. The digits come from the whole number, never from a float. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits > 0 ? `.${text.slice(-digits)}` : '';
  return `${amountMinor < 0 ? '-' : ''}${currency} ${whole}${fraction}`;
}

function toSafeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} minor units are more than can be held exactly.`);
  return number;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
