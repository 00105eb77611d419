import { createTable, day, dropTable, id, key, type Migration, nullable, reference, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'entries',
    {
      id: id(),
      store_id: key(),
      event: key(40),
      source_type: key(32),
      source_id: key(64),
      order_id: nullable(key()),
      currency: key(3),
      business_day: day(),
      adjusts_day: nullable(day()),
      occurred_at: time(),
      posted_at: time(),
      memo: nullable(text(500)),
      reverses_entry_id: nullable(reference('entries')),
      workflow_id: nullable(text(255)),
      execution_id: nullable(text(255)),
      node: nullable(text(255)),
      request_id: nullable(text(64)),
    },
    {
      // An entry is undone once.
      unique: [['reverses_entry_id']],
      indexes: [
        ['store_id', 'id'],
        ['store_id', 'business_day', 'id'],
        ['order_id', 'id'],
      ],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'entries');
