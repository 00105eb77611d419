import type { OrderLineRow } from '../orders.models';
import type { OrderState } from '../order-state';
import type { OrderDraft } from './shop-fields';

type WantedLine = { sku: string; quantity: number; unitPriceMinor?: number; discountMinor?: number };

/**
 * Whether an order was placed with this basket: the same goods at the same prices, shipping and tax, in any order of
 * lines. What the request leaves to us (a price, shipping, tax) is not compared. Pure.
 */
export function isSameBasket({ order, lines }: OrderState, wanted: OrderDraft): boolean {
  const { shippingMinor, taxMinor } = wanted as { shippingMinor?: number; taxMinor?: number };
  if (shippingMinor !== undefined && shippingMinor !== order.shippingMinor) return false;
  if (taxMinor !== undefined && taxMinor !== order.taxMinor) return false;
  const left = lines.filter((line) => line.parentLineId === null);
  for (const line of wanted.lines as WantedLine[]) {
    const found = left.findIndex((one) => isSameLine(one, line));
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return left.length === 0;
}

function isSameLine(line: OrderLineRow, { sku, quantity, unitPriceMinor, discountMinor = 0 }: WantedLine): boolean {
  const samePrice = unitPriceMinor === undefined || unitPriceMinor === line.unitPriceMinor;
  return line.sku === sku && line.quantity === quantity && samePrice && discountMinor === line.discountMinor;
}
