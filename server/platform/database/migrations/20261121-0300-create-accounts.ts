import { createTable, dropTable, id, key, type Migration, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'accounts',
    {
      id: id(),
      store_id: reference('stores'),
      code: key(10),
      name: text(80),
      kind: key(16),
      created_at: time(),
    },
    { unique: [['store_id', 'code']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'accounts');
