import { count, createTable, dropTable, id, key, type Migration, nullable, reference, text } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'count_lines',
    {
      id: id(),
      task_id: reference('tasks'),
      product_id: reference('products'),
      location_id: reference('locations'),
      sku: key(64),
      name: text(200),
      shelf: nullable(text(64)),
      position: count(),
      reason: key(16),
      missing_units: count(),
      // The event that asked for it, so that an event told twice asks once.
      cause_id: nullable(key(64)),
      // The figures of the moment of counting; NULL until then.
      on_hand: nullable(count()),
      in_hand: nullable(count()),
      set_for_write_off: nullable(count()),
      expected: nullable(count()),
      counted: nullable(count()),
      note: nullable(text(500)),
    },
    {
      unique: [
        ['task_id', 'product_id', 'location_id'],
        ['task_id', 'position'],
      ],
      indexes: [['cause_id']],
      checks: ['missing_units >= 0', 'counted IS NULL OR counted >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'count_lines');
