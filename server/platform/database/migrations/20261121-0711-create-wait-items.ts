import { count, createTable, dropTable, id, key, type Migration, nullable, reference } from '../columns';

export const up: Migration = async (schema) => {
  await createTable(
    schema,
    'wait_items',
    {
      id: id(),
      wait_id: reference('waits'),
      task_id: reference('tasks'),
      position: count(),
      outcome: nullable(key(10)),
    },
    { unique: [['wait_id', 'position']], indexes: [['task_id', 'outcome']] },
  );
};

export const down: Migration = (schema) => dropTable(schema, 'wait_items');
