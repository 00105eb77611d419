import { createTable, day, dropTable, key, type Migration, minor, serial } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'account_snapshots',
    {
      id: serial(),
      store_id: key(),
      business_day: day(),
      code: key(10),
      debit_minor: minor(),
      credit_minor: minor(),
    },
    { unique: [['store_id', 'business_day', 'code']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'account_snapshots');
