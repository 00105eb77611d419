import { assertTotal, methodField } from './shop-checks';
import { type ImportOptions, type OrderDraft, pricedLine, ShopFields } from './shop-fields';

const WALLETS: ReadonlySet<string> = new Set(['bkash', 'nagad', 'rocket']);

/** A WooCommerce order (REST API v3, as its webhooks send it) as one of ours. Throws 422 with every field that is wrong. */
export function fromWooCommerce(json: unknown, options: ImportOptions): OrderDraft {
  const order = new ShopFields(json, options.currency);
  const gateways = [order.text('payment_method'), order.text('payment_method_title')];
  const paymentMethod = methodField(
    order,
    'payment_method',
    gateways.filter((name) => name !== undefined),
    options,
  );
  const transactionId = order.text('transaction_id');
  const draft = {
    number: order.text('number', 'id')?.replace(/^#/, ''),
    currency: order.text('currency'),
    placedAt: placedAt(order),
    notes: order.text('customer_note'),
    paymentMethod,
    // The wallet's id was typed by the customer: it waits for somebody to find the money.
    ...(WALLETS.has(paymentMethod) && transactionId ? { payment: { transactionId } } : {}),
    customer: customerOf(order),
    ...deliveryOf(order),
    lines: order.list('line_items').map(lineOf),
    // A fee, as for cash on delivery, is what bringing the goods costs.
    shippingMinor: order.money('shipping_total') + order.sum('fee_lines', 'total'),
    taxMinor: order.money('total_tax'),
  };
  order.assertRight();
  assertTotal(order, 'total', draft);
  return draft;
}

/** WooCommerce writes UTC without saying so. */
function placedAt(order: ShopFields): string | undefined {
  const time = order.text('date_created_gmt');
  return time && !/(?:Z|[+-]\d{2}:\d{2})$/.test(time) ? `${time}Z` : time;
}

function customerOf(order: ShopFields): Record<string, string | undefined> {
  const name = ['billing.first_name', 'billing.last_name']
    .map((field) => order.text(field))
    .filter(Boolean)
    .join(' ');
  return {
    name: name || order.text('shipping.first_name', 'billing.company', 'billing.email', 'billing.phone'),
    email: order.text('billing.email'),
    phone: order.text('billing.phone', 'shipping.phone'),
  };
}

function deliveryOf(order: ShopFields): OrderDraft {
  const isPickup = order.list('shipping_lines').some((line) => /pickup/i.test(line.text('method_id') ?? ''));
  if (isPickup) return { fulfillmentMethod: 'pickup' };
  // A customer who gives one address wants the goods there.
  const part = order.text('shipping.address_1') ? 'shipping' : 'billing';
  const field = (name: string): string | undefined => order.text(`${part}.${name}`);
  return {
    fulfillmentMethod: 'delivery',
    shippingAddress: {
      line1: field('address_1'),
      line2: field('address_2'),
      city: field('city') ?? field('state'),
      region: field('state'),
      postalCode: field('postcode'),
      country: field('country'),
    },
  };
}

/** WooCommerce gives what a line is worth before and after its discounts, both without tax. */
function lineOf(line: ShopFields): OrderDraft {
  const quantity = line.quantity('quantity');
  const sku =
    line.text('sku') ??
    line.wrong(
      'sku',
      'SKU_MISSING',
      `"${line.text('name') ?? 'This line'}" has no SKU. Give it one in WooCommerce.`,
      '',
    );
  return { sku, ...pricedLine(quantity, line.money('subtotal'), line.money('total')) };
}
