import { count, createTable, dropTable, id, key, type Migration, reference } from '../columns';

export const up: Migration = (schema) =>
  createTable(
    schema,
    'package_lines',
    {
      id: id(),
      package_id: reference('packages'),
      // The order's line.
      line_id: key(),
      quantity: count(),
    },
    { unique: [['package_id', 'line_id']], indexes: [['line_id']], checks: ['quantity >= 0'] },
  );

export const down: Migration = (schema) => dropTable(schema, 'package_lines');
