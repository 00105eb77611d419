import { count, createTable, dropTable, id, key, type Migration, nullable, reference, text } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'wave_lines',
    {
      id: id(),
      wave_id: reference('waves'),
      product_id: key(),
      sku: key(64),
      name: text(200),
      shelf: nullable(text(64)),
      barcode: nullable(text(64)),
      collected_quantity: count(),
      short_quantity: count(),
      short_reason: nullable(key(12)),
      note: nullable(text(500)),
      position: count(),
    },
    {
      unique: [
        ['wave_id', 'product_id'],
        ['wave_id', 'position'],
      ],
      checks: ['short_quantity >= 0', 'short_quantity = 0 OR short_reason IS NOT NULL'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'wave_lines');
