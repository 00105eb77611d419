import {
  count,
  createTable,
  dropTable,
  flag,
  id,
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
    'tasks',
    {
      id: id(),
      store_id: reference('stores'),
      kind: key(20),
      order_id: reference('orders'),
      order_number: text(64),
      round: count(),
      status: key(12),
      outcome: nullable(key(10)),
      // 1 until the task is closed, then NULL, which a unique key lets repeat.
      open_marker: nullable(flag()),
      assignee_id: nullable(key()),
      assignee_email: nullable(text(254)),
      assignee_name: nullable(text(120)),
      assignee_role: nullable(key(24)),
      link_number: count(),
      due_at: nullable(time()),
      overdue_at: nullable(time()),
      escalated_at: nullable(time()),
      instructions: text(2000),
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
      unique: [
        ['order_id', 'kind', 'open_marker'],
        ['order_id', 'kind', 'round'],
      ],
      indexes: [
        ['assignee_id', 'open_marker'],
        ['assignee_id', 'created_at'],
        ['assignee_email', 'id'],
        ['status', 'id'],
        ['open_marker', 'due_at'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'tasks');
