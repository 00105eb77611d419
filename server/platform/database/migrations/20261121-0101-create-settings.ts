import { createTable, dropTable, key, longText, type Migration, time } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(schema, 'settings', { name: { ...key(64), primary: true }, value: longText(), created_at: time() });
};

export const down: Migration = (schema) => dropTable(schema, 'settings');
