import {
  count,
  createTable,
  dropTable,
  flag,
  id,
  key,
  type Migration,
  nullable,
  reference,
  text,
  time,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'cancellation_cases',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      order_number: text(64),
      // An order that comes back after a part of it was cancelled can be cancelled again.
      round: count(),
      status: key(16),
      reason: key(32),
      note: text(2000),
      customer_contact: nullable(text(254)),
      requested_at: nullable(time()),
      restock: flag(),
      notify: flag(),
      from_status: key(32),
      event_id: nullable(key(64)),
      opened_at: time(),
      opened_by: text(120),
      completed_at: nullable(time()),
    },
    {
      unique: [['order_id', 'round']],
      indexes: [
        ['status', 'id'],
        ['store_id', 'id'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'cancellation_cases');
