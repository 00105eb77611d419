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
    'stock_findings',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      task_id: reference('tasks'),
      source_task_id: reference('tasks'),
      cause_id: nullable(key(64)),
      kind: key(12),
      product_id: reference('products'),
      location_id: reference('locations'),
      sku: key(64),
      name: text(200),
      shelf: nullable(text(64)),
      // What a count found; NULL for units that were seen damaged.
      on_hand: nullable(count()),
      in_hand: nullable(count()),
      set_for_write_off: nullable(count()),
      counted: nullable(count()),
      units: count(),
      // How far the record had been corrected by then; what was corrected since is no longer different.
      corrected_units: count(),
      note: nullable(text(500)),
      found_by: text(120),
      found_by_email: nullable(text(254)),
      found_at: time(),
      status: key(12),
      reason: nullable(key(16)),
      applied_units: nullable(count()),
      value_minor: nullable(minor()),
      adjustment_id: nullable(key()),
      decided_by: nullable(text(120)),
      decided_at: nullable(time()),
    },
    {
      indexes: [['task_id'], ['product_id', 'location_id', 'status'], ['cause_id']],
      checks: ['units <> 0'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'stock_findings');
