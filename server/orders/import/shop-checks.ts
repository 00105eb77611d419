import { ValidationError } from '../../platform/errors';
import { type ImportOptions, methodOf, type OrderDraft, type ShopFields } from './shop-fields';

/** The payment method of the shop's gateway; one that says nothing needs `paymentMethod` beside the orders. */
export function methodField(
  order: ShopFields,
  name: string,
  gateways: readonly string[],
  { paymentMethod }: ImportOptions,
): string {
  const method = methodOf(gateways) ?? paymentMethod;
  if (method) return method;
  const named = gateways.length > 0 ? `"${gateways.join(', ')}" is no payment method we know.` : 'No gateway is named.';
  return order.wrong(
    name,
    'PAYMENT_METHOD_UNKNOWN',
    `${named} Send paymentMethod beside the orders to say what it is.`,
    '',
  );
}

/** What the shop charged must be what the parts add up to, or money would be lost on the way. Throws 422 TOTAL_MISMATCH. */
export function assertTotal(order: ShopFields, name: string, draft: OrderDraft): void {
  if (order.text(name) === undefined) return;
  const shopTotalMinor = order.money(name);
  order.assertRight();
  const { lines, shippingMinor, taxMinor } = draft as {
    lines: { quantity: number; unitPriceMinor: number; discountMinor: number }[];
    shippingMinor: number;
    taxMinor: number;
  };
  const goodsMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor - line.discountMinor, 0);
  const totalMinor = goodsMinor + shippingMinor + taxMinor;
  if (totalMinor === shopTotalMinor) return;
  const message = `The parts of the order add up to ${totalMinor}, the shop charged ${shopTotalMinor} (minor units). Tips, duties and refunds are not taken over: place this order by hand.`;
  throw new ValidationError('TOTAL_MISMATCH', message, {
    errors: [{ path: name, code: 'TOTAL_MISMATCH', message: `The parts add up to ${totalMinor}.` }],
    facts: { totalMinor, shopTotalMinor },
  });
}
