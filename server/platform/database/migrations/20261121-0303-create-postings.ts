import { createTable, day, dropTable, id, key, type Migration, minor, nullable, reference } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'postings',
    {
      id: id(),
      entry_id: reference('entries'),
      store_id: key(),
      business_day: day(),
      source_type: key(32),
      source_id: key(64),
      order_id: nullable(key()),
      debit_code: key(10),
      credit_code: key(10),
      amount_minor: minor(),
      dimension: nullable(key(64)),
    },
    {
      indexes: [['entry_id'], ['store_id', 'business_day'], ['source_type', 'source_id'], ['order_id'], ['dimension']],
      checks: ['amount_minor > 0', 'debit_code <> credit_code'],
    },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'postings');
