import { count, createTable, dropTable, id, key, type Migration, nullable, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'waits',
    {
      id: id(),
      execution_id: key(255),
      node_id: key(255),
      round: count(),
      resume_url: text(2000),
      status: key(10),
      event_id: nullable(key(64)),
      workflow_id: nullable(key(255)),
      attempts: count(),
      last_error: nullable(text(500)),
      created_at: time(),
      settled_at: nullable(time()),
      delivered_at: nullable(time()),
    },
    // Not unique: an n8n that was set up anew gives the same numbers to other runs.
    {
      indexes: [
        ['execution_id', 'node_id', 'round'],
        ['execution_id', 'status'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'waits');
