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
    'labels',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      order_number: text(64),
      format: key(8),
      status: key(8),
      // 1 until the label is voided, then NULL, which a unique key lets repeat.
      active_marker: nullable(flag()),
      prints: count(),
      // The event whose run printed it last, so that a run that is started again does not count once more.
      printed_for: nullable(key(64)),
      printed_at: nullable(time()),
      created_at: time(),
      created_by: text(120),
      voided_at: nullable(time()),
      voided_by: nullable(text(120)),
      void_reason: nullable(text(500)),
    },
    {
      unique: [['order_id', 'active_marker']],
      indexes: [['order_id', 'id']],
      checks: ['prints >= 0', "(status = 'active') = (active_marker IS NOT NULL)"],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'labels');
