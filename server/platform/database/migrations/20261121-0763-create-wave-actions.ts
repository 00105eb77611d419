import {
  count,
  createTable,
  dropTable,
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
    'wave_actions',
    {
      id: id(),
      wave_id: reference('waves'),
      // Made by the page or the program that acts, so that a double click counts once.
      client_action_id: nullable(key(64)),
      kind: key(8),
      code: nullable(text(128)),
      wave_line_id: nullable(key()),
      collected_change: count(),
      short_change: count(),
      short_reason: nullable(key(12)),
      // What was put into which slot, with the action that counted it on the order's task.
      placed: json(),
      undoes_id: nullable(key()),
      note: nullable(text(1000)),
      actor_name: text(120),
      at: time(),
    },
    { unique: [['wave_id', 'client_action_id'], ['undoes_id']], indexes: [['wave_id', 'id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'wave_actions');
