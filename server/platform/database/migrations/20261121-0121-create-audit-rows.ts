import { count, createTable, json, key, nullable, serial, text, time, type Migration } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'audit_rows',
    {
      id: serial(),
      at: time(),
      action: key(80),
      subject_type: key(40),
      subject_id: text(191),
      store_id: nullable(key()),
      order_id: nullable(key()),
      actor_kind: key(10),
      actor_id: key(80),
      actor_name: text(191),
      role: key(40),
      before_values: nullable(json()),
      after_values: nullable(json()),
      note: nullable(text(1000)),
      request_id: key(80),
      workflow_id: nullable(text(255)),
      execution_id: nullable(text(255)),
      node: nullable(text(255)),
      seal_number: nullable(count()),
      seal: nullable(key(64)),
    },
    // Unsealed rows are found through the unique key too: a null repeats, and they stand together in the index.
    {
      unique: [['seal_number']],
      indexes: [
        ['order_id', 'id'],
        ['actor_id', 'id'],
        ['action', 'id'],
      ],
    },
  );

export const down: Migration = (schema) => schema.dropTable('audit_rows');
