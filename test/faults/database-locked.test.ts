import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { startTestApp, type TestApp } from '../support/app';
import { emptyDatabase } from '../support/databases';
import { buildOrder, expectIntegrity, stockOf, stockProduct } from '../support/shop';

describe('A ledger that somebody else has locked', () => {
  describe('on SQLite', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orderloom-locked-'));
    const file = join(folder, 'ledger.sqlite');
    let app: TestApp;

    beforeAll(async () => {
      app = await startTestApp({ databaseUrl: `sqlite:${file}` });
      await stockProduct(app);
    });
    afterAll(async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('refuses clearly, goes on reading, and takes the same request once it is free', async () => {
      const other = new BetterSqlite(file);
      other.exec('BEGIN IMMEDIATE');
      const refused = await app.post('/orders', buildOrder(), { key: 'locked-1' });
      expect(refused).toMatchObject({ status: 503, body: { code: 'DATABASE_BUSY' } });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect((await app.get('/orders')).status).toBe(200);
      other.exec('ROLLBACK');
      other.close();
      expect(await app.post('/orders', buildOrder(), { key: 'locked-1' })).toMatchObject({ status: 201 });
      expect(await stockOf(app)).toMatchObject({ reserved: 2 });
      await expectIntegrity(app);
    });
  });

  describe('on MariaDB', () => {
    let app: TestApp;
    let database: Awaited<ReturnType<typeof emptyDatabase>>;

    beforeAll(async () => {
      database = await emptyDatabase('mysql');
      app = await startTestApp({ databaseUrl: database.url, env: { IDEMPOTENCY_WAIT_MS: '1000' } });
      await stockProduct(app);
    });
    afterAll(async () => {
      await app.close();
      await database.drop();
    });

    it('waits for a row that is held for a moment, then does its work once', async () => {
      const other = await createConnection(database.url);
      await other.query('BEGIN');
      await other.query('SELECT * FROM stock_levels FOR UPDATE');
      const placing = app.post('/orders', buildOrder(), { key: 'held-1' });
      setTimeout(() => void other.query('ROLLBACK'), 1_500);
      expect(await placing).toMatchObject({ status: 201 });
      await other.end();
      expect(await stockOf(app)).toMatchObject({ reserved: 2 });
      await expectIntegrity(app);
    });
  });
});
