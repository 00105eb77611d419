import { createTable, dropTable, id, key, type Migration, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'locations',
    { id: id(), store_id: reference('stores'), code: key(32), name: text(120), created_at: time() },
    { unique: [['store_id', 'code']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'locations');
