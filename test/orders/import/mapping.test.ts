import fc from 'fast-check';
import { methodOf, pricedLine, toMinor } from '../../../server/orders/import/shop-fields';
import { fromShopify } from '../../../server/orders/import/shopify';
import { fromWooCommerce } from '../../../server/orders/import/woocommerce';
import { placeOrderInput } from '../../../server/orders/orders.schema';
import { shopifyOrder, wooOrder } from './shops';

const BDT = { currency: 'BDT' };

/** What the refusal says of each field. */
function refusalOf(read: () => unknown): { code: string; paths: string[] } {
  try {
    read();
  } catch (error) {
    const { code, errors } = error as { code: string; errors: { path: string }[] };
    return { code, paths: errors.map(({ path }) => path) };
  }
  throw new Error('Nothing was refused.');
}

describe('An amount as a shop writes it', () => {
  it.each([
    ['500.00', 'BDT', 50_000],
    ['500', 'BDT', 50_000],
    ['500.5', 'BDT', 50_050],
    ['0.01', 'BDT', 1],
    ['-12.30', 'BDT', -1230],
    ['-0.00', 'BDT', 0],
    ['8.500', 'BDT', 850],
    [12.3, 'BDT', 1230],
    ['1500', 'JPY', 1500],
    ['1500.00', 'JPY', 1500],
    ['1.234', 'KWD', 1234],
    ['90071992547409.91', 'BDT', undefined],
    ['8.333', 'BDT', undefined],
    [0.1 + 0.2, 'BDT', undefined],
    ['1,000.00', 'BDT', undefined],
    ['BDT 5', 'BDT', undefined],
    ['', 'BDT', undefined],
    [null, 'BDT', undefined],
    [NaN, 'BDT', undefined],
    ['1e3', 'BDT', undefined],
  ])('%p in %s is %p minor units', (amount, currency, minor) => {
    expect(toMinor(amount, currency)).toBe(minor);
  });

  it('is never a minor unit off, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.constantFrom(['BDT', 2], ['JPY', 0], ['KWD', 3]),
        (amount, [currency, digits]) => {
          const minor = amount % 1_000_000_000_000;
          const text = String(minor).padStart(Number(digits) + 1, '0');
          const cut = text.length - Number(digits);
          const written = Number(digits) > 0 ? `${text.slice(0, cut)}.${text.slice(cut)}` : text;
          expect(toMinor(written, String(currency))).toBe(minor);
          expect(toMinor(`-${written}`, String(currency))).toBe(-minor || 0);
        },
      ),
    );
  });

  it('of a line is kept to the unit, though its price does not divide', () => {
    const money = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), money, money, (quantity, gross, discount) => {
        const net = Math.max(0, gross - discount);
        const line = pricedLine(quantity, gross, net);
        expect(line.quantity * line.unitPriceMinor - line.discountMinor).toBe(net);
        expect(line.discountMinor).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(line.unitPriceMinor)).toBe(true);
      }),
    );
  });
});

describe('A gateway', () => {
  it.each([
    ['Cash on Delivery (COD)', 'cod'],
    ['cash_on_delivery', 'cod'],
    ['bKash Payment', 'bkash'],
    ['Nagad', 'nagad'],
    ['rocket', 'rocket'],
    ['Bank Deposit', 'bank'],
    ['bacs', 'bank'],
    ['shopify_payments', 'card'],
    ['SSLCommerz', 'card'],
    ['Cash', 'cash'],
    ['bogus', undefined],
    ['encode', undefined],
  ])('"%s" is %p', (name, method) => expect(methodOf([name])).toBe(method));
});

describe('An order of Shopify', () => {
  it('becomes one of ours, to the last minor unit', () => {
    const draft = fromShopify(shopifyOrder(), BDT);
    expect(placeOrderInput.parse(draft)).toMatchObject({
      ...{ number: '2001', currency: 'BDT', paymentMethod: 'cod', fulfillmentMethod: 'delivery', notes: 'ring twice' },
      placedAt: '2026-11-20T12:30:00+06:00',
      customer: { name: 'Nadia Khan', email: 'nadia@example.com', phone: '+8801811111111' },
      shippingAddress: { line1: 'House 3, Road 7', city: 'Dhaka', postalCode: '1207', country: 'BD' },
      lines: [{ sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000, discountMinor: 1000 }],
      ...{ shippingMinor: 6000, taxMinor: 5000 },
    });
  });

  it('whose prices hold their tax keeps its total, with the tax apart', () => {
    const line = { sku: 'A', quantity: 3, price: '100.00', tax_lines: [{ price: '13.05' }] };
    const shipping = [{ price: '60.00', tax_lines: [{ price: '2.61' }] }];
    const taxed = { taxes_included: true, total_tax: '15.66', total_price: '360.00' };
    const draft = fromShopify(shopifyOrder({ ...taxed, line_items: [line], shipping_lines: shipping }), BDT) as any;
    const [{ quantity, unitPriceMinor, discountMinor }] = draft.lines;
    expect(quantity * unitPriceMinor - discountMinor).toBe(28_695);
    expect(draft).toMatchObject({ shippingMinor: 5739, taxMinor: 1566 });
  });

  it('without an address is fetched, and takes the old discount field where there is no other', () => {
    const line = { sku: 'A', quantity: 1, price: '100.00', total_discount: '25.00' };
    const bare = {
      shipping_address: undefined,
      line_items: [line],
      shipping_lines: [],
      total_tax: '0',
      total_price: '75',
    };
    expect(fromShopify(shopifyOrder(bare), BDT)).toMatchObject({
      fulfillmentMethod: 'pickup',
      lines: [{ unitPriceMinor: 10_000, discountMinor: 2500 }],
    });
  });

  it.each([
    [{ line_items: [{ title: 'Gift', quantity: 1, price: '1.00' }] }, 'SKU_MISSING', ['line_items[0].sku']],
    [{ payment_gateway_names: ['bogus'] }, 'PAYMENT_METHOD_UNKNOWN', ['payment_gateway_names']],
    [{ payment_gateway_names: 7 }, 'PAYMENT_METHOD_UNKNOWN', ['payment_gateway_names']],
    [{ total_tax: 'much' }, 'AMOUNT_INVALID', ['total_tax']],
    [{ total_price: '1.00' }, 'TOTAL_MISMATCH', ['total_price']],
    [{ total_price: 'x' }, 'AMOUNT_INVALID', ['total_price']],
    [
      { line_items: [{ sku: 'A', quantity: 0.5, price: '1.005' }, null] },
      'QUANTITY_INVALID',
      [...['line_items[0].quantity', 'line_items[0].price', 'line_items[1].quantity', 'line_items[1].sku']],
    ],
  ])('with %j is refused by name', (wrong, code, paths) => {
    expect(refusalOf(() => fromShopify(shopifyOrder(wrong), BDT))).toEqual({ code, paths });
  });

  it('of an unknown gateway takes the payment method that is said beside it', () => {
    const options = { ...BDT, paymentMethod: 'card' };
    expect(fromShopify(shopifyOrder({ payment_gateway_names: ['bogus'] }), options)).toMatchObject({
      paymentMethod: 'card',
    });
  });
});

describe('An order of WooCommerce', () => {
  it('becomes one of ours; the wallet’s id waits to be verified', () => {
    expect(placeOrderInput.parse(fromWooCommerce(wooOrder(), BDT))).toMatchObject({
      ...{ number: '727', paymentMethod: 'bkash', placedAt: '2026-11-20T06:30:00Z', notes: 'call first' },
      payment: { transactionId: 'DKK1A2B3C4' },
      customer: { name: 'Karim Uddin', email: 'karim@example.com', phone: '01711111111' },
      shippingAddress: { line1: 'House 9', city: 'Chattogram', postalCode: '4000', country: 'BD' },
      lines: [{ sku: 'TEA-01', quantity: 2, unitPriceMinor: 50_000, discountMinor: 0 }],
      ...{ shippingMinor: 6000, taxMinor: 3000 },
    });
  });

  it('keeps discounts by line, fees with the shipping, and the address of the parcel', () => {
    const order = wooOrder({
      ...{ payment_method: 'cod', payment_method_title: 'Cash on delivery', total: '960.00' },
      fee_lines: [{ name: 'COD fee', total: '20.00' }],
      line_items: [{ sku: 'A', quantity: 3, subtotal: '1000.00', total: '850.00' }],
      shipping: { first_name: 'Rina', address_1: 'Shop 4', city: 'Sylhet', postcode: '3100', country: 'BD' },
    });
    const draft = fromWooCommerce(order, BDT) as any;
    expect(draft).toMatchObject({ paymentMethod: 'cod', shippingMinor: 8000, shippingAddress: { city: 'Sylhet' } });
    expect(draft.payment).toBeUndefined();
    const [{ unitPriceMinor, discountMinor }] = draft.lines;
    expect(3 * unitPriceMinor - discountMinor).toBe(85_000);
  });

  it('that is fetched has no address', () => {
    const pickup = wooOrder({ shipping_lines: [{ method_id: 'local_pickup' }] });
    expect(fromWooCommerce(pickup, BDT)).toMatchObject({ fulfillmentMethod: 'pickup' });
  });

  it.each([
    [{ line_items: [{ name: 'Gift', quantity: 1, subtotal: '0', total: '0' }] }, 'SKU_MISSING', ['line_items[0].sku']],
    [{ payment_method: 'other', payment_method_title: '' }, 'PAYMENT_METHOD_UNKNOWN', ['payment_method']],
    [{ fee_lines: [{ total: '-100.00' }], total: '1090.00' }, 'TOTAL_MISMATCH', ['total']],
  ])('with %j is refused by name', (wrong, code, paths) => {
    expect(refusalOf(() => fromWooCommerce(wooOrder(wrong), BDT))).toEqual({ code, paths });
  });
});
