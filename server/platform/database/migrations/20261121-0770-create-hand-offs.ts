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
    'hand_offs',
    {
      id: id(),
      store_id: reference('stores'),
      order_id: reference('orders'),
      order_number: text(64),
      task_id: reference('tasks'),
      method: key(20),
      spot: nullable(text(64)),
      service: nullable(text(64)),
      customer_instructions: text(1000),
      staff_instructions: text(1000),
      confirm_by: key(10),
      status: key(10),
      // 1 until it is closed, then NULL, which a unique key lets repeat.
      open_marker: nullable(flag()),
      wrong_tries: count(),
      absences: count(),
      confirmed_with: nullable(key(12)),
      confirmed_by: nullable(text(120)),
      signed_by: nullable(text(120)),
      note: nullable(text(1000)),
      event_id: nullable(key(64)),
      // The last click on the page that counted, so that a double click counts once.
      last_action_id: nullable(key(64)),
      overdue_at: nullable(time()),
      created_at: time(),
      created_by: text(120),
      closed_at: nullable(time()),
    },
    {
      unique: [['order_id', 'open_marker']],
      indexes: [['order_id', 'id'], ['task_id']],
      checks: ['wrong_tries >= 0', 'absences >= 0', "(status = 'open') = (open_marker IS NOT NULL)"],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'hand_offs');
