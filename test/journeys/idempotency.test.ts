import { startTestApp, type TestApp } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { bkashId, buildOrder, expectIntegrity, stockOf, TEA } from '../support/shop';

describe.each(DATABASES)('A write that is sent again, on %s', (kind) => {
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

  /** Sends a write three times with one key; all answers are the first one. */
  async function thrice(method: string, path: string, body: unknown): Promise<Record<string, any>> {
    const key = `thrice:${method}:${path}:${JSON.stringify(body)}`.replace(/\s/g, '').slice(0, 200);
    const first = await app.call(method, path, body, { key });
    expect({ path, status: first.status < 300, body: first.body }).toMatchObject({ status: true });
    for (let again = 0; again < 2; again += 1) {
      const answer = await app.call(method, path, body, { key });
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
      expect(answer.body).toEqual(first.body);
      expect(answer.status).toBe(first.status);
    }
    return first.body;
  }

  it('has one effect, whatever it writes', async () => {
    await thrice('POST', '/products', TEA);
    await thrice('POST', '/inventory/receipts', {
      lines: [{ sku: 'TEA-01', quantity: 50, unitCostMinor: 30_000 }],
      reference: 'PO-7',
    });
    const order = await thrice('POST', '/orders', buildOrder({ number: '1001' }));
    await thrice('POST', `/orders/${order.id}/payments`, { method: 'bkash', transactionId: bkashId() });
    const hold = await thrice('POST', `/orders/${order.id}/holds`, { reason: 'address', note: 'call first' });
    await thrice('DELETE', `/orders/${order.id}/holds/${hold.handle}`, undefined);
    for (const move of ['confirm', 'process']) await thrice('PUT', `/orders/${order.id}/status`, { move });
    const user = await thrice('POST', '/users', {
      name: 'Karim',
      email: 'karim@example.com',
      role: 'fulfillment_specialist',
    });
    const task = await thrice('POST', '/tasks', { kind: 'picking', orderId: order.id, assigneeEmail: user.email });
    await thrice('POST', `/tasks/${task.id}/scan`, { code: TEA.barcode });
    await thrice('POST', `/tasks/${task.id}/scan`, { code: TEA.barcode, quantity: 1 });
    await thrice('POST', `/tasks/${task.id}/complete`, {});
    await thrice('PUT', `/orders/${order.id}/status`, { move: 'fulfill' });
    await thrice('PUT', `/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    await thrice('PUT', `/orders/${order.id}/status`, { move: 'deliver' });
    const done = await app.get(`/orders/${order.id}`);
    expect(done.body).toMatchObject({ status: 'completed', paymentStatus: 'paid' });
    expect(await stockOf(app)).toMatchObject({ onHand: 48, total: 48 });
    const { body: history } = await app.get(`/orders/${order.id}/history`);
    const actions = (history.items as { action: string }[]).map(({ action }) => action);
    for (const action of ['order.place', 'order.confirm', 'order.ship', 'order.deliver', 'payment.recorded']) {
      expect(actions.filter((one) => one === action)).toHaveLength(1);
    }
    await expectIntegrity(app);
  });

  it('is refused when its key was used for another body', async () => {
    await app.post('/orders', buildOrder({ number: '2001' }), { key: 'reused' });
    const answer = await app.post('/orders', buildOrder({ number: '2002' }), { key: 'reused' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('is refused without a key', async () => {
    const answer = await app.post('/orders', buildOrder(), { key: null });
    expect(answer).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_MISSING' } });
  });

  it('is accepted after it was refused, once the goods are there', async () => {
    await app.post('/products', { ...TEA, sku: 'CUP-09', barcode: '5555555555550' });
    const order = buildOrder({ lines: [{ sku: 'CUP-09', quantity: 2 }] });
    expect(await app.post('/orders', order, { key: 'patient' })).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT' },
    });
    await app.post('/inventory/receipts', {
      lines: [{ sku: 'CUP-09', quantity: 5, unitCostMinor: 100 }],
      reference: 'PO-8',
    });
    expect(await app.post('/orders', order, { key: 'patient' })).toMatchObject({ status: 201 });
  });

  it('leaves nothing behind when it was only a preview', async () => {
    const before = await stockOf(app, 'CUP-09');
    const answer = await app.post(
      '/orders?dryRun=true',
      buildOrder({ number: 'DRY-1', lines: [{ sku: 'CUP-09', quantity: 1 }] }),
      { key: null },
    );
    expect(answer).toMatchObject({ status: 201, body: { dryRun: true } });
    expect(answer.body.effects.postings.length).toBeGreaterThan(0);
    expect(answer.body.effects.movements.length).toBeGreaterThan(0);
    expect(await stockOf(app, 'CUP-09')).toEqual(before);
    expect((await app.get('/orders/number:DRY-1')).status).toBe(404);
  });
});
