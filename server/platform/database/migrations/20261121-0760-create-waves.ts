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
} from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'waves',
    {
      id: id(),
      store_id: reference('stores'),
      number: count(),
      status: key(12),
      outcome: nullable(key(10)),
      // 1 until the wave is closed, then NULL.
      open_marker: nullable(flag()),
      assignee_id: nullable(key()),
      assignee_email: nullable(text(254)),
      assignee_name: nullable(text(120)),
      assignee_role: nullable(key(24)),
      link_number: count(),
      due_at: nullable(time()),
      overdue_at: nullable(time()),
      escalated_at: nullable(time()),
      left_out: json(),
      note: nullable(text(1000)),
      event_id: nullable(key(64)),
      workflow_id: nullable(key(255)),
      execution_id: nullable(key(255)),
      version: count(),
      created_at: time(),
      updated_at: time(),
      closed_at: nullable(time()),
    },
    {
      unique: [['store_id', 'number']],
      indexes: [
        ['store_id', 'id'],
        ['status', 'id'],
        ['open_marker', 'due_at'],
        ['store_id', 'event_id', 'open_marker'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'waves');
