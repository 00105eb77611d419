import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, prepareAll, stockOf } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pick, read } from '../orders/open-orders';
import { AT_REQUEST, askToCancel, type Body, cancel, payWith, postingsOf, stepsOf } from './cancelling';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('A cancellation, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    sku = await newProduct(app, 5000);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const bkash = (overrides: Body = {}) => orderFor(app, sku, 2, { paymentMethod: 'bkash', ...overrides });
  const cod = () => orderFor(app, sku, 2);

  describe('gives money back:', () => {
    it('nothing, when nothing was paid', async () => {
      const order = await bkash();
      const cancelled = await cancel(app, order, AT_REQUEST);
      expect(cancelled).toMatchObject({
        status: 'cancelled',
        paymentStatus: 'unpaid',
        balanceDueMinor: 0,
        refundsPayableMinor: 0,
        changed: true,
        case: {
          status: 'open',
          reason: 'customer_requested',
          note: 'changed her mind',
          customerContact: '01700000000',
          requestedAt: '2026-01-05T08:00:00.000Z',
          fromStatus: 'pending',
        },
      });
      expect(stepsOf(cancelled.case)).toEqual({
        stock: 'done',
        money: 'done',
        put_back: 'skipped',
        refund: 'skipped',
        courier: 'skipped',
        message: 'pending',
      });
      expect(await postingsOf(app, order, 'cancelled')).toEqual(['Sales Revenue / Accounts Receivable 100000']);
    });

    it('the part that was paid, and no more', async () => {
      const order = await bkash({ shippingMinor: 5000, taxMinor: 1000 });
      await payWith(app, order, { amountMinor: 40_000, acceptDifference: true });
      const cancelled = await cancel(app, order);
      expect(cancelled).toMatchObject({ paymentStatus: 'refund_due', balanceDueMinor: 0, refundsPayableMinor: 40_000 });
      expect(stepsOf(cancelled.case).refund).toBe('pending');
      const postings = await postingsOf(app, order, 'cancelled');
      const sum = (credit: string) =>
        postings
          .filter((line) => line.includes(`/ ${credit} `))
          .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
      expect([sum('Accounts Receivable'), sum('Refunds Payable')]).toEqual([66_000, 40_000]);
    });

    it('everything that was paid', async () => {
      const order = await bkash();
      await payWith(app, order);
      const cancelled = await cancel(app, order);
      expect(cancelled).toMatchObject({ paymentStatus: 'refund_due', refundsPayableMinor: 100_000 });
      expect(await postingsOf(app, order, 'cancelled')).toEqual(['Sales Revenue / Refunds Payable 100000']);
    });

    it('nothing, when it was to be paid at the door', async () => {
      const order = await cod();
      expect(await cancel(app, order)).toMatchObject({ paymentStatus: 'unpaid', balanceDueMinor: 0 });
      expect(await postingsOf(app, order, 'cancelled')).toEqual(['Sales Revenue / Accounts Receivable 100000']);
    });
  });

  describe('gives goods back by how far they were:', () => {
    async function picked(): Promise<Body> {
      const order = await cod();
      await pick(app, order, 2);
      return order;
    }
    const stages: [string, () => Promise<Body>, Body, string][] = [
      ['reserved', cod, { reserved: -2, unavailable: 0 }, 'skipped'],
      [
        'half picked',
        async () => {
          const order = await cod();
          await pick(app, order, 1);
          return order;
        },
        { reserved: -2, unavailable: 1, onHand: -1 },
        'pending',
      ],
      ['picked', picked, { reserved: -2, unavailable: 2, onHand: -2 }, 'pending'],
      [
        'dispatched in the house',
        async () => {
          const order = await picked();
          expectStatus(await app.post('/inventory/dispatch', { orderId: order.id }), 200);
          return order;
        },
        { reserved: -2, unavailable: 2, onHand: -2, outgoing: 0 },
        'pending',
      ],
    ];
    it.each(stages)('%s', async (_stage, make, change, putBack) => {
      const before = await stockOf(app, sku);
      const order = await make();
      const held = await stockOf(app, sku);
      const cancelled = await cancel(app, order);
      const after = await stockOf(app, sku);
      expect(after.reserved).toBe(before.reserved);
      expect(after.outgoing).toBe(before.outgoing);
      expect(after.unavailable - before.unavailable).toBe(change.unavailable);
      expect(after.onHand - before.onHand).toBe(change.onHand ?? 0);
      expect(held.reserved + held.outgoing - before.reserved - before.outgoing).toBe(2);
      expect(stepsOf(cancelled.case).put_back).toBe(putBack);
    });

    it('on a shelf in the store’s hands until somebody looks, when they are not to be sold again', async () => {
      const before = await stockOf(app, sku);
      const cancelled = await cancel(app, await picked(), { restock: false });
      expect(stepsOf(cancelled.case).put_back).toBe('skipped');
      expect(cancelled.case.steps[2].note).toContain('PUT /api/v1/inventory/return');
      await app.settled();
      expect((await read(app, cancelled)).tasks).toEqual([]);
      expect((await stockOf(app, sku)).unavailable - before.unavailable).toBe(2);
    });

    it('and keeps what has left, as the move does', async () => {
      const order = await orderFor(app, sku, 3);
      await pick(app, order, 1);
      const [{ id }] = order.lines;
      await move(app, order.id, 'partially_fulfill', { reason: 'short', lines: [{ id, handling: 'backorder' }] });
      await move(app, order.id, 'ship', { carrier: 'manual' });
      const cancelled = await cancel(app, order);
      expect(cancelled).toMatchObject({ status: 'shipped', changed: true, balanceDueMinor: 50_000 });
      expect(cancelled.case.steps[0].facts.cancelledUnits).toBe(2);
      expect((await askToCancel(app, order)).body.code).toBe('ORDER_SHIPPED');
      await move(app, order.id, 'fail_delivery', { reason: 'recalled' });
      await move(app, order.id, 'ready');
      const rest = await cancel(app, order);
      expect(rest).toMatchObject({ status: 'cancelled', balanceDueMinor: 0, case: { round: 2 } });
      expect(rest.case.id).not.toBe(cancelled.case.id);
      expect((await read(app, order)).cancellation.id).toBe(rest.case.id);
    });
  });

  describe('happens once:', () => {
    it('asked for again, the same case answers', async () => {
      const order = await bkash();
      const first = await cancel(app, order);
      const again = await cancel(app, order, { reason: 'duplicate' });
      expect(again).toMatchObject({ changed: false, version: first.version, case: { id: first.case.id } });
      expect(again.case.reason).toBe('operational');
      const byMove = await app.put(`/orders/${order.id}/status`, { status: 'cancelled', reason: 'operational' });
      expect(byMove).toMatchObject({ status: 200, body: { changed: false, case: { id: first.case.id } } });
    });

    it('asked for by ten at once, there is one case and one effect', async () => {
      const before = await stockOf(app, sku);
      const order = await bkash();
      await payWith(app, order);
      const answers = await Promise.all(Array.from({ length: 10 }, () => askToCancel(app, order)));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
      expect(new Set(answers.map(({ body }) => body.case.id)).size).toBe(1);
      expect(await postingsOf(app, order, 'cancelled')).toHaveLength(1);
      expect(await stockOf(app, sku)).toMatchObject({ reserved: before.reserved, available: before.available });
    });

    it('racing with the courier’s van, exactly one of both wins', async () => {
      for (let round = 0; round < 4; round += 1) {
        const order = await cod();
        await pick(app, order, 2);
        await move(app, order.id, 'fulfill');
        const [shipped, cancelled] = await Promise.all([
          app.put(`/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' }),
          askToCancel(app, order),
        ]);
        const both = [shipped!.status, cancelled!.status].sort();
        expect(both).toEqual([200, 409]);
        const { status } = await read(app, order);
        expect(status).toBe(cancelled!.status === 200 ? 'cancelled' : 'shipped');
        if (cancelled!.status === 409) expect(cancelled!.body.code).toBe('ORDER_SHIPPED');
      }
    });
  });

  it('by status or by move runs the same command', async () => {
    const orders = [await bkash(), await bkash(), await bkash()];
    const asked = { reason: 'inventory', notes: 'all broken', notify: false };
    const byStatus = await app.put(`/orders/${orders[0]!.id}/status`, { status: 'cancelled', ...asked });
    expect(byStatus).toMatchObject({ status: 200, body: { status: 'cancelled', case: { note: 'all broken' } } });
    expect(byStatus.body.case.status).toBe('completed');
    expect((await move(app, orders[1]!.id, 'cancel', asked)).case.reason).toBe('inventory');
    const orderIds = orders.map(({ id }) => id);
    const bulk = await app.post('/orders/bulk_update', { orderIds, status: 'cancelled', ...asked });
    expect(bulk.body).toMatchObject({ doneCount: 3 });
    expect(bulk.body.items.map(({ result }: Body) => result.changed)).toEqual([false, false, true]);
    const refused = await app.put(`/orders/${(await bkash()).id}/status`, { status: 'cancelled', reason: 'whim' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'REASON_UNKNOWN', errors: [{ path: 'reason' }] } });
  });

  it('of an order whose lines were all taken off it opens the case that is missing', async () => {
    const order = await bkash();
    await payWith(app, order);
    await move(app, order.id, 'process');
    const [{ id }] = order.lines;
    await move(app, order.id, 'partially_fulfill', { reason: 'none left', lines: [{ id, handling: 'refund' }] });
    expect(await read(app, order)).toMatchObject({ status: 'cancelled', cancellation: null });
    const late = await cancel(app, order, { reason: 'inventory' });
    expect(late).toMatchObject({ status: 'cancelled', changed: false, case: { reason: 'inventory', round: 1 } });
    expect(stepsOf(late.case)).toMatchObject({ refund: 'pending', put_back: 'skipped' });
    expect((await cancel(app, order)).case.id).toBe(late.case.id);
  });

  it('that follows from a lapsed payment has its case, and nobody is told', async () => {
    const order = await bkash();
    book.clock.advance(25 * HOUR_MS);
    const sweep = app.service.workroom.registry.sweeps.find(({ name }) => name === 'orders.cancel_expired')!;
    await sweep.run(app.service.workroom.jobContext('test'));
    expect(await read(app, order)).toMatchObject({
      status: 'cancelled',
      cancellation: { reason: 'payment', note: 'Not paid in time.', status: 'completed' },
    });
  });

  it('can be previewed', async () => {
    const order = await bkash();
    const { body } = await app.post(`/orders/${order.id}/cancel?dryRun=true`, { reason: 'operational' });
    expect(body).toMatchObject({ dryRun: true, status: 'cancelled' });
    expect(body.effects.movements).not.toEqual([]);
    expect(await read(app, order)).toMatchObject({ status: 'pending', cancellation: null });
  });

  it.each([
    [{}, 'reason', 'VALIDATION_FAILED'],
    [{ reason: 'whim' }, 'reason', 'VALIDATION_FAILED'],
    [{ reason: 'customer_requested' }, 'customerContact', 'FIELD_REQUIRED'],
    [{ ...AT_REQUEST, requestedAt: undefined }, 'requestedAt', 'FIELD_REQUIRED'],
    [{ ...AT_REQUEST, requestedAt: 'yesterday' }, 'requestedAt', 'VALIDATION_FAILED'],
    [{ ...AT_REQUEST, requestedAt: '2090-01-01T00:00:00Z' }, 'requestedAt', 'REQUESTED_AT_IMPOSSIBLE'],
    [{ ...AT_REQUEST, requestedAt: '0001-01-01T00:00:00Z' }, 'requestedAt', 'REQUESTED_AT_IMPOSSIBLE'],
    [{ reason: 'operational', note: 'x'.repeat(1001) }, 'note', 'VALIDATION_FAILED'],
    [{ reason: 'operational', restock: 'yes' }, 'restock', 'VALIDATION_FAILED'],
    [{ reason: 'operational', notify: 1 }, 'notify', 'VALIDATION_FAILED'],
    [{ reason: 'operational', scope: 'all' }, 'scope', 'VALIDATION_FAILED'],
    [{ reason: 'operational', scope: 'future' }, 'scope', 'SCOPE_NOT_APPLICABLE'],
    [{ reason: 'operational', lines: [{ id: 'x', quantity: 1 }] }, 'lines', 'LINES_CANCELLED_OTHERWISE'],
    [{ reason: 'operational', refund: true }, 'refund', 'VALIDATION_FAILED'],
  ])('asked for with %j is refused, naming the field, and nothing is kept', async (body, path, code) => {
    const order = await bkash();
    const refused = expectStatus(await app.post(`/orders/${order.id}/cancel`, body), 422);
    expect(refused.body.code).toBe(code);
    expect(refused.body.errors[0].path).toBe(path);
    expect(await read(app, order)).toMatchObject({ status: 'pending', version: 1, cancellation: null });
  });

  it('names both fields that a customer’s request is missing', async () => {
    const { body } = await askToCancel(app, await bkash(), { reason: 'customer_requested' });
    expect(body.errors.map(({ path }: Body) => path)).toEqual(['customerContact', 'requestedAt']);
  });

  it('of what is shipped, final, unknown or changed meanwhile is refused', async () => {
    const order = await cod();
    await move(app, order.id, 'process');
    expect((await askToCancel(app, order, { version: 1 })).body.code).toBe('VERSION_CONFLICT');
    await prepareAll(app, order);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect((await askToCancel(app, order)).body).toMatchObject({
      code: 'ORDER_SHIPPED',
      instead: { move: 'fail_delivery', reason: 'recalled' },
    });
    const rejected = await bkash();
    await move(app, rejected.id, 'reject', { reason: 'fraud' });
    expect((await askToCancel(app, rejected)).body.code).toBe('MOVE_NOT_ALLOWED');
    expect((await askToCancel(app, { id: 'nowhere' })).body.code).toBe('ORDER_NOT_FOUND');
  });

  it.each([
    ['store_manager', 200, 200],
    ['customer_service', 200, 403],
    ['fulfillment_specialist', 202, 202],
    ['cashier', 403, 403],
    ['reporting', 403, 403],
  ])('by a %s at the customer’s request: %i, for another reason: %i', async (role, atRequest, otherwise) => {
    const apiKey = await app.keyFor(role);
    const order = await bkash();
    const answers = [
      await askToCancel(app, order, { reason: 'duplicate' }, apiKey),
      await askToCancel(app, otherwise === 200 ? await bkash() : order, AT_REQUEST, apiKey),
    ];
    expect(answers.map(({ status }) => status)).toEqual([otherwise, atRequest]);
    for (const { body } of answers.filter(({ status }) => status === 403)) {
      expect(body).toMatchObject({ code: 'ROLE_NOT_ALLOWED', allowedRoles: expect.arrayContaining(['store_manager']) });
      expect(body.detail).toContain('admin or store_manager');
    }
    if (otherwise === 403) {
      const byMove = await app.put(
        `/orders/${(await bkash()).id}/status`,
        { move: 'cancel', reason: 'duplicate' },
        { apiKey },
      );
      expect(byMove.body.code).toBe('ROLE_NOT_ALLOWED');
      const { body } = expectStatus(await app.get('/audit?action=right.refused'), 200);
      expect(JSON.stringify(body.items[0])).toContain('order.cancel');
    }
  });
});
