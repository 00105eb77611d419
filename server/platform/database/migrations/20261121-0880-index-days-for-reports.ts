import type { Migration } from '../columns';

/** A report of one day reads that day's rows and no others, however long the history is. */
const INDEXES: readonly [table: string, ...columns: string[]][] = [
  ['order_moves', 'at', 'to_status'],
  ['account_snapshots', 'store_id', 'code', 'business_day'],
  ['order_holds', 'placed_at'],
  ['tasks', 'store_id', 'due_at'],
  ['incidents', 'created_at'],
  ['payments', 'store_id', 'decided_at'],
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
