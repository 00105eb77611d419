import { count, createTable, dropTable, id, json, key, longText, type Migration, minor, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'orders',
    {
      id: id(),
      store_id: reference('stores'),
      number: text(64),
      status: key(24),
      payment_status: key(24),
      version: count(),
      fulfillment_method: key(16),
      payment_method: key(16),
      currency: key(3),
      customer_name: text(200),
      customer_email: nullable(text(254)),
      customer_phone: nullable(text(32)),
      shipping_address: nullable(json()),
      notes: longText(),
      subtotal_minor: minor(),
      discount_minor: minor(),
      shipping_minor: minor(),
      tax_minor: minor(),
      total_minor: minor(),
      paid_minor: minor(),
      receivable_minor: minor(),
      refunds_payable_minor: minor(),
      refunded_minor: minor(),
      clearing_minor: minor(),
      submitted_payments: count(),
      handover: json(),
      expires_at: nullable(time()),
      placed_at: time(),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [['store_id', 'number']],
      indexes: [['store_id', 'placed_at', 'id'], ['status', 'placed_at', 'id'], ['payment_status', 'placed_at', 'id'], ['expires_at']],
      checks: ['receivable_minor >= 0', 'refunds_payable_minor >= 0', 'clearing_minor >= 0', 'total_minor >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'orders');
