/** Orders as Shopify and WooCommerce send them, cut down to what matters; made up by hand. */
export function shopifyOrder(overrides: Record<string, unknown> = {}): Record<string, any> {
  return {
    id: 5_550_001,
    name: '#2001',
    order_number: 2001,
    created_at: '2026-11-20T12:30:00+06:00',
    currency: 'BDT',
    note: 'ring twice',
    email: 'nadia@example.com',
    phone: '+8801811111111',
    payment_gateway_names: ['Cash on Delivery (COD)'],
    taxes_included: false,
    total_tax: '50.00',
    total_price: '1100.00',
    customer: { first_name: 'Nadia', last_name: 'Khan' },
    shipping_address: {
      address1: 'House 3, Road 7',
      address2: null,
      city: 'Dhaka',
      province: 'Dhaka Division',
      zip: '1207',
      country_code: 'BD',
    },
    line_items: [
      {
        sku: 'TEA-01',
        title: 'Green tea',
        quantity: 2,
        price: '500.00',
        total_discount: '0.00',
        discount_allocations: [{ amount: '10.00' }],
        tax_lines: [{ price: '50.00' }],
      },
    ],
    shipping_lines: [{ title: 'Standard', price: '60.00', discounted_price: '60.00' }],
    ...overrides,
  };
}

export function wooOrder(overrides: Record<string, unknown> = {}): Record<string, any> {
  return {
    id: 727,
    number: '727',
    status: 'processing',
    currency: 'BDT',
    date_created_gmt: '2026-11-20T06:30:00',
    customer_note: 'call first',
    payment_method: 'bkash',
    payment_method_title: 'bKash',
    transaction_id: 'DKK1A2B3C4',
    total: '1090.00',
    total_tax: '30.00',
    shipping_total: '60.00',
    billing: {
      first_name: 'Karim',
      last_name: 'Uddin',
      email: 'karim@example.com',
      phone: '01711111111',
      address_1: 'House 9',
      address_2: '',
      city: 'Chattogram',
      state: 'BD-10',
      postcode: '4000',
      country: 'BD',
    },
    shipping: { first_name: '', address_1: '' },
    shipping_lines: [{ method_id: 'flat_rate', total: '60.00' }],
    fee_lines: [],
    line_items: [{ sku: 'TEA-01', name: 'Green tea', quantity: 2, subtotal: '1000.00', total: '1000.00' }],
    ...overrides,
  };
}
