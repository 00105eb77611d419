import { type Answer, startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { expectStatus } from '../support/shop';

describe.each(DATABASES)('The settings of a store, on %s', (kind) => {
  let app: TestApp;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await emptyDatabase(kind);
    drop = () => database.drop();
    app = await startTestApp({ databaseUrl: database.url });
    const store = { id: 'branch', name: 'Branch', currency: 'BDT', timezone: 'Asia/Dhaka' };
    expectStatus(await app.post('/stores', store), 201);
  });
  afterAll(async () => {
    await app.close();
    await drop();
  });

  const change = (body: unknown, options = {}, id = 'branch'): Promise<Answer> =>
    app.call('PATCH', `/stores/${id}`, body, options);
  const branch = async (): Promise<Answer['body']> => {
    const { items } = (await app.get('/stores')).body;
    return (items as Answer['body'][]).find(({ id }) => id === 'branch') ?? {};
  };

  it('begin with rules that ask nothing of anybody but picking', async () => {
    expect(await branch()).toMatchObject({
      ...{ packing: 'optional', preparation: 'required', qualityCheck: 'none', weightTolerancePercent: 20 },
      ...{ dayEndsAt: '00:00', highValueMinor: 1_000_000 },
    });
  });

  it('are changed one by one, and the audit says from what to what', async () => {
    const settings = { name: 'Branch 2', dayEndsAt: '22:30', packing: 'required', qualityCheck: 'required' };
    const more = { preparation: 'optional', highValueMinor: 5_000, weightTolerancePercent: 0 };
    expect(expectStatus(await change({ ...settings, ...more }), 200).body).toMatchObject({ ...settings, ...more });
    expect(await branch()).toMatchObject({ ...settings, ...more, currency: 'BDT', timezone: 'Asia/Dhaka' });
    expectStatus(await change({ weightTolerancePercent: 10, packing: 'required' }), 200);
    const { items } = (await app.get('/audit?storeId=branch')).body;
    const changes = (items as Answer['body'][]).filter(({ action }) => action === 'store.change');
    expect(changes).toContainEqual(
      expect.objectContaining({ before: { weightTolerancePercent: 0 }, after: { weightTolerancePercent: 10 } }),
    );
    expect(changes).toHaveLength(2);
    expectStatus(await change({ packing: 'required' }), 200);
    expect((await app.get('/audit?storeId=branch')).body.items).toHaveLength(items.length);
  });

  it('are the business of the store’s manager', async () => {
    for (const role of ['fulfillment_specialist', 'cashier', 'customer_service', 'reporting']) {
      const refused = await change({ name: 'Mine' }, { apiKey: await app.keyFor(role) });
      expect(refused).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_ALLOWED' } });
    }
    const elsewhere = await app.keyFor('store_manager', ['main']);
    expect((await change({ name: 'Mine' }, { apiKey: elsewhere })).body.code).toBe('STORE_NOT_ALLOWED');
    const own = await app.keyFor('store_manager', ['branch']);
    expectStatus(await change({ name: 'Ours' }, { apiKey: own }), 200);
  });

  it.each([
    [{}, 422, ''],
    [{ name: ' ' }, 422, 'name'],
    [{ name: 'x'.repeat(121) }, 422, 'name'],
    [{ dayEndsAt: '25:00' }, 422, 'dayEndsAt'],
    [{ dayEndsAt: 7 }, 422, 'dayEndsAt'],
    [{ packing: 'always' }, 422, 'packing'],
    [{ preparation: 'no' }, 422, 'preparation'],
    [{ qualityCheck: true }, 422, 'qualityCheck'],
    [{ weightTolerancePercent: -1 }, 422, 'weightTolerancePercent'],
    [{ weightTolerancePercent: 1.5 }, 422, 'weightTolerancePercent'],
    [{ weightTolerancePercent: 1001 }, 422, 'weightTolerancePercent'],
    [{ highValueMinor: -1 }, 422, 'highValueMinor'],
    [{ currency: 'EUR' }, 422, ''],
    [{ timezone: 'Europe/Berlin' }, 422, ''],
    [{ id: 'other' }, 422, ''],
  ])('refuse %j', async (body, status, path) => {
    const before = await branch();
    const refused = await change(body);
    expect([refused.status, refused.body.code]).toEqual([status, 'VALIDATION_FAILED']);
    if (path) expect(refused.body.errors).toMatchObject([{ path }]);
    expect(await branch()).toEqual(before);
  });

  it('are of stores that there are', async () => {
    expect(await change({ name: 'x' }, {}, 'no-such')).toMatchObject({
      status: 404,
      body: { code: 'STORE_NOT_FOUND' },
    });
  });
});
