import { DATABASES } from '../support/databases';
import { bkashId, expectIntegrity, expectStatus, move, pay, placeOrder } from '../support/shop';
import { cod, figuresFromEntries, openShop, send, type Shop, summaryOf } from './open-shop';

const HOUR_MS = 3_600_000;
const TODAY = '2026-11-20';
const YESTERDAY = '2026-11-19';

describe.each(DATABASES)('The summary of a day, on %s', (kind) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop(kind);
  });
  afterEach(async () => {
    await expectIntegrity(shop.app);
    await shop.close();
  });

  it('counts what was placed, sold, earned and paid back, and agrees with the journal', async () => {
    const { app } = shop;
    const delivered = await placeOrder(app, { paymentMethod: 'bkash', shippingMinor: 6000, taxMinor: 5000 });
    await pay(app, delivered.id);
    await send(app, delivered);
    await move(app, delivered.id, 'deliver');
    const cancelled = await cod(app, 3);
    await move(app, cancelled.id, 'cancel', { reason: 'operational' });
    const atTheDoor = await cod(app, 1);
    await send(app, atTheDoor);
    await move(app, atTheDoor.id, 'deliver');
    await cod(app, 5);
    const summary = await summaryOf(app, TODAY);
    expect(summary).toMatchObject({
      ...{ date: TODAY, timezone: 'Asia/Dhaka', currency: 'BDT', isOver: false, final: false },
      ...{ ordersPlaced: 4, ordersShipped: 2, ordersDelivered: 2, ordersCompleted: 1, ordersCancelled: 1 },
      ...{ unitsSold: 3, revenueMinor: 400_000, completedRevenueMinor: 150_000, cogsMinor: 90_000 },
      ...{ grossProfitMinor: 60_000, refundsMinor: 0, codOutstandingMinor: 50_000, shippingMinor: 6000 },
      paymentsReceived: [{ method: 'bkash', amountMinor: 111_000 }],
      adjustments: [],
    });
    expect(summary).toMatchObject(await figuresFromEntries(app, TODAY));
  });

  it('is all zeros for a day on which nothing happened', async () => {
    const summary = await summaryOf(shop.app, '2020-02-29');
    const figures = Object.entries(summary).filter(([, value]) => typeof value === 'number');
    expect(figures.length).toBeGreaterThan(15);
    expect(figures.filter(([, value]) => value !== 0)).toEqual([]);
    expect(summary).toMatchObject({ paymentsReceived: [], adjustments: [], exceptions: [] });
  });

  it('is that of the last day that is over, when no day is named', async () => {
    const { app, clock } = shop;
    await cod(app, 1);
    expect(await summaryOf(app)).toMatchObject({ date: YESTERDAY, isOver: true, ordersPlaced: 0 });
    clock.set('2026-11-20T18:00:00.000Z');
    expect(await summaryOf(app)).toMatchObject({ date: TODAY, isOver: true, ordersPlaced: 1 });
  });

  it('is refused for a day that is not there, or not yet, with the field named', async () => {
    const wrong = {
      '2026-11-21': 'DATE_IN_FUTURE',
      '2026-02-30': '',
      '20.11.2026': '',
      '2026-11-20T00:00:00Z': '',
      '': '',
    };
    for (const [date, code] of Object.entries(wrong)) {
      const { body } = expectStatus(await shop.app.get(`/reports/daily-summary?date=${date}`), 422);
      expect(body).toMatchObject({ code: code || 'VALIDATION_FAILED', errors: [{ path: 'date' }] });
    }
    expect((await shop.app.get('/reports/daily-summary?day=2026-11-20')).body.errors).toMatchObject([{ path: 'day' }]);
  });

  it('is for managers and those who read figures, of their own stores', async () => {
    const { app } = shop;
    const asked = async (role: string, stores: string[], query = '') =>
      (await app.get(`/reports/daily-summary${query}`, { apiKey: await app.keyFor(role, stores) })).status;
    expect(await asked('reporting', ['main'])).toBe(200);
    expect(await asked('store_manager', ['main'])).toBe(200);
    expect(await asked('cashier', ['main'])).toBe(403);
    expectStatus(await app.post('/stores', { id: 'two', name: 'Two', currency: 'BDT', timezone: 'Asia/Dhaka' }), 201);
    expect(await asked('reporting', ['main'], '?storeId=two')).toBe(403);
    expect((await app.get('/reports/daily-summary?storeId=none')).status).toBe(404);
    expect((await app.get('/reports/daily-summary')).body.code).toBe('STORE_MISSING');
  });

  it('ends at the store’s own midnight', async () => {
    const { app, clock } = shop;
    clock.set('2026-11-20T17:59:59.999Z');
    const last = await cod(app, 1);
    clock.set('2026-11-20T18:00:00.000Z');
    await cod(app, 2);
    await move(app, last.id, 'cancel', { reason: 'operational' });
    expect(await summaryOf(app, TODAY)).toMatchObject({ ordersPlaced: 1, revenueMinor: 50_000, ordersCancelled: 0 });
    expect(await summaryOf(app, '2026-11-21')).toMatchObject({
      ...{ ordersPlaced: 1, revenueMinor: 50_000, ordersCancelled: 1 },
      ...{ from: '2026-11-20T18:00:00.000Z', to: '2026-11-21T18:00:00.000Z' },
    });
  });

  it.each([
    ['02:00', '2026-11-20T19:30:00.000Z', '2026-11-20'],
    ['02:00', '2026-11-20T20:00:00.000Z', '2026-11-21'],
    ['22:00', '2026-11-20T15:59:00.000Z', '2026-11-20'],
    ['22:00', '2026-11-20T16:00:00.000Z', '2026-11-21'],
  ])('that ends at %s holds what happened at %s in %s', async (dayEndsAt, now, day) => {
    const { app, clock } = shop;
    const store = { id: 'late', name: 'Late', currency: 'BDT', timezone: 'Asia/Dhaka', dayEndsAt };
    expectStatus(await app.post('/stores', store), 201);
    const product = { sku: 'CUP-1', name: 'Cup', priceMinor: 100, costMinor: 60, storeId: 'late' };
    expectStatus(await app.post('/products', product), 201);
    const lines = [{ sku: 'CUP-1', quantity: 5, unitCostMinor: 60 }];
    expectStatus(await app.post('/inventory/receipts', { storeId: 'late', lines }), 201);
    clock.set(now);
    const order = { storeId: 'late', paymentMethod: 'cash', fulfillmentMethod: 'pickup' };
    const placed = await placeOrder(app, { ...order, lines: [{ sku: 'CUP-1', quantity: 2 }] });
    await app.post(`/orders/${placed.id}/payments`, { method: 'cash' });
    for (const verb of ['confirm', 'process']) await move(app, placed.id, verb);
    await app.put(`/orders/${placed.id}/items/${placed.lines[0].id}/status`, { status: 'prepared' });
    await move(app, placed.id, 'complete');
    clock.advance(30 * HOUR_MS);
    const { body } = await app.get(`/reports/daily-summary?storeId=late&date=${day}`);
    expect(body).toMatchObject({ ordersPlaced: 1, unitsSold: 2, completedRevenueMinor: 200, ordersCompleted: 1 });
    expect(body).toMatchObject({ revenueMinor: 200, cogsMinor: 120, grossProfitMinor: 80 });
  });

  it('counts the goods of a delivery in parts on the day of each part, without a unit lost to rounding', async () => {
    const { app, clock } = shop;
    const line = { sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000, discountMinor: 1 };
    const order = await cod(app, 3, { lines: [line] });
    await send(app, order);
    const part = (quantity: number) => move(app, order.id, 'deliver', { lines: [{ id: order.lines[0].id, quantity }] });
    await part(1);
    const first = await summaryOf(app, TODAY);
    expect(first).toMatchObject({ unitsSold: 1, revenueMinor: first.completedRevenueMinor, cogsMinor: 30_000 });
    expect(Math.abs(first.completedRevenueMinor - 50_000)).toBeLessThanOrEqual(1);
    clock.advance(24 * HOUR_MS);
    const back = await cod(app, 2);
    await send(app, back);
    await move(app, back.id, 'deliver');
    clock.advance(24 * HOUR_MS);
    await move(app, back.id, 'return_all', { reason: 'refused' });
    expect(await summaryOf(app, '2026-11-21')).toMatchObject({ unitsSold: 2, completedRevenueMinor: 100_000 });
    expect(await summaryOf(app, '2026-11-22')).toMatchObject({
      ...{
        unitsSold: 0,
        completedRevenueMinor: 0,
        cogsMinor: 0,
        returnedSalesMinor: 100_000,
        returnedCogsMinor: 60_000,
      },
      ...{ ordersReturned: 1, revenueMinor: 0 },
    });
    expect(await summaryOf(app, TODAY)).toEqual({ ...first, isOver: true });
  });

  it('that is closed is never changed: later facts of it stand in their own day as adjustments', async () => {
    const { app, clock } = shop;
    const order = await cod(app, 2);
    clock.advance(24 * HOUR_MS);
    expectStatus(await app.post(`/accounting/periods/${TODAY}/close`, {}), 200);
    const closed = await summaryOf(app, TODAY);
    expect(closed).toMatchObject({ final: true, ordersPlaced: 1 });
    const late = { number: 'LATE-1', placedAt: '2026-11-20T10:00:00Z' };
    await cod(app, 4, late);
    await cod(app, 1, { ...late, number: 'LATE-2' });
    await cod(app, 1, {
      number: 'FREE',
      placedAt: late.placedAt,
      lines: [{ sku: 'TEA-01', quantity: 1, unitPriceMinor: 0 }],
    });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(await summaryOf(app, TODAY)).toEqual(closed);
    const next = await summaryOf(app, '2026-11-21');
    expect(next).toMatchObject({
      ...{ ordersPlaced: 2, ordersCancelled: 1, revenueMinor: 150_000, final: false },
      adjustments: [
        {
          ...{ day: TODAY, event: 'placed', entries: 2, amountMinor: 250_000, revenueMinor: 250_000 },
          orders: ['LATE-1', 'LATE-2'],
        },
      ],
    });
    expect(next).toMatchObject(await figuresFromEntries(app, '2026-11-21'));
  });

  it('counts an order that is dated into an open day in that day, also one that costs nothing', async () => {
    const { app } = shop;
    await cod(app, 2, { placedAt: '2026-11-19T10:00:00Z' });
    await cod(app, 1, { lines: [{ sku: 'TEA-01', quantity: 1, unitPriceMinor: 0 }] });
    expect(await summaryOf(app, YESTERDAY)).toMatchObject({ ordersPlaced: 1, revenueMinor: 100_000 });
    expect(await summaryOf(app, TODAY)).toMatchObject({ ordersPlaced: 1, revenueMinor: 0 });
  });

  it('knows what couriers held at its end, whatever they hand over later', async () => {
    const { app, clock } = shop;
    const order = await cod(app, 2);
    await send(app, order);
    await move(app, order.id, 'deliver');
    clock.advance(24 * HOUR_MS);
    const sums = app.service.workroom.registry.sweeps.find(({ name }) => name === 'accounting.sum_days')!;
    await sums.run(app.service.workroom.jobContext('test'));
    expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
    expect(await summaryOf(app, TODAY)).toMatchObject({ codOutstandingMinor: 100_000, paymentsReceived: [] });
    expect(await summaryOf(app, '2026-11-21')).toMatchObject({
      ...{ codOutstandingMinor: 0, ordersCompleted: 1, completedRevenueMinor: 0 },
      paymentsReceived: [{ method: 'cod', amountMinor: 100_000 }],
    });
  });

  it('names what a person should look at, as it stood at its end', async () => {
    const { app, clock } = shop;
    const order = await placeOrder(app, { number: 'X-1' });
    const hold = await app.post(`/orders/${order.id}/holds`, { reason: 'address', note: 'no house number' });
    const failed = { method: 'bkash', transactionId: bkashId(), result: 'failed', reason: 'no balance' };
    expectStatus(await app.post(`/orders/${order.id}/payments`, failed), 201);
    const busy = await cod(app, 1, { number: 'X-2' });
    await move(app, busy.id, 'process');
    const task = { kind: 'picking', orderId: busy.id, assigneeEmail: 'p@example.com', dueAt: '2026-11-20T06:00:00Z' };
    expectStatus(await app.post('/tasks', task), 201);
    expectStatus(await app.post('/incidents', { workflowId: 'w1', executionId: '77', message: 'No route' }), 201);
    clock.advance(6 * HOUR_MS);
    const seen = (await summaryOf(app, TODAY)).exceptions as { kind: string; message: string }[];
    expect(seen.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'order_on_hold: Order X-1 is on hold (address): no house number',
      expect.stringMatching(/^order_on_hold: Order X-1 is on hold \(payment\)/),
      'task_overdue: The picking of order X-2 is late; it is with p@example.com',
      'incident: A run failed: No route',
      'payment_failed: The payment of order X-1 by bkash did not come: no balance',
    ]);
    clock.advance(24 * HOUR_MS);
    await app.call('DELETE', `/orders/${order.id}/holds/${hold.body.handle}`);
    expect((await summaryOf(app, TODAY)).exceptions).toEqual(seen);
    expect((await summaryOf(app, '2026-11-21')).exceptions).toMatchObject([
      { kind: 'order_on_hold', orderNumber: 'X-1', message: expect.stringContaining('(payment)') },
      { kind: 'task_overdue', orderNumber: 'X-2' },
    ]);
  });
});
