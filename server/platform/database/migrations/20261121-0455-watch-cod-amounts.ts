import { addColumns, dropColumns, type Migration, minor, nullable, time } from '../columns';

const INDEX = 'consignments_cod_outdated';

/** What a parcel's rider should collect, beside what the courier was told; of what was booked before it is taken to fit. */
export const up: Migration = async (schema) => {
  await addColumns(schema, 'consignments', {
    cod_due_minor: nullable(minor()),
    cod_outdated_at: nullable(time()),
    cod_mended_at: nullable(time()),
    cod_alerted_minor: nullable(minor()),
  });
  await schema.sequelize.query('UPDATE consignments SET cod_due_minor = cod_amount_minor');
  // Begins with no foreign key, which MySQL would lean on and not let go.
  await schema.sequelize.query(`CREATE INDEX ${INDEX} ON consignments (cod_outdated_at, store_id)`);
};

export const down: Migration = async (schema) => {
  await schema.removeIndex('consignments', INDEX);
  await dropColumns(schema, 'consignments', ['cod_due_minor', 'cod_outdated_at', 'cod_mended_at', 'cod_alerted_minor']);
};
