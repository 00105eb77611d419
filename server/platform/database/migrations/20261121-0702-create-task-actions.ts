import { createTable, dropTable, id, json, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'task_actions',
    {
      id: id(),
      task_id: reference('tasks'),
      // Made by the page or the program that acts, so that a double click counts once.
      client_action_id: nullable(key(64)),
      kind: key(8),
      code: nullable(text(128)),
      changes: json(),
      undoes_id: nullable(key()),
      note: nullable(text(1000)),
      actor_name: text(120),
      at: time(),
    },
    { unique: [['task_id', 'client_action_id'], ['undoes_id']], indexes: [['task_id', 'id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'task_actions');
