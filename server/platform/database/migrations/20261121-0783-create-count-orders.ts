import { count, createTable, dropTable, id, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'count_orders',
    {
      id: id(),
      task_id: reference('tasks'),
      // The product on its shelf that the order waits for.
      count_line_id: reference('count_lines'),
      order_id: reference('orders'),
      order_number: text(64),
      missing_units: count(),
      // The event that asked for it, so that an event told twice asks once.
      cause_id: nullable(key(64)),
      asked_at: time(),
    },
    {
      unique: [['count_line_id', 'order_id']],
      indexes: [['task_id'], ['cause_id'], ['order_id']],
      checks: ['missing_units >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'count_orders');
