import { addColumns, addUnique, dropColumns, dropUnique, flag, type Migration, nullable } from '../columns';

/** The marker first: an index that begins with the product would be taken for the one its foreign key needs. */
const ONE_A_SHELF = ['open_marker', 'product_id', 'location_id'];

/** 1 while the shelf is being counted, then NULL, which a unique key lets repeat. */
export const up: Migration = async (schema) => {
  await addColumns(schema, 'count_lines', { open_marker: nullable(flag()) });
  // Of several that count one shelf by now the oldest is joined.
  await schema.sequelize.query(
    `UPDATE count_lines SET open_marker = 1 WHERE id IN
      (SELECT id FROM (SELECT MIN(l.id) AS id FROM count_lines l JOIN tasks t ON t.id = l.task_id
        WHERE t.open_marker = 1 GROUP BY l.product_id, l.location_id) AS oldest)`,
  );
  await addUnique(schema, 'count_lines', ONE_A_SHELF);
};

export const down: Migration = async (schema) => {
  await dropUnique(schema, 'count_lines', ONE_A_SHELF);
  await dropColumns(schema, 'count_lines', ['open_marker']);
};
