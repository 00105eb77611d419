import { addColumns, count, dropColumns, key, type Migration, nullable, replaceUnique, withDefault } from '../columns';

const ONE_A_ORDER = ['order_id', 'active_marker'];
const ONE_A_PARCEL = ['order_id', 'parcel', 'active_marker'];

export const up: Migration = async (schema) => {
  await addColumns(schema, 'labels', {
    package_id: nullable(key()),
    package_number: nullable(count()),
    // The package, or where there is none the part of the order that leaves together: one active label each.
    parcel: withDefault(key(40), 'part:0'),
  });
  await replaceUnique(schema, 'labels', { from: ONE_A_ORDER, to: ONE_A_PARCEL });
};

export const down: Migration = async (schema) => {
  // Of several active labels of one order the oldest stays.
  await schema.sequelize.query(
    `UPDATE labels SET status = 'voided', active_marker = NULL WHERE active_marker = 1 AND id NOT IN
      (SELECT id FROM (SELECT MIN(id) AS id FROM labels WHERE active_marker = 1 GROUP BY order_id) AS kept)`,
  );
  await replaceUnique(schema, 'labels', { from: ONE_A_PARCEL, to: ONE_A_ORDER });
  await dropColumns(schema, 'labels', ['package_id', 'package_number', 'parcel']);
};
