import { createTable, dropTable, id, key, type Migration, minor, text, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(schema, 'stores', {
    id: id(),
    name: text(120),
    currency: key(3),
    timezone: key(64),
    day_ends_at: key(5),
    packing: key(10),
    preparation: key(10),
    high_value_minor: minor(),
    created_at: time(),
  });
};

export const down: Migration = (schema) => dropTable(schema, 'stores');
