import { createTable, dropTable, flag, id, json, key, type Migration, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'users',
    {
      id: id(),
      name: text(120),
      email: text(254),
      role: key(32),
      store_ids: json(),
      active: flag(),
      created_at: time(),
    },
    { unique: [['email']], indexes: [['role', 'active']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'users');
