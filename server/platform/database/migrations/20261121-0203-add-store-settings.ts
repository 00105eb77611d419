import { addColumns, count, dropColumns, key, type Migration, withDefault } from '../columns';

export const up: Migration = (schema) =>
  addColumns(schema, 'stores', {
    quality_check: withDefault(key(16), 'none'),
    weight_tolerance_percent: withDefault(count(), 20),
  });

export const down: Migration = (schema) => dropColumns(schema, 'stores', ['quality_check', 'weight_tolerance_percent']);
