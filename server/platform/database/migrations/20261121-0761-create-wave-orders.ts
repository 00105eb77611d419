import { count, createTable, dropTable, flag, id, json, type Migration, nullable, reference, text } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'wave_orders',
    {
      id: id(),
      wave_id: reference('waves'),
      order_id: reference('orders'),
      order_number: text(64),
      slot: count(),
      task_id: reference('tasks'),
      adopted: flag(),
      awaited: flag(),
      // Who had the task before, and until when.
      before_wave: nullable(json()),
      // 1 until the wave is closed, then NULL: a task is in one open wave at most.
      open_marker: nullable(flag()),
    },
    {
      unique: [
        ['wave_id', 'slot'],
        ['task_id', 'open_marker'],
      ],
      indexes: [['order_id', 'open_marker']],
      checks: ['slot > 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'wave_orders');
