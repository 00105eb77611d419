import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { buildOrder, expectIntegrity, stockOf, stockProduct } from '../support/shop';

describe.each(DATABASES)('Many buyers at once, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    await stockProduct(app, {}, 50);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('sell exactly the 50 units there are, of 200 orders for one each', async () => {
    const order = buildOrder({ lines: [{ sku: 'TEA-01', quantity: 1 }] });
    const answers = await Promise.all(Array.from({ length: 200 }, () => app.post('/orders', order)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 STOCK_INSUFFICIENT']),
    );
    expect(await stockOf(app)).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
    await expectIntegrity(app);
  });

  it('are told how much there is when two lines of one SKU together are too many', async () => {
    await stockProduct(app, { sku: 'CUP-02', barcode: '3333333333338' }, 5);
    const lines = [
      { sku: 'CUP-02', quantity: 3 },
      { sku: 'CUP-02', quantity: 3 },
    ];
    const answer = await app.post('/orders', buildOrder({ lines }));
    expect(answer).toMatchObject({ status: 409, body: { code: 'STOCK_INSUFFICIENT' } });
    expect(answer.body.errors[0]).toMatchObject({ sku: 'CUP-02', available: 5 });
    expect(await stockOf(app, 'CUP-02')).toMatchObject({ reserved: 0, available: 5 });
  });

  it('place one order when one request arrives twenty times at once', async () => {
    await stockProduct(app, { sku: 'CUP-03', barcode: '4444444444444' }, 20);
    const order = buildOrder({ number: 'ONCE-1', lines: [{ sku: 'CUP-03', quantity: 1 }] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.post('/orders', order, { key: 'once-1' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect(await stockOf(app, 'CUP-03')).toMatchObject({ reserved: 1 });
  });
});
