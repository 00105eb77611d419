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
    'consignments',
    {
      id: id(),
      store_id: reference('stores'),
      source_type: key(16),
      source_id: key(),
      order_id: nullable(key()),
      courier: key(32),
      reference: key(100),
      status: key(24),
      courier_status: nullable(text(100)),
      cod_amount_minor: minor(),
      currency: key(3),
      parcel: json(),
      courier_id: nullable(text(64)),
      tracking_code: nullable(text(64)),
      tracking_url: nullable(text(300)),
      ship_when_booked: flag(),
      news_open: flag(),
      problem: nullable(json()),
      open_marker: nullable(flag()),
      reference_marker: nullable(flag()),
      attempts: count(),
      sent_at: nullable(time()),
      next_at: nullable(time()),
      event_id: nullable(key(64)),
      booked_at: nullable(time()),
      ended_at: nullable(time()),
      created_at: time(),
      updated_at: time(),
    },
    {
      unique: [
        ['source_type', 'source_id', 'open_marker'],
        ['courier', 'reference', 'reference_marker'],
      ],
      indexes: [
        ['status', 'id'],
        ['status', 'next_at'],
        ['order_id', 'id'],
        ['store_id', 'id'],
      ],
      checks: ['cod_amount_minor >= 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'consignments');
