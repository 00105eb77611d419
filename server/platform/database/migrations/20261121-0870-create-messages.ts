import { createTable, dropTable, id, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'messages',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: nullable(reference('orders')),
      audience: key(16),
      message: key(32),
      recipient: text(254),
      natural_key: key(64),
      mail_id: key(),
      status: key(16),
      note: nullable(text(1000)),
      requested_by: text(120),
      queued_at: time(),
      sent_at: nullable(time()),
      failed_at: nullable(time()),
      error: nullable(text(500)),
    },
    {
      unique: [['natural_key'], ['mail_id']],
      indexes: [
        ['order_id', 'id'],
        ['store_id', 'id'],
        ['store_id', 'status', 'id'],
      ],
    },
  );

export const down: Migration = (schema) => dropTable(schema, 'messages');
