import { createTable, dropTable, id, key, type Migration, minor, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'payments',
    {
      id: id(),
      order_id: reference('orders'),
      store_id: reference('stores'),
      method: key(16),
      status: key(16),
      amount_minor: minor(),
      currency: key(3),
      transaction_id: nullable(key(64)),
      payer_phone: nullable(text(32)),
      reason: nullable(text(500)),
      submitted_at: time(),
      decided_at: nullable(time()),
      decided_by: nullable(text(120)),
    },
    { unique: [['method', 'transaction_id']], indexes: [['order_id'], ['status', 'id']], checks: ['amount_minor > 0'] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'payments');
