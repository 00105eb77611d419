import type { ReadContext } from '../platform/context';
import { formatMoney } from '../platform/money';
import { reversalBetween } from './order-reversal';
import { NO_COUNTS } from './order-lines';
import { type OrderState, readState } from './order-state';
import type { OrderLineRow } from './orders.models';

export interface TotalLine {
  kind: 'item' | 'discount' | 'shipping' | 'tax' | 'substitute' | 'taken_off';
  label: string;
  amountMinor: number;
}

export interface TotalView {
  orderId: string;
  number: string;
  currency: string;
  /** As ordered; they add up to `totalMinor`. */
  lines: TotalLine[];
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
  /** What changed since: goods taken off the order, others in their place. */
  changes: TotalLine[];
  paidMinor: number;
  refundedMinor: number;
  balanceDueMinor: number;
  refundsPayableMinor: number;
}

/** What an order costs and why, line by line, all in minor units. Throws 404 ORDER_NOT_FOUND. */
export async function explainTotal(ctx: ReadContext, idOrNumber: string): Promise<TotalView> {
  const state = await readState(ctx, idOrNumber);
  const { order } = state;
  const { subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor } = order;
  return {
    orderId: order.id,
    number: order.number,
    currency: order.currency,
    lines: linesAsOrdered(state),
    ...{ subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor },
    changes: changesSince(state),
    paidMinor: order.paidMinor,
    refundedMinor: order.refundedMinor,
    balanceDueMinor: order.receivableMinor,
    refundsPayableMinor: order.refundsPayableMinor,
  };
}

/** Pure: subtotal − discount + shipping + tax, taken apart. */
export function linesAsOrdered({ order, lines }: OrderState): TotalLine[] {
  const ordered = lines.filter((line) => line.parentLineId === null);
  const items = ordered.flatMap((line): TotalLine[] => [
    { kind: 'item', label: itemLabel(line, order.currency), amountMinor: line.quantity * line.unitPriceMinor },
    { kind: 'discount', label: `Discount on ${line.name}`, amountMinor: -line.discountMinor },
  ]);
  const rest: TotalLine[] = [
    { kind: 'shipping', label: 'Shipping', amountMinor: order.shippingMinor },
    { kind: 'tax', label: 'Tax', amountMinor: order.taxMinor },
  ];
  // A thing without a price is shown; a discount or a charge of nothing is not.
  return [...items, ...rest].filter(({ kind, amountMinor }) => kind === 'item' || amountMinor !== 0);
}

function changesSince({ order, lines }: OrderState): TotalLine[] {
  const substitutes = lines
    .filter((line) => line.parentLineId !== null)
    .map((line): TotalLine => ({
      kind: 'substitute',
      label: `Instead: ${itemLabel(line, order.currency)}`,
      amountMinor: line.totalMinor,
    }));
  const untouched = lines.filter((line) => line.parentLineId === null).map((line) => ({ ...line, ...NO_COUNTS }));
  const gone = reversalBetween(order, untouched, lines);
  const takenOff: TotalLine = {
    kind: 'taken_off',
    label: 'Taken off: cancelled, replaced or returned',
    amountMinor: -(gone.salesMinor + gone.shippingMinor + gone.taxMinor),
  };
  return [...substitutes, takenOff].filter(({ amountMinor }) => amountMinor !== 0);
}

function itemLabel({ quantity, name, unitPriceMinor }: OrderLineRow, currency: string): string {
  return `${quantity} × ${name} at ${formatMoney(unitPriceMinor, currency)}`;
}
