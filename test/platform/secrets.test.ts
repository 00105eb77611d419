import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { expectStatus } from '../support/shop';

describe.each(DATABASES)('Keys and people, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const till = { name: 'till', role: 'cashier', storeIds: [] };

  it('an API key is shown once and kept nowhere', async () => {
    const made = expectStatus(await app.post('/api-keys', till, { key: 'make-till' }), 201);
    expect(made.body.key).toMatch(/^olk_/);
    const again = expectStatus(await app.post('/api-keys', till, { key: 'make-till' }), 201);
    expect(again.body).toMatchObject({ id: made.body.id });
    expect(again.body.key).toBeUndefined();
    const reader = app.service.workroom.reader(app.service.workroom.systemCaller('test'));
    const tables =
      kind === 'sqlite'
        ? "SELECT name FROM sqlite_master WHERE type = 'table'"
        : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
    for (const { name } of await reader.select<{ name: string }>(tables)) {
      const rows = JSON.stringify(await reader.select(`SELECT * FROM ${name}`));
      expect({ name, holds: rows.includes(made.body.key) }).toEqual({ name, holds: false });
    }
  });

  it('a revoked key opens nothing', async () => {
    const made = (await app.post('/api-keys', till)).body;
    expectStatus(await app.get('/orders', { apiKey: made.key }), 200);
    expectStatus(await app.call('DELETE', `/api-keys/${made.id}`), 200);
    expect(await app.get('/orders', { apiKey: made.key })).toMatchObject({
      status: 401,
      body: { code: 'API_KEY_INVALID' },
    });
  });

  it('a manager of one store adds and sees its people only, and makes nobody an admin', async () => {
    const apiKey = await app.keyFor('store_manager', ['main']);
    const person = (fields: object) =>
      app.post('/users', { name: 'Karim', role: 'cashier', storeIds: ['main'], ...fields }, { apiKey });
    expectStatus(await person({ email: 'karim@example.com' }), 201);
    expect((await person({ email: 'boss@example.com', role: 'admin' })).body.code).toBe('ROLE_NOT_ALLOWED');
    expect((await person({ email: 'other@example.com', storeIds: ['second'] })).body.code).toBe('STORE_NOT_ALLOWED');
    expect((await person({ email: 'all@example.com', storeIds: [] })).body.code).toBe('STORE_NOT_ALLOWED');
    await app.post('/users', { name: 'Far', email: 'far@example.com', role: 'cashier', storeIds: ['second'] });
    const { body } = await app.get('/users', { apiKey });
    expect(body.items.map((user: { email: string }) => user.email)).toEqual(['karim@example.com']);
  });

  it('several processes start on one empty ledger', async () => {
    const empty = await emptyDatabase('mysql');
    const first = await startTestApp({ databaseUrl: empty.url });
    await first.close();
    const both = await Promise.all([1, 2, 3].map(() => startTestApp({ databaseUrl: empty.url })));
    for (const one of both) expectStatus(await one.get('/orders'), 200);
    await Promise.all(both.map((one) => one.close()));
    await empty.drop();
  });
});
