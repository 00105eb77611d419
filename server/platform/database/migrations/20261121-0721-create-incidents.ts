import { createTable, dropTable, id, key, longText, type Migration, nullable, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'incidents',
    {
      id: id(),
      kind: key(12),
      // What it is about, so that one failure told twice is one incident: an execution, or an event.
      reference: key(255),
      status: key(10),
      store_id: nullable(key()),
      order_id: nullable(key()),
      event_id: nullable(key(64)),
      workflow_id: nullable(key(255)),
      workflow_name: nullable(text(255)),
      execution_id: nullable(key(255)),
      execution_url: nullable(text(2000)),
      node: nullable(text(255)),
      message: longText(),
      created_at: time(),
      resolved_at: nullable(time()),
      resolved_by: nullable(text(120)),
      note: nullable(text(1000)),
    },
    { unique: [['kind', 'reference']], indexes: [['status', 'id'], ['execution_id'], ['event_id', 'status']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'incidents');
