import { count, createTable, dropTable, key, longText, type Migration, nullable, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'idempotency_keys',
    {
      id: { ...key(64), primary: true },
      request_hash: key(64),
      status: nullable(count()),
      answer: nullable(longText()),
      created_at: time(),
    },
    { indexes: [['created_at']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'idempotency_keys');
