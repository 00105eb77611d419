import { addColumns, dropColumns, type Migration, minor, nullable } from '../columns';

/** What of a parcel's cash is in the order's books; of what was delivered before it is taken to be what its rider was told. */
export const up: Migration = async (schema) => {
  await addColumns(schema, 'consignments', { cod_booked_minor: nullable(minor()) });
  await schema.sequelize.query(
    `UPDATE consignments SET cod_booked_minor = cod_amount_minor
     WHERE order_id IN (SELECT id FROM orders WHERE status IN ('delivered', 'completed'))`,
  );
};

export const down: Migration = async (schema) => {
  await dropColumns(schema, 'consignments', ['cod_booked_minor']);
};
