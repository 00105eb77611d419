import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, bkashId, expectIntegrity, expectStatus, move } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pickPart, read } from '../orders/open-orders';

type Body = Record<string, any>;

describe.each(DATABASES)('A refund, on %s', (kind) => {
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

  /** Two units at 500.00, paid by bKash and cancelled: 1,000.00 are owed back. */
  async function owed(overrides: Body = {}): Promise<Body> {
    const order = await orderFor(app, sku, 2, { paymentMethod: 'bkash', ...overrides });
    const payment = { method: order.paymentMethod === 'cod' ? 'cash' : order.paymentMethod, transactionId: bkashId() };
    expectStatus(await app.post(`/orders/${order.id}/payments`, payment), 201);
    return move(app, order.id, 'cancel', { reason: 'operational' });
  }
  const ask = (order: Body, body: Body = {}, apiKey?: string) =>
    app.post(`/orders/${order.id}/refund`, body, { apiKey });
  const decided = async (order: Body, body: Body = {}) => expectStatus(await ask(order, body), 201).body;
  const execute = (refund: Body, body: Body = {}, apiKey?: string) =>
    app.post(`/refunds/${refund.id}/execute`, body, { apiKey });
  const entriesOf = async (order: Body): Promise<Body[]> =>
    (await app.get(`/accounting/entries?orderId=${order.id}&event=refund_executed`)).body.items;

  it('without an amount is all that is owed back, and posts nothing until it is sent', async () => {
    const order = await owed();
    const refund = await decided(order);
    expect(refund).toMatchObject({ status: 'approved', amountMinor: 100_000, currency: 'BDT', changed: true });
    expect(await read(app, order)).toMatchObject({
      refundsPayableMinor: 100_000,
      refundedMinor: 0,
      paymentStatus: 'refund_due',
      refunds: [{ id: refund.id, status: 'approved' }],
    });
    expect(await entriesOf(order)).toEqual([]);
  });

  it('that is sent leaves by the account the customer paid into', async () => {
    const order = await owed();
    const refund = await decided(order);
    const transactionId = bkashId();
    const sent = expectStatus(await execute(refund, { transactionId: `TrxID: ${transactionId.toLowerCase()}` }), 200);
    expect(sent.body).toMatchObject({
      status: 'settled',
      method: 'bkash',
      transactionId,
      order: { paymentStatus: 'refunded', refundsPayableMinor: 0, refundedMinor: 100_000 },
    });
    const [entry, second] = await entriesOf(order);
    expect(second).toBeUndefined();
    expect(entry!.postings).toEqual([
      {
        debit: { code: '2100', name: 'Refunds Payable' },
        credit: { code: '1020', name: 'Cash – bKash' },
        amountMinor: 100_000,
        dimension: null,
      },
    ]);
  });

  it('of a part leaves the rest owed, and parts never claim more than the whole', async () => {
    const order = await owed();
    const first = await decided(order, { amountMinor: 30_000, reason: 'first half', note: 'called' });
    expect(await ask(order, { amountMinor: 70_001 })).toMatchObject({
      status: 409,
      body: {
        code: 'REFUND_TOO_LARGE',
        amountMinor: 70_001,
        refundsPayableMinor: 100_000,
        claimedMinor: 30_000,
        refundableMinor: 70_000,
        errors: [{ path: 'amountMinor' }],
      },
    });
    const second = await decided(order);
    expect(second.amountMinor).toBe(70_000);
    expect((await ask(order)).body).toMatchObject({ code: 'NOTHING_TO_REFUND', claimedMinor: 100_000 });
    expectStatus(await execute(first, { method: 'cash' }), 200);
    expect(await read(app, order)).toMatchObject({ refundsPayableMinor: 70_000, refundedMinor: 30_000 });
    expectStatus(await execute(second, { transactionId: bkashId() }), 200);
    expect(await read(app, order)).toMatchObject({ refundsPayableMinor: 0, paymentStatus: 'refunded' });
  });

  it('of lines is what was paid for the units that were cancelled, with their tax', async () => {
    const order = await orderFor(app, sku, 3, { paymentMethod: 'bkash', taxMinor: 1000 });
    await app.post(`/orders/${order.id}/payments`, { method: 'bkash', transactionId: bkashId() });
    const short = await pickPart(app, order, 2, 'refund');
    const [line] = short.lines;
    expect(await ask(order, { lines: [{ id: line.id, quantity: 2 }] })).toMatchObject({
      status: 422,
      body: { code: 'QUANTITY_TOO_LARGE', errors: [{ path: 'lines[0].quantity', quantity: 1 }] },
    });
    const refund = await decided(order, { lines: [{ id: line.id }] });
    expect(refund.amountMinor).toBe(50_000 + 333);
    expect((await read(app, order)).refundsPayableMinor).toBe(refund.amountMinor);
  });

  it('of an overpayment leaves the order paid', async () => {
    const order = await orderFor(app, sku, 1, { paymentMethod: 'cash', fulfillmentMethod: 'pickup' });
    await app.post(`/orders/${order.id}/payments`, { method: 'cash', amountMinor: 60_000, acceptDifference: true });
    const refund = await decided(order);
    expect((await execute(refund)).body).toMatchObject({ status: 'settled', method: 'cash', amountMinor: 10_000 });
    expect(await read(app, order)).toMatchObject({ status: 'pending', refundsPayableMinor: 0, balanceDueMinor: 0 });
  });

  it('of an order on cash on delivery comes from the till unless somebody says otherwise', async () => {
    const till = await balanceOf(app, '1000');
    const refund = await decided(await owed({ paymentMethod: 'cod' }));
    expect((await execute(refund)).body).toMatchObject({ status: 'settled', method: 'cash' });
    expect((await balanceOf(app, '1000')) - till).toBe(0);
  });

  it('executed twice, or by ten at once, is sent once', async () => {
    const order = await owed();
    const refund = await decided(order);
    const transactionId = bkashId();
    const answers = await Promise.all(Array.from({ length: 10 }, () => execute(refund, { transactionId })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
    expect((await execute(refund)).body).toMatchObject({ changed: false, status: 'settled' });
    expect(await entriesOf(order)).toHaveLength(1);
    expect((await execute(refund, { transactionId: bkashId() })).body.code).toBe('REFUND_SETTLED');
    expect((await execute(refund, { result: 'failed', reason: 'no' })).body.code).toBe('REFUND_SETTLED');
  });

  it('that failed is a task for a cashier, and is executed again', async () => {
    const order = await owed();
    const refund = await decided(order);
    const failed = await execute(refund, { result: 'failed', reason: 'The wallet is closed' });
    expect(failed.body).toMatchObject({ status: 'failed', failure: 'The wallet is closed', changed: true });
    expect((await execute(refund, { result: 'failed', reason: 'The wallet is closed' })).body.changed).toBe(false);
    await app.settled();
    const open = await read(app, order);
    expect(open).toMatchObject({ refundsPayableMinor: 100_000, paymentStatus: 'refund_due' });
    expect(open.tasks).toMatchObject([{ kind: 'manual_refund', status: 'open' }]);
    const { body: task } = await app.get(`/tasks/${open.tasks[0].id}`);
    expect(task.instructions).toContain('BDT 1,000.00');
    expect(task.instructions).toContain('The wallet is closed');
    const another = await execute(refund, { result: 'failed', reason: 'Nobody answers the phone' });
    expect(another.body).toMatchObject({ failure: 'Nobody answers the phone', attempts: 2, changed: true });
    expect((await execute(refund, { method: 'cash' })).body).toMatchObject({ status: 'settled', attempts: 3 });
    await app.settled();
    const ended = await read(app, order);
    expect(ended.tasks).toMatchObject([{ kind: 'manual_refund', status: 'done' }]);
    expect(ended.paymentStatus).toBe('refunded');
  });

  it('names a transfer that no other refund and no payment has', async () => {
    const paidWith = bkashId();
    const order = await orderFor(app, sku, 2, { paymentMethod: 'bkash' });
    await app.post(`/orders/${order.id}/payments`, { method: 'bkash', transactionId: paidWith });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    const refund = await decided(order);
    const other = await decided(await owed());
    const used = bkashId();
    expectStatus(await execute(other, { transactionId: used }), 200);
    for (const transactionId of [used, paidWith]) {
      expect(await execute(refund, { transactionId })).toMatchObject({
        status: 409,
        body: { code: 'TRANSACTION_ID_USED', errors: [{ path: 'transactionId' }] },
      });
    }
    const racing = await decided(await owed());
    const transactionId = bkashId();
    const both = await Promise.all([refund, racing].map((one) => execute(one, { transactionId })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it.each([
    [{ amountMinor: 0 }, 'amountMinor'],
    [{ amountMinor: 1.5 }, 'amountMinor'],
    [{ amountMinor: '100' }, 'amountMinor'],
    [{ lines: [] }, 'lines'],
    [{ amountMinor: 5, lines: [{ id: 'x' }] }, 'lines'],
    [{ lines: [{ id: 'x' }, { id: 'x' }] }, 'lines'],
    [{ lines: [{ id: 'x' }] }, 'lines[0].id'],
    [{ lines: [{ id: 'x', quantity: -1 }] }, 'lines[0].quantity'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ method: 'cash' }, 'method'],
  ])('asked for with %j is refused, naming the field', async (body, path) => {
    const order = await owed();
    const refused = expectStatus(await ask(order, body), 422);
    expect(refused.body.errors[0].path).toBe(path);
    expect((await read(app, order)).refunds).toEqual([]);
  });

  it.each([
    [{ method: 'cod', transactionId: 'x' }, 'method', 'VALIDATION_FAILED'],
    [{ result: 'lost' }, 'result', 'VALIDATION_FAILED'],
    [{ result: 'failed' }, 'reason', 'VALIDATION_FAILED'],
    [{}, 'transactionId', 'TRANSACTION_ID_MISSING'],
    [{ transactionId: 'short' }, 'transactionId', 'TRANSACTION_ID_MALFORMED'],
    [{ amountMinor: 5 }, 'amountMinor', 'VALIDATION_FAILED'],
  ])('executed with %j is refused, naming the field', async (body, path, code) => {
    const refund = await decided(await owed());
    const refused = expectStatus(await execute(refund, body), 422);
    expect(refused.body).toMatchObject({ code, errors: [{ path }] });
    expect((await read(app, { id: refund.orderId })).refunds).toMatchObject([{ status: 'approved', attempts: 0 }]);
  });

  it('of nothing, or of what does not exist, is refused', async () => {
    const order = await orderFor(app, sku, 1);
    expect((await ask(order)).body).toMatchObject({ code: 'NOTHING_TO_REFUND', refundsPayableMinor: 0 });
    expect((await ask({ id: 'nowhere' })).body.code).toBe('ORDER_NOT_FOUND');
    expect(await execute({ id: 'nowhere' })).toMatchObject({ status: 404, body: { code: 'REFUND_NOT_FOUND' } });
  });

  it.each([
    ['store_manager', true, true],
    ['cashier', true, true],
    ['customer_service', true, false],
    ['fulfillment_specialist', false, false],
    ['reporting', false, false],
  ])('may be asked for and executed by a %s: %s, %s', async (role, mayAsk, mayExecute) => {
    const apiKey = await app.keyFor(role);
    const order = await owed();
    expect((await ask(order, {}, apiKey)).status).toBe(mayAsk ? 201 : 403);
    const refund = mayAsk ? (await read(app, order)).refunds[0] : await decided(order);
    const answer = await execute(refund, { method: 'cash' }, apiKey);
    expect(answer.status).toBe(mayExecute ? 200 : 403);
    if (!mayExecute) expect(answer.body).toMatchObject({ code: 'ROLE_NOT_ALLOWED', allowedRoles: expect.any(Array) });
    if (!mayExecute) {
      const { body } = await app.get('/audit?action=right.refused');
      expect(JSON.stringify(body.items[0])).toContain('refund.execute');
    }
  });
});
