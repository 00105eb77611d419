import { addColumns, dropColumns, flag, type Migration, withDefault } from '../columns';

const GIVEN = ['tracking_code_given', 'tracking_url_given'];

/** Whether people gave what a courier never said of its parcel; what stands there already is taken for the courier's. */
export const up: Migration = (schema) =>
  addColumns(schema, 'consignments', Object.fromEntries(GIVEN.map((name) => [name, withDefault(flag(), 0)])));

export const down: Migration = (schema) => dropColumns(schema, 'consignments', GIVEN);
