import {
  count,
  createTable,
  dropTable,
  id,
  key,
  type Migration,
  minor,
  nullable,
  reference,
  text,
  time,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'stock_movements',
    {
      id: id(),
      store_id: key(),
      kind: key(32),
      product_id: reference('products'),
      location_id: reference('locations'),
      quantity: count(),
      on_hand: count(),
      reserved: count(),
      unavailable: count(),
      outgoing: count(),
      value_minor: minor(),
      outgoing_value_minor: minor(),
      cost_minor: minor(),
      source_type: key(32),
      source_id: key(),
      order_id: nullable(key()),
      line_id: nullable(key()),
      reason: nullable(key(32)),
      note: nullable(text(500)),
      reference: nullable(text(120)),
      actor: text(120),
      occurred_at: time(),
    },
    {
      indexes: [
        ['product_id', 'location_id', 'id'],
        ['source_type', 'source_id'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'stock_movements');
