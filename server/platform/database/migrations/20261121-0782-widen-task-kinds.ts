import { key, type Migration, resizeColumn } from '../columns';

export const up: Migration = (schema) => resizeColumn(schema, 'tasks', 'kind', key(32));

export const down: Migration = (schema) => resizeColumn(schema, 'tasks', 'kind', key(20));
