import { addColumns, dropColumns, json, type Migration, nullable } from '../columns';

/** What a parcel that goes out once more holds; one without left with what its part did. */
export const up: Migration = (schema) => addColumns(schema, 'consignments', { units: nullable(json()) });

export const down: Migration = (schema) => dropColumns(schema, 'consignments', ['units']);
