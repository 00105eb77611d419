import { key, type Migration, resizeColumn } from '../columns';

export const up: Migration = (schema) => resizeColumn(schema, 'tasks', 'kind', key(32));

/** Stays wide: a kind of more than 20 letters may be kept by now, and the older schema does not mind the room. */
export const down: Migration = () => Promise.resolve();
