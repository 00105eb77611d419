import { QueryTypes } from 'sequelize';
import { Database } from '../../server/platform/database/database';
import { migrations } from '../../server/platform/database/migrate';
import { DATABASES, emptyDatabase } from '../support/databases';

describe.each(DATABASES)('The schema, on %s', (kind) => {
  it('goes up, all the way down and up again to the same tables', async () => {
    const empty = await emptyDatabase(kind);
    const database = Database.open({ databaseUrl: empty.url, databasePoolSize: 2, idempotencyWaitMs: 1000 });
    const tables = async (): Promise<string[]> => {
      const sql =
        kind === 'sqlite'
          ? "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
          : 'SELECT CONCAT(table_name, index_name, column_name) AS name FROM information_schema.statistics WHERE table_schema = DATABASE()';
      const rows = await database.sequelize.query<{ name: string }>(sql, { type: QueryTypes.SELECT });
      return rows
        .map(({ name }) => name)
        .filter((name) => !name.includes('schema_migrations'))
        .sort();
    };
    const steps = await migrations(database).up();
    const first = await tables();
    expect(steps.length).toBeGreaterThan(20);
    await migrations(database).down({ to: 0 });
    expect(await tables()).toEqual([]);
    expect(await migrations(database).up()).toHaveLength(steps.length);
    expect(await tables()).toEqual(first);
    await database.close();
    await empty.drop();
  });
});
