import { count, createTable, dropTable, id, type Migration, minor, reference, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'shipping_rates',
    {
      id: id(),
      store_id: reference('stores'),
      zone_id: reference('shipping_zones'),
      up_to_grams: count(),
      price_minor: minor(),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [['zone_id', 'up_to_grams']],
      indexes: [['store_id', 'zone_id', 'up_to_grams']],
      checks: ['up_to_grams >= 1', 'price_minor >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'shipping_rates');
