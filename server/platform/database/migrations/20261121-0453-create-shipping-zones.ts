import {
  count,
  createTable,
  dropTable,
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
    'shipping_zones',
    {
      id: id(),
      store_id: reference('stores'),
      name: text(120),
      country: nullable(key(2)),
      cities: json(),
      postal_patterns: json(),
      transit_days_min: nullable(count()),
      transit_days_max: nullable(count()),
      further_kg_minor: nullable(minor()),
      cod_basis_points: count(),
      cod_minimum_minor: minor(),
      remote_minor: minor(),
      fragile_minor: minor(),
      round_up_to_minor: minor(),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [['store_id', 'name']],
      indexes: [['store_id', 'id']],
      checks: [
        '(transit_days_min IS NULL) = (transit_days_max IS NULL)',
        'transit_days_min <= transit_days_max',
        'transit_days_min >= 0',
        'further_kg_minor >= 0',
        'cod_basis_points >= 0',
        'cod_minimum_minor >= 0',
        'remote_minor >= 0',
        'fragile_minor >= 0',
        'round_up_to_minor >= 1',
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'shipping_zones');
