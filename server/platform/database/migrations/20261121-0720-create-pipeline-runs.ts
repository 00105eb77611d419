import { count, createTable, dropTable, id, key, type Migration, nullable, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'pipeline_runs',
    {
      id: id(),
      // The event that started the run; a repeated delivery makes another execution, not another run.
      event_id: key(64),
      topic: key(80),
      store_id: nullable(key()),
      order_id: nullable(key()),
      workflow_id: nullable(key(255)),
      execution_id: nullable(key(255)),
      node: nullable(key(255)),
      status: key(10),
      redeliveries: count(),
      first_seen_at: time(),
      last_seen_at: time(),
      check_at: time(),
      finished_at: nullable(time()),
    },
    { unique: [['event_id']], indexes: [['status', 'check_at'], ['execution_id'], ['order_id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'pipeline_runs');
