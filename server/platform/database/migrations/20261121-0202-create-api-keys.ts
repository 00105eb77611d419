import { createTable, dropTable, id, json, key, type Migration, nullable, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'api_keys',
    {
      id: id(),
      name: text(120),
      role: key(32),
      store_ids: json(),
      hint: key(16),
      hash: key(64),
      created_at: time(),
      revoked_at: nullable(time()),
    },
    { unique: [['hash']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'api_keys');
