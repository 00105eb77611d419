import {
  count,
  createTable,
  dropTable,
  flag,
  id,
  json,
  key,
  type Migration,
  nullable,
  reference,
  text,
  time,
  withDefault,
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'packages',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      // The packing task whose person filled it; none when a program said what was packed.
      task_id: nullable(key()),
      number: count(),
      type: key(16),
      status: key(16),
      // 1 until the package is void, then NULL, so that its number can be given again.
      live_marker: nullable(flag()),
      // The order's version when it was opened, then when it was sealed.
      order_version: count(),
      weight_grams: nullable(count()),
      length_mm: nullable(count()),
      width_mm: nullable(count()),
      height_mm: nullable(count()),
      // What its items weigh by the catalogue, when it was weighed.
      expected_grams: nullable(count()),
      weight_accepted: withDefault(flag(), 0),
      checks: nullable(json()),
      note: nullable(text(1000)),
      carrier: nullable(text(64)),
      tracking_number: nullable(text(64)),
      // The open package with the highest turn takes what is counted.
      turn: count(),
      created_at: time(),
      packed_at: nullable(time()),
      packed_by: nullable(text(254)),
      // Who packed it, as one person whatever door they came through.
      packer_key: nullable(text(300)),
      inspected_at: nullable(time()),
      inspected_by: nullable(text(254)),
      voided_at: nullable(time()),
      voided_by: nullable(text(254)),
      void_reason: nullable(text(500)),
    },
    {
      unique: [['order_id', 'number', 'live_marker']],
      indexes: [
        ['order_id', 'id'],
        ['task_id', 'status'],
      ],
      checks: ['number > 0', "(status = 'void') = (live_marker IS NULL)"],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'packages');
