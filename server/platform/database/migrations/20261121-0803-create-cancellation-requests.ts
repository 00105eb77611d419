import { createTable, dropTable, flag, id, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'cancellation_requests',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      order_number: text(64),
      status: key(12),
      // 1 until it is decided, then NULL, which a unique key lets repeat.
      open_marker: nullable(flag()),
      reason: key(24),
      note: text(1000),
      customer_contact: nullable(text(254)),
      requested_at: nullable(time()),
      restock: flag(),
      notify: flag(),
      from_status: key(24),
      event_id: nullable(key(64)),
      hold_handle: key(),
      task_id: reference('tasks'),
      asked_by_id: key(64),
      asked_by_name: text(120),
      asked_by_role: key(24),
      asked_by_email: nullable(text(254)),
      asked_at: time(),
      decided_by: nullable(text(120)),
      decided_at: nullable(time()),
      decision_note: nullable(text(1000)),
      case_id: nullable(key()),
    },
    {
      unique: [['order_id', 'open_marker']],
      indexes: [['order_id', 'id'], ['task_id'], ['status', 'id']],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'cancellation_requests');
