import { addColumns, dropColumns, json, type Migration, nullable } from '../columns';

export const up: Migration = (schema) =>
  addColumns(schema, 'tasks', { details: nullable(json()), result: nullable(json()) });

export const down: Migration = (schema) => dropColumns(schema, 'tasks', ['details', 'result']);
