import { createTable, day, dropTable, id, type Migration, nullable, reference, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'books',
    {
      id: id(),
      store_id: reference('stores'),
      closed_through_day: nullable(day()),
      closed_at: nullable(time()),
      summed_through_day: nullable(day()),
      created_at: time(),
    },
    { unique: [['store_id']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'books');
