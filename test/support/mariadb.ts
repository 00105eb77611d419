import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

/** A fresh, empty database on the server that the test runner started, dropped when done. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.TEST_MYSQL_URL;
  if (!server) throw new Error('TEST_MYSQL_URL is not set. Run the tests with "npm test", which starts MariaDB.');
  const name = `orderloom_${randomBytes(6).toString('hex')}`;
  const address = new URL(server);
  address.pathname = '/';
  const run = async (sql: string): Promise<void> => {
    const connection = await createConnection(address.toString());
    await connection.query(sql);
    await connection.end();
  };
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  address.pathname = `/${name}`;
  return { url: address.toString(), drop: () => run(`DROP DATABASE ${name}`) };
}
