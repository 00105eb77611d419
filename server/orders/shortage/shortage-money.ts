import { placed, type Posting, reversed } from '../../accounting';
import { customerBalances } from '../order-money';
import { type Reversal, reversalBetween, substitutionBetween } from '../order-reversal';
import type { OrderLineRow, OrderRow } from '../orders.models';

/** What an answer does to the bill, in minor units. */
export interface MoneyChange {
  /** The customer pays so much more in all, or less than nothing. */
  differenceMinor: number;
  /** Part of it that was paid before and is owed back now. */
  owedBackMinor: number;
  taxMinor: number;
  shippingMinor: number;
}

export interface MoneyPlan extends MoneyChange {
  postings: Posting[];
}

type Bill = Pick<OrderRow, 'shippingMinor' | 'taxMinor' | 'receivableMinor'>;

/** Units that will not come and are taken off the bill: what is still owed goes first, the rest is owed back. */
export function planRefund(order: Bill, lines: readonly OrderLineRow[], units: ReadonlyMap<string, number>): MoneyPlan {
  const after = lines.map((line) => ({
    ...line,
    cancelledQuantity: line.cancelledQuantity + (units.get(line.id) ?? 0),
  }));
  const sale = reversalBetween(order, lines, after);
  const postings = reversed({ ...sale, balanceDueMinor: order.receivableMinor });
  return { postings, ...changeOf(postings), taxMinor: 0 - sale.taxMinor, shippingMinor: 0 - sale.shippingMinor };
}

/**
 * The old units go from the sale and the substitute comes to it, in one entry. The substitute is charged first, so
 * that what the customer has paid for the old units pays for it, and only the rest is owed, or owed back.
 */
export function planSubstitution(
  order: Bill,
  lines: readonly OrderLineRow[],
  { line, substitute }: { line: OrderLineRow; substitute: OrderLineRow },
): MoneyPlan {
  const { quantity } = substitute;
  const replaced = lines.map((one) =>
    one.id === line.id ? { ...one, substitutedQuantity: one.substitutedQuantity + quantity } : one,
  );
  const { gone, come } = substitutionBetween(order, { before: lines, replaced, substitute });
  const balanceDueMinor = order.receivableMinor + sumOf(come);
  const postings = [...placed(come), ...reversed({ ...gone, balanceDueMinor })];
  return { postings, ...changeOf(postings), taxMinor: come.taxMinor - gone.taxMinor, shippingMinor: 0 };
}

/** What so many units of a line are worth now; see `substitutionBetween`. */
export function worthOf(order: Bill, lines: readonly OrderLineRow[], line: OrderLineRow, quantity: number): number {
  const after = lines.map((one) =>
    one.id === line.id ? { ...one, substitutedQuantity: one.substitutedQuantity + quantity } : one,
  );
  return reversalBetween(order, lines, after).salesMinor;
}

function changeOf(postings: readonly Posting[]): { differenceMinor: number; owedBackMinor: number } {
  const { owesMinor, owedBackMinor } = customerBalances(postings);
  return { differenceMinor: owesMinor - owedBackMinor, owedBackMinor };
}

function sumOf({ salesMinor, shippingMinor, taxMinor }: Reversal): number {
  return salesMinor + shippingMinor + taxMinor;
}
