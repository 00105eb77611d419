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
  withDefault,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'order_line_resolutions',
    {
      id: id(),
      order_id: reference('orders'),
      line_id: reference('order_lines'),
      resolution: key(16),
      quantity: count(),
      reason: text(500),
      expected_at: nullable(time()),
      substitute_line_id: nullable(reference('order_lines')),
      price_policy: nullable(key(8)),
      difference_minor: withDefault(minor(), 0),
      owed_back_minor: withDefault(minor(), 0),
      consent: nullable(json()),
      event_id: nullable(key(64)),
      actor_name: text(254),
      created_at: time(),
    },
    { indexes: [['order_id', 'event_id']], checks: ['quantity > 0'] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'order_line_resolutions');
