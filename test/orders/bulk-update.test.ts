import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { expectIntegrity, pay, placeOrder, stockProduct } from '../support/shop';

describe.each(DATABASES)('One move for many orders, on %s', (kind) => {
  let app: TestApp;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    app = await startTestApp({ databaseUrl: database.url });
    await stockProduct(app);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is made where it can be, refused with the reason where not, and made once when it is sent again', async () => {
    const [paid, unpaid] = [await placeOrder(app), await placeOrder(app)];
    await pay(app, paid.id);
    const body = { orderIds: [paid.id, unpaid.id, 'nobody'], move: 'confirm' };
    const first = await app.post('/orders/bulk_update', body, { key: 'bulk-1' });
    expect(first).toMatchObject({ status: 200, body: { doneCount: 1, refusedCount: 2 } });
    expect(first.body.items).toMatchObject([
      { id: paid.id, done: true, result: { status: 'confirmed', changed: true } },
      { id: unpaid.id, done: false, problem: { status: 409, code: 'PAYMENT_REQUIRED' } },
      { id: 'nobody', done: false, problem: { status: 404, code: 'ORDER_NOT_FOUND' } },
    ]);

    await pay(app, unpaid.id);
    const again = await app.post('/orders/bulk_update', body, { key: 'bulk-1' });
    expect(again.body).toMatchObject({ doneCount: 2, refusedCount: 1 });
    expect(again.body.items[0]).toEqual(first.body.items[0]);
    await expectIntegrity(app);
  });

  it('can be previewed, and then nothing has changed', async () => {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    const preview = await app.post(
      '/orders/bulk_update?dryRun=true',
      { orderIds: [order.id], move: 'confirm' },
      { key: null },
    );
    expect(preview.body).toMatchObject({ doneCount: 1 });
    expect((await app.get(`/orders/${order.id}`)).body.status).toBe('pending');
  });

  it('is refused order by order to a role that may not, and each refusal is written down', async () => {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    const apiKey = await app.keyFor('cashier');
    const answer = await app.post('/orders/bulk_update', { orderIds: [order.id], move: 'confirm' }, { apiKey });
    expect(answer.body.items[0]).toMatchObject({ done: false, problem: { status: 403, code: 'ROLE_NOT_ALLOWED' } });
    const { body } = await app.get('/audit?action=right.refused');
    expect(JSON.stringify(body.items)).toContain(order.id);
  });

  it('names each order once and no more than 500', async () => {
    const twice = await app.post('/orders/bulk_update', { orderIds: ['a', 'a'], move: 'confirm' });
    expect(twice).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    const many = await app.post('/orders/bulk_update', {
      orderIds: Array.from({ length: 501 }, (_, n) => `o${n}`),
      move: 'confirm',
    });
    expect(many).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });
});
