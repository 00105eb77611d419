import { createTable, flag, id, json, key, nullable, text, time, type Migration } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'webhook_subscriptions',
    {
      id: id(),
      store_id: nullable(key()),
      url: text(2000),
      address_key: key(64),
      events: json(),
      secret: key(120),
      active: flag(),
      created_at: time(),
      expires_at: nullable(time()),
    },
    { unique: [['address_key']], indexes: [['active']] },
  );

export const down: Migration = (schema) => schema.dropTable('webhook_subscriptions');
