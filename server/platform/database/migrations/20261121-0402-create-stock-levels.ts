import {
  count,
  createTable,
  dropTable,
  flag,
  id,
  key,
  type Migration,
  minor,
  nullable,
  reference,
  time,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'stock_levels',
    {
      id: id(),
      store_id: key(),
      product_id: reference('products'),
      location_id: reference('locations'),
      on_hand: count(),
      reserved: count(),
      unavailable: count(),
      outgoing: count(),
      value_minor: minor(),
      outgoing_value_minor: minor(),
      low_stock_threshold: nullable(count()),
      is_low: flag(),
      updated_at: time(),
    },
    {
      unique: [['product_id', 'location_id']],
      indexes: [['store_id', 'id']],
      checks: [
        'reserved >= 0',
        'reserved <= on_hand',
        'unavailable >= 0',
        'outgoing >= 0',
        'value_minor >= 0',
        'outgoing_value_minor >= 0',
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'stock_levels');
