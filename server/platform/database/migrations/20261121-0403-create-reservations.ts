import { count, createTable, dropTable, id, key, type Migration, minor, nullable, reference, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'reservations',
    {
      id: id(),
      store_id: key(),
      source_type: key(32),
      source_id: key(),
      order_id: nullable(key()),
      line_id: key(),
      product_id: reference('products'),
      location_id: reference('locations'),
      sku: key(64),
      quantity: count(),
      reserved: count(),
      backordered: count(),
      dispatched: count(),
      delivered: count(),
      released: count(),
      returned: count(),
      cost_minor: minor(),
      delivered_cost_minor: minor(),
      expires_at: nullable(time()),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [['source_type', 'source_id', 'line_id', 'location_id']],
      indexes: [['expires_at'], ['product_id', 'location_id', 'id']],
      checks: [
        'reserved >= 0',
        'backordered >= 0',
        'dispatched >= 0',
        'delivered >= 0',
        'released >= 0',
        'returned >= 0',
        'returned <= delivered',
        'cost_minor >= 0',
        'delivered_cost_minor >= 0',
        'quantity = reserved + backordered + dispatched + delivered + released',
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'reservations');
