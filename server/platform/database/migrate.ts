import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryInterface } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
import type { Migration } from './columns';
import type { Database } from './database';

const FOLDER = join(__dirname, 'migrations');

interface MigrationFile {
  up: Migration;
  down: Migration;
}

/** The schema's history: one file a table, run in the order of their names, each up and down on both databases. */
export function migrations(database: Database): Umzug<QueryInterface> {
  const files = readdirSync(FOLDER).filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith('.d.ts'));
  return new Umzug({
    migrations: files.sort().map((file) => {
      const load = async (): Promise<MigrationFile> => (await import(join(FOLDER, file))) as MigrationFile;
      return {
        name: file.replace(/\.(ts|js)$/, ''),
        up: async ({ context }) => (await load()).up(context),
        down: async ({ context }) => (await load()).down(context),
      };
    }),
    context: database.sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize: database.sequelize, tableName: 'schema_migrations' }),
    logger: undefined,
  });
}
