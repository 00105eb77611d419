export interface PricedLine {
  quantity: number;
  unitPriceMinor: number;
  discountMinor: number;
}

export interface OrderTotals {
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
}

/** What a line costs the customer, in minor units. */
export function lineTotalMinor(line: PricedLine): number {
  return line.quantity * line.unitPriceMinor - line.discountMinor;
}

/** subtotal − discount + shipping + tax = total, all in minor units of one currency. */
export function orderTotals(
  lines: readonly PricedLine[],
  { shippingMinor, taxMinor }: { shippingMinor: number; taxMinor: number },
): OrderTotals {
  const subtotalMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  const discountMinor = lines.reduce((sum, line) => sum + line.discountMinor, 0);
  const totalMinor = subtotalMinor - discountMinor + shippingMinor + taxMinor;
  return { subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor };
}
