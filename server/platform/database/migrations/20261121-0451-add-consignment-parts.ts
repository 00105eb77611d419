import { addColumns, count, dropColumns, type Migration, withDefault } from '../columns';

/** Which part of its source a consignment carries; until now there was one. */
export const up: Migration = (schema) => addColumns(schema, 'consignments', { part: withDefault(count(), 1) });

export const down: Migration = (schema) => dropColumns(schema, 'consignments', ['part']);
