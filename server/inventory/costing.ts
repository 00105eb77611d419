import { multiply, roundRatio } from '../platform/money';

/** Units and what they are worth in all: a moving average is their ratio, never stored and so never rounded. */
export interface Pool {
  units: number;
  valueMinor: number;
}

/**
 * What `quantity` units cost as they leave the pool: their share, rounded; the last units take the rest.
 * So everything that ever leaves, and what is left, add up to what came in.
 */
export function takeOut({ units, valueMinor }: Pool, quantity: number): number {
  if (quantity < 0 || quantity > units) throw new RangeError(`${quantity} units cannot leave a pool of ${units}.`);
  if (quantity === units) return valueMinor;
  return roundRatio(valueMinor, quantity, units);
}

/** What found units are worth: the pool's average, or the product's own cost when the pool is empty. */
export function valueOfFound({ units, valueMinor }: Pool, quantity: number, unitCostMinor: number): number {
  return units > 0 ? roundRatio(valueMinor, quantity, units) : multiply(unitCostMinor, quantity);
}

/** The pool that a level's shelf is; outgoing units have their own, with the cost they left with. */
export function shelfOf(level: { onHand: number; unavailable: number; valueMinor: number }): Pool {
  return { units: level.onHand + level.unavailable, valueMinor: level.valueMinor };
}
