import { count, createTable, id, json, key, nullable, reference, text, time, type Migration } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'webhook_deliveries',
    {
      id: id(),
      subscription_id: reference('webhook_subscriptions'),
      event_id: key(),
      topic: key(80),
      store_id: key(),
      order_id: nullable(key()),
      status: key(9),
      attempts: count(),
      last_status: nullable(count()),
      last_error: nullable(text(500)),
      next_at: time(),
      payload: json(),
      created_at: time(),
      delivered_at: nullable(time()),
    },
    {
      unique: [['subscription_id', 'event_id']],
      indexes: [
        ['event_id'],
        ['status', 'id'],
        ['status', 'next_at'],
        ['subscription_id', 'status', 'next_at'],
        ['order_id'],
      ],
    },
  );

export const down: Migration = (schema) => schema.dropTable('webhook_deliveries');
