import { lineTotalMinor } from '../order-totals';
import type { PricePolicy } from './shortage.schema';

/** What a substitute costs: its line's price, discount and total, in minor units. */
export interface SubstitutePrice {
  unitPriceMinor: number;
  discountMinor: number;
  totalMinor: number;
}

/** What is replaced: its unit price, and what the replaced units were worth after discount. */
export interface Replaced {
  quantity: number;
  unitPriceMinor: number;
  worthMinor: number;
}

/** keep: to the minor unit what the old units cost, discount included; new: the product's price; lower: the smaller. */
export function substitutePrice(policy: PricePolicy, replaced: Replaced, priceMinor: number): SubstitutePrice {
  const { quantity, unitPriceMinor, worthMinor } = replaced;
  const atNew = { unitPriceMinor: priceMinor, discountMinor: 0, totalMinor: quantity * priceMinor };
  const atOld = { quantity, unitPriceMinor, discountMinor: quantity * unitPriceMinor - worthMinor };
  const kept = {
    unitPriceMinor: atOld.unitPriceMinor,
    discountMinor: atOld.discountMinor,
    totalMinor: lineTotalMinor(atOld),
  };
  if (policy === 'new') return atNew;
  return policy === 'keep' || kept.totalMinor <= atNew.totalMinor ? kept : atNew;
}
