import { createTable, id, key, nullable, text, time, type Migration } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'mails',
    {
      id: id(),
      store_id: key(),
      order_id: nullable(key()),
      template: key(80),
      recipient: text(254),
      dedupe_key: nullable(key(191)),
      queued_at: time(),
      sent_at: nullable(time()),
      failed_at: nullable(time()),
      last_error: nullable(text(500)),
    },
    { unique: [['dedupe_key']], indexes: [['order_id'], ['failed_at']] },
  );

export const down: Migration = (schema) => schema.dropTable('mails');
