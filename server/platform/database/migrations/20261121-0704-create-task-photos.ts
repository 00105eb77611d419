import {
  bytes,
  count,
  createTable,
  dropTable,
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
    'task_photos',
    {
      id: id(),
      task_id: reference('tasks'),
      // The task's line that it shows; NULL for the task as a whole.
      line_id: nullable(key()),
      media_type: key(32),
      width: count(),
      height: count(),
      bytes: bytes(),
      note: nullable(text(500)),
      client_action_id: nullable(key(64)),
      actor_name: text(120),
      at: time(),
    },
    { unique: [['task_id', 'client_action_id']], indexes: [['task_id', 'id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'task_photos');
