import { count, createTable, json, key, nullable, serial, text, time, withDefault, type Migration } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'outbox',
    {
      id: serial(),
      event_id: nullable(key()),
      kind: key(5),
      name: key(80),
      topic: key(80),
      store_id: nullable(key()),
      order_id: nullable(key()),
      order_version: nullable(count()),
      payload: json(),
      status: key(7),
      attempts: withDefault(count(), 0),
      available_at: time(),
      claimed_by: nullable(key()),
      claimed_until: nullable(time()),
      last_error: nullable(text(500)),
      created_at: time(),
      done_at: nullable(time()),
    },
    // The relay asks for what is pending and due, oldest first; what is done lies elsewhere in the index.
    { indexes: [['status', 'available_at', 'id'], ['event_id']] },
  );

export const down: Migration = (schema) => schema.dropTable('outbox');
