import { assertTotal, methodField } from './shop-checks';
import { type ImportOptions, type OrderDraft, pricedLine, ShopFields } from './shop-fields';

/** A Shopify order (Admin REST API, as its webhooks send it) as one of ours. Throws 422 with every field that is wrong. */
export function fromShopify(json: unknown, options: ImportOptions): OrderDraft {
  const order = new ShopFields(json, options.currency);
  const taxIncluded = order.value('taxes_included') === true;
  const draft = {
    number: order.text('name', 'order_number', 'id')?.replace(/^#/, ''),
    currency: order.text('currency'),
    placedAt: order.text('created_at'),
    notes: order.text('note'),
    paymentMethod: methodField(order, 'payment_gateway_names', gatewaysOf(order), options),
    customer: customerOf(order),
    ...deliveryOf(order),
    lines: order.list('line_items').map((line) => lineOf(line, taxIncluded)),
    shippingMinor: shippingOf(order, taxIncluded),
    taxMinor: order.money('total_tax'),
  };
  order.assertRight();
  assertTotal(order, 'total_price', draft);
  return draft;
}

function gatewaysOf(order: ShopFields): string[] {
  const names = order.value('payment_gateway_names');
  const listed = Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  const gateway = order.text('gateway');
  return gateway ? [...listed, gateway] : listed;
}

function customerOf(order: ShopFields): Record<string, string | undefined> {
  const first = order.text('customer.first_name', 'shipping_address.first_name', 'billing_address.first_name');
  const last = order.text('customer.last_name', 'shipping_address.last_name', 'billing_address.last_name');
  const name = [first, last].filter(Boolean).join(' ') || order.text('shipping_address.name', 'billing_address.name');
  return {
    name: name ?? order.text('email', 'phone'),
    email: order.text('email', 'contact_email', 'customer.email'),
    phone: order.text('phone', 'shipping_address.phone', 'customer.phone', 'billing_address.phone'),
  };
}

/** An order without an address is fetched by the customer. */
function deliveryOf(order: ShopFields): OrderDraft {
  if (!order.value('shipping_address')) return { fulfillmentMethod: 'pickup' };
  const field = (name: string): string | undefined => order.text(`shipping_address.${name}`);
  return {
    fulfillmentMethod: 'delivery',
    shippingAddress: {
      line1: field('address1'),
      line2: field('address2'),
      city: field('city') ?? field('province'),
      region: field('province'),
      postalCode: field('zip'),
      country: field('country_code'),
    },
  };
}

/** A price that holds its tax is taken apart: the goods without it, the tax with the order's. */
function lineOf(line: ShopFields, taxIncluded: boolean): OrderDraft {
  const quantity = line.quantity('quantity');
  const taxMinor = taxIncluded ? line.sum('tax_lines', 'price') : 0;
  const fullMinor = line.money('price') * quantity;
  const hasAllocations = line.list('discount_allocations').length > 0;
  const discountMinor = hasAllocations ? line.sum('discount_allocations', 'amount') : line.money('total_discount');
  const sku =
    line.text('sku') ??
    line.wrong(
      'sku',
      'SKU_MISSING',
      `"${line.text('title', 'name') ?? 'This line'}" has no SKU. Give it one in Shopify.`,
      '',
    );
  return { sku, ...pricedLine(quantity, fullMinor - taxMinor, fullMinor - taxMinor - discountMinor) };
}

function shippingOf(order: ShopFields, taxIncluded: boolean): number {
  return order.list('shipping_lines').reduce((total, line) => {
    const hasOwn = line.value('discounted_price') !== undefined && line.value('discounted_price') !== null;
    const costMinor = hasOwn
      ? line.money('discounted_price')
      : line.money('price') - line.sum('discount_allocations', 'amount');
    return total + costMinor - (taxIncluded ? line.sum('tax_lines', 'price') : 0);
  }, 0);
}
