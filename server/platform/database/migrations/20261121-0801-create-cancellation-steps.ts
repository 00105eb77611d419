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
    'cancellation_steps',
    {
      id: id(),
      case_id: reference('cancellation_cases'),
      position: count(),
      kind: key(16),
      status: key(16),
      note: text(500),
      facts: json(),
      // Set when a person said that it was done.
      done_by: nullable(text(120)),
      updated_at: time(),
    },
    { unique: [['case_id', 'kind']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'cancellation_steps');
