import {
  count,
  createTable,
  dropTable,
  id,
  json,
  key,
  type Migration,
  minor,
  nullable,
  reference,
  text,
  time,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'refunds',
    {
      id: id(),
      order_id: reference('orders'),
      store_id: reference('stores'),
      status: key(16),
      amount_minor: minor(),
      currency: key(3),
      // Known once it is sent: the account the money left, and the wallet's name for the transfer.
      method: nullable(key(16)),
      transaction_id: nullable(key(64)),
      reason: text(500),
      note: text(1000),
      order_lines: json(),
      failure: nullable(text(500)),
      attempts: count(),
      requested_at: time(),
      requested_by: text(120),
      approved_at: nullable(time()),
      approved_by: nullable(text(120)),
      executed_at: nullable(time()),
      executed_by: nullable(text(120)),
    },
    {
      unique: [['method', 'transaction_id']],
      indexes: [['order_id', 'id']],
      checks: ['amount_minor > 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'refunds');
