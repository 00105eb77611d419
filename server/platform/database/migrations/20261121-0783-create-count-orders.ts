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
      unique: [['count_line_id', 'order_id', 'cause_id']],
      indexes: [['task_id'], ['cause_id'], ['order_id']],
      checks: ['missing_units >= 0'],
    },
  );
  // Counts and decisions that are there are their own orders'; each line gives its waiter the id that it has.
  await schema.sequelize.query(
    `INSERT INTO count_orders
        (id, task_id, count_line_id, order_id, order_number, missing_units, cause_id, asked_at)
      SELECT l.id, l.task_id, l.id, t.order_id, t.order_number, l.missing_units, l.cause_id, t.created_at
        FROM count_lines l JOIN tasks t ON t.id = l.task_id`,
  );
};

export const down: Migration = (schema) => dropTable(schema, 'count_orders');
