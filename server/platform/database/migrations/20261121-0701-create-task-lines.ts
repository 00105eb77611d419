import { count, createTable, dropTable, id, key, type Migration, nullable, reference, text } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'task_lines',
    {
      id: id(),
      task_id: reference('tasks'),
      line_id: key(),
      product_id: key(),
      sku: key(64),
      name: text(200),
      shelf: nullable(text(64)),
      barcode: nullable(text(64)),
      quantity: count(),
      set_aside_quantity: count(),
      done_quantity: count(),
      short_quantity: count(),
      short_reason: nullable(key(12)),
      note: nullable(text(500)),
      position: count(),
    },
    {
      unique: [
        ['task_id', 'line_id'],
        ['task_id', 'position'],
      ],
      indexes: [['line_id']],
      checks: [
        'quantity > 0',
        'done_quantity >= 0',
        'short_quantity >= 0',
        'done_quantity + short_quantity <= quantity',
        'short_quantity = 0 OR short_reason IS NOT NULL',
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'task_lines');
