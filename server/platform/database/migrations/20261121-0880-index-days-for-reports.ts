import type { Migration } from '../columns';

/**
 * A report of one day reads the rows of that day and no others, however long the history is. No index begins with a
 * foreign key: MySQL would lean on it, and not let it go when the schema goes down.
 */
const INDEXES: readonly [table: string, ...columns: string[]][] = [
  ['order_moves', 'at', 'to_status'],
  ['account_snapshots', 'store_id', 'code', 'business_day'],
  ['order_holds', 'placed_at'],
  ['tasks', 'due_at', 'store_id'],
  ['incidents', 'created_at'],
  ['payments', 'decided_at', 'store_id'],
  ['cancellation_steps', 'updated_at'],
];

export const up: Migration = async (schema) => {
  for (const [table, ...columns] of INDEXES) {
    await schema.sequelize.query(`CREATE INDEX ${indexName(table)} ON ${table} (${columns.join(', ')})`);
  }
};

export const down: Migration = async (schema) => {
  for (const [table] of INDEXES) await schema.removeIndex(table, indexName(table));
};

function indexName(table: string): string {
  return `${table}_for_reports`;
}
