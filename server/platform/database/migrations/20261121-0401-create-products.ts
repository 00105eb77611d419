import {
  count,
  createTable,
  dropTable,
  flag,
  id,
  json,
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
    'products',
    {
      id: id(),
      store_id: reference('stores'),
      sku: key(64),
      name: text(200),
      variant: nullable(text(120)),
      attributes: json(),
      barcode: nullable(key(64)),
      price_minor: minor(),
      cost_minor: minor(),
      tax_rate_basis_points: nullable(count()),
      weight_grams: count(),
      fragile: flag(),
      category: nullable(text(120)),
      shelf: nullable(text(40)),
      restricted: flag(),
      minimum_age: nullable(count()),
      purchase_limit_quantity: nullable(count()),
      purchase_limit_days: nullable(count()),
      low_stock_threshold: nullable(count()),
      active: flag(),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [['store_id', 'sku']],
      indexes: [
        ['store_id', 'barcode'],
        ['store_id', 'category'],
      ],
      checks: ['price_minor >= 0', 'cost_minor >= 0', 'weight_grams >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'products');
