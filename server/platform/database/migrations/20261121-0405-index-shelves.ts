import { dropColumns, type Migration } from '../columns';

/**
 * What a count, a receipt and a queue for goods look up of a product are its corrections and its open promises, never
 * its whole history. The indexes of the tables themselves still serve their foreign keys.
 */
const INDEXES: readonly [name: string, table: string, ...columns: string[]][] = [
  ['stock_movements_by_kind', 'stock_movements', 'product_id', 'kind', 'location_id', 'on_hand'],
  ['reservations_waiting', 'reservations', 'product_id', 'backordered', 'location_id', 'id'],
  ['reservations_open', 'reservations', 'product_id', 'open_units'],
];

const OPEN_UNITS = 'open_units INTEGER GENERATED ALWAYS AS (reserved + backordered + dispatched) VIRTUAL';

export const up: Migration = async (schema) => {
  await schema.sequelize.query(`ALTER TABLE reservations ADD COLUMN ${OPEN_UNITS}`);
  for (const [name, table, ...columns] of INDEXES) {
    await schema.sequelize.query(`CREATE INDEX ${name} ON ${table} (${columns.join(', ')})`);
  }
};

export const down: Migration = async (schema) => {
  for (const [name, table] of INDEXES) await schema.removeIndex(table, name);
  await dropColumns(schema, 'reservations', ['open_units']);
};
