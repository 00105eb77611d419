import { createTable, dropTable, id, json, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'order_holds',
    {
      id: id(),
      order_id: reference('orders'),
      reason: key(32),
      note: text(1000),
      owner: text(120),
      line_ids: json(),
      expires_at: nullable(time()),
      placed_at: time(),
      released_at: nullable(time()),
      released_by: nullable(text(120)),
    },
    { indexes: [['order_id', 'released_at'], ['expires_at']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'order_holds');
