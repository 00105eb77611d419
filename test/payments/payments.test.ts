import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, bkashId, buildOrder, expectIntegrity, expectStatus, move, stockOf } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, read } from '../orders/open-orders';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('A payment, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    sku = await newProduct(app, 1000);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const place = (overrides: Record<string, unknown> = {}) =>
    orderFor(app, sku, 2, { paymentMethod: 'bkash', ...overrides });
  const record = (order: Record<string, any>, body: Record<string, unknown>) =>
    app.post(`/orders/${order.id}/payments`, { method: 'bkash', ...body });
  const expire = () =>
    book.app.service.workroom.registry.sweeps
      .find(({ name }) => name === 'orders.cancel_expired')!
      .run(app.service.workroom.jobContext('test'));

  it('that came as expected settles the order', async () => {
    const order = await place();
    const cash = await balanceOf(app, '1020');
    const paid = expectStatus(await record(order, { transactionId: bkashId(), amountMinor: 100_000 }), 201).body;
    expect(paid).toMatchObject({ status: 'recorded', order: { paymentStatus: 'paid', balanceDueMinor: 0 } });
    expect((await balanceOf(app, '1020')) - cash).toBe(100_000);
  });

  it('counts once, however often its wallet id is sent', async () => {
    const order = await place();
    const transactionId = bkashId();
    expectStatus(await record(order, { transactionId }), 201);
    const again = expectStatus(await record(order, { transactionId }), 200);
    expect(again.body).toMatchObject({ changed: false, order: { paymentStatus: 'paid' } });
    expect((await read(app, order)).payments).toHaveLength(1);
  });

  it('counts once when two tills record the order at the same moment', async () => {
    const order = await place();
    const answers = await Promise.all([1, 2, 3].map(() => record(order, { transactionId: bkashId() })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await read(app, order)).toMatchObject({ paymentStatus: 'paid', paidMinor: 100_000 });
  });

  it('of a part leaves the rest due, and of too much is owed back', async () => {
    const order = await place();
    const difference = { amountMinor: 30_000, acceptDifference: true };
    expect((await record(order, { transactionId: bkashId(), ...difference })).body.order).toMatchObject({
      paymentStatus: 'partially_paid',
      balanceDueMinor: 70_000,
    });
    expect((await record(order, { transactionId: bkashId(), amountMinor: 30_000 })).body).toMatchObject({
      code: 'AMOUNT_MISMATCH',
      balanceDueMinor: 70_000,
    });
    await record(order, { transactionId: bkashId(), amountMinor: 90_000, acceptDifference: true });
    expect(await read(app, order)).toMatchObject({
      paymentStatus: 'overpaid',
      refundsPayableMinor: 20_000,
      balanceDueMinor: 0,
    });
  });

  it('that the customer reports posts nothing until it is found', async () => {
    const order = await place({ payment: { transactionId: bkashId() } });
    expect(order.paymentStatus).toBe('pending_verification');
    const [payment] = (await read(app, order)).payments;
    expect((await app.post(`/payments/${payment.id}/verify`, { amountMinor: 90_000 })).body.code).toBe(
      'AMOUNT_MISMATCH',
    );
    const found = expectStatus(await app.post(`/payments/${payment.id}/verify`, {}), 200);
    expect(found.body).toMatchObject({ status: 'recorded', order: { paymentStatus: 'paid' } });
    expect((await app.post(`/payments/${payment.id}/verify`, {})).body.changed).toBe(false);
    expect((await app.post(`/payments/${payment.id}/reject`, { reason: 'late' })).body.code).toBe('PAYMENT_DECIDED');
  });

  it('that was not found gives the customer a day more, then the goods go back', async () => {
    const order = await place({ payment: { transactionId: bkashId() } });
    const before = await stockOf(app, sku);
    book.clock.advance(100 * HOUR_MS);
    await expire();
    expect((await read(app, order)).status).toBe('pending');
    const [payment] = (await read(app, order)).payments;
    await app.post(`/payments/${payment.id}/reject`, { reason: 'not found' });
    book.clock.advance(23 * HOUR_MS);
    await expire();
    expect((await read(app, order)).status).toBe('pending');
    book.clock.advance(2 * HOUR_MS);
    await expire();
    expect(await read(app, order)).toMatchObject({ status: 'cancelled', balanceDueMinor: 0 });
    expect((await stockOf(app, sku)).reserved).toBe(before.reserved - 2);
  });

  it('that was not found does not end an order that is paid at the door', async () => {
    const order = await place({ paymentMethod: 'cod' });
    const { body: payment } = await record(order, { transactionId: bkashId(), result: 'submitted' });
    await app.post(`/payments/${payment.id}/reject`, { reason: 'not found' });
    book.clock.advance(100 * HOUR_MS);
    await expire();
    expect((await read(app, order)).status).toBe('pending');
  });

  it('that failed holds the order until money comes', async () => {
    const order = await place();
    const failed = expectStatus(await record(order, { result: 'failed', reason: 'no balance', amountMinor: 1 }), 201);
    expect(failed.body).toMatchObject({ status: 'failed', order: { paymentStatus: 'unpaid' } });
    const held = await app.put(`/orders/${order.id}/status`, { move: 'confirm' });
    expect(held.body.reasons.map((reason: { code: string }) => reason.code)).toEqual([
      'ORDER_ON_HOLD',
      'PAYMENT_REQUIRED',
    ]);
    expectStatus(await record(order, { transactionId: bkashId() }), 201);
    expect((await read(app, order)).holds).toEqual([]);
    expect(await move(app, order.id, 'confirm')).toMatchObject({ status: 'confirmed' });
  });

  it('that failed and then came is recorded with what came', async () => {
    const order = await place();
    const transactionId = bkashId();
    await record(order, { transactionId, result: 'failed', amountMinor: 40_000 });
    expect((await record(order, { transactionId, result: 'failed' })).body.changed).toBe(false);
    expect((await read(app, order)).holds).toHaveLength(1);
    const paid = expectStatus(await record(order, { transactionId }), 201);
    expect(paid.body).toMatchObject({ amountMinor: 100_000, order: { paymentStatus: 'paid', balanceDueMinor: 0 } });
  });

  it('that was awaited and failed is awaited no longer, so the order expires', async () => {
    const transactionId = bkashId();
    const order = await place({ payment: { transactionId } });
    await record(order, { transactionId, result: 'failed' });
    expect((await read(app, order)).paymentStatus).toBe('unpaid');
    book.clock.advance(25 * HOUR_MS);
    await expire();
    expect((await read(app, order)).status).toBe('cancelled');
  });

  it('that was rejected can be sent again with the right id', async () => {
    const order = await place({ payment: { transactionId: bkashId() } });
    const [payment] = (await read(app, order)).payments;
    await app.post(`/payments/${payment.id}/reject`, { reason: 'mistyped' });
    const transactionId = bkashId();
    expect((await app.post(`/payments/${payment.id}/retry`, { transactionId })).body).toMatchObject({
      status: 'submitted',
      transactionId,
    });
    expect((await app.post(`/payments/${payment.id}/verify`, {})).body.order.paymentStatus).toBe('paid');
  });

  it('of nothing is refused, and a free order is never cancelled for want of money', async () => {
    const free = { lines: [{ sku, quantity: 1, unitPriceMinor: 0 }] };
    const order = await place(free);
    expect(order.paymentStatus).toBe('paid');
    for (const result of ['recorded', 'submitted', 'failed']) {
      expect(await record(order, { transactionId: bkashId(), result })).toMatchObject({
        status: 409,
        body: { code: 'NOTHING_DUE' },
      });
    }
    const withId = buildOrder({ ...free, payment: { transactionId: bkashId() } });
    expect(await app.post('/orders', withId)).toMatchObject({ status: 409, body: { code: 'NOTHING_DUE' } });
    book.clock.advance(100 * HOUR_MS);
    await expire();
    expect((await read(app, order)).status).toBe('pending');
  });

  it('in cash on delivery is neither promised nor more than the courier holds', async () => {
    const order = await place({ paymentMethod: 'cod' });
    for (const body of [{ result: 'submitted' }, {}, { amountMinor: 5, acceptDifference: true }]) {
      expect(await record(order, { method: 'cod', ...body })).toMatchObject({
        status: 409,
        body: { code: 'COD_NOT_COLLECTED' },
      });
    }
  });

  it('by bank takes any id that can be typed', async () => {
    const order = await place({ paymentMethod: 'bank' });
    expect(await record(order, { method: 'bank', transactionId: 'ß→é' })).toMatchObject({
      status: 422,
      body: { code: 'TRANSACTION_ID_MALFORMED' },
    });
    expectStatus(await record(order, { method: 'bank', transactionId: 'TT-2026/11 0001' }), 201);
  });

  it('tells those who only read figures nobody’s phone', async () => {
    const order = await place({ payment: { transactionId: bkashId(), payerPhone: '01711111111' } });
    const apiKey = await app.keyFor('reporting');
    expect(JSON.stringify((await app.get(`/orders/${order.id}`, { apiKey })).body)).not.toContain('01711111111');
  });
});
