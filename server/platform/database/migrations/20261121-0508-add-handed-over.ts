import { addColumns, dropColumns, json, type Migration, nullable } from '../columns';

/** What left the house with a move. Moves made before this column have none. */
export const up: Migration = (schema) => addColumns(schema, 'order_moves', { handed_over: nullable(json()) });

export const down: Migration = (schema) => dropColumns(schema, 'order_moves', ['handed_over']);
