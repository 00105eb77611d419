import { DATABASES } from '../support/databases';
import { bkashId, expectIntegrity, expectStatus, move, pay, placeOrder } from '../support/shop';
import { cod, figuresFromEntries, openShop, send, type Shop, summaryOf } from './open-shop';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('The summary of a day, on %s', (kind) => {
  let shop: Shop;
  /** Each test has a month of its own; it begins in the morning of its 20th. */
  let month = '2026-12';
  let today: string;
  const day = (offset: number) => `${month}-${20 + offset}`;
  const at = (offset: number, time: string) => `${day(offset)}T${time}Z`;

  beforeAll(async () => {
    shop = await openShop(kind);
  });
  beforeEach(() => {
    month = new Date(Date.parse(`${month}-01`) + 62 * 24 * HOUR_MS).toISOString().slice(0, 7);
    today = day(0);
    shop.clock.set(at(0, '04:00:00.000'));
  });
  afterEach(() => expectIntegrity(shop.app));
  afterAll(() => shop.close());

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
    const summary = await summaryOf(app, today);
    expect(summary).toMatchObject({
      ...{ date: today, timezone: 'Asia/Dhaka', currency: 'BDT', isOver: false, final: false },
      ...{ ordersPlaced: 4, ordersShipped: 2, ordersDelivered: 2, ordersCompleted: 1, ordersCancelled: 1 },
      ...{ unitsSold: 3, revenueMinor: 400_000, completedRevenueMinor: 150_000, cogsMinor: 90_000 },
      ...{ grossProfitMinor: 60_000, refundsMinor: 0, codOutstandingMinor: 50_000, shippingMinor: 6000 },
      paymentsReceived: [{ method: 'bkash', amountMinor: 111_000 }],
      adjustments: [],
    });
    expect(summary).toMatchObject(await figuresFromEntries(app, today));
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
    expect(await summaryOf(app)).toMatchObject({ date: day(-1), isOver: true, ordersPlaced: 0 });
    clock.set(at(0, '18:00:00.000'));
    expect(await summaryOf(app)).toMatchObject({ date: today, isOver: true, ordersPlaced: 1 });
  });

  it('is refused for a day that is not there, or not yet, with the field named', async () => {
    const wrong = {
      [day(1)]: 'DATE_IN_FUTURE',
      '2026-02-30': '',
      '20.11.2026': '',
      [at(0, '00:00:00')]: '',
      '': '',
    };
    for (const [date, code] of Object.entries(wrong)) {
      const { body } = expectStatus(await shop.app.get(`/reports/daily-summary?date=${date}`), 422);
      expect(body).toMatchObject({ code: code || 'VALIDATION_FAILED', errors: [{ path: 'date' }] });
    }
    expect((await shop.app.get('/reports/daily-summary?day=2026-11-20')).body.errors).toMatchObject([{ path: 'day' }]);
  });

  it('ends at the store’s own midnight', async () => {
    const { app, clock } = shop;
    clock.set(at(0, '17:59:59.999'));
    const last = await cod(app, 1);
    clock.set(at(0, '18:00:00.000'));
    await cod(app, 2);
    await move(app, last.id, 'cancel', { reason: 'operational' });
    expect(await summaryOf(app, today)).toMatchObject({ ordersPlaced: 1, revenueMinor: 50_000, ordersCancelled: 0 });
    expect(await summaryOf(app, day(1))).toMatchObject({
      ...{ ordersPlaced: 1, revenueMinor: 50_000, ordersCancelled: 1 },
      ...{ from: at(0, '18:00:00.000'), to: at(1, '18:00:00.000') },
    });
  });

  it('counts the goods of a delivery in parts on the day of each part, without a unit lost to rounding', async () => {
    const { app, clock } = shop;
    const line = { sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000, discountMinor: 1 };
    const order = await cod(app, 3, { lines: [line] });
    await send(app, order);
    const part = (quantity: number) => move(app, order.id, 'deliver', { lines: [{ id: order.lines[0].id, quantity }] });
    await part(1);
    const first = await summaryOf(app, today);
    expect(first).toMatchObject({ unitsSold: 1, revenueMinor: first.completedRevenueMinor, cogsMinor: 30_000 });
    expect(Math.abs(first.completedRevenueMinor - 50_000)).toBeLessThanOrEqual(1);
    clock.advance(24 * HOUR_MS);
    const back = await cod(app, 2);
    await send(app, back);
    await move(app, back.id, 'deliver');
    clock.advance(24 * HOUR_MS);
    await move(app, back.id, 'return_all', { reason: 'refused' });
    expect(await summaryOf(app, day(1))).toMatchObject({ unitsSold: 2, completedRevenueMinor: 100_000 });
    expect(await summaryOf(app, day(2))).toMatchObject({
      ...{
        unitsSold: 0,
        completedRevenueMinor: 0,
        cogsMinor: 0,
        returnedSalesMinor: 100_000,
        returnedCogsMinor: 60_000,
      },
      ...{ ordersReturned: 1, revenueMinor: 0 },
    });
    expect(await summaryOf(app, today)).toEqual({ ...first, isOver: true });
  });

  it('that is closed is never changed: later facts of it stand in their own day as adjustments', async () => {
    const { app, clock } = shop;
    const order = await cod(app, 2);
    clock.advance(24 * HOUR_MS);
    expectStatus(await app.post(`/accounting/periods/${today}/close`, {}), 200);
    const closed = await summaryOf(app, today);
    expect(closed).toMatchObject({ final: true, ordersPlaced: 1 });
    const late = { number: 'LATE-1', placedAt: at(0, '10:00:00') };
    await cod(app, 4, late);
    await cod(app, 1, { ...late, number: 'LATE-2' });
    await cod(app, 1, {
      number: 'FREE',
      placedAt: late.placedAt,
      lines: [{ sku: 'TEA-01', quantity: 1, unitPriceMinor: 0 }],
    });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(await summaryOf(app, today)).toEqual(closed);
    const next = await summaryOf(app, day(1));
    expect(next).toMatchObject({
      ...{ ordersPlaced: 2, ordersCancelled: 1, revenueMinor: 150_000, final: false },
      adjustments: [
        {
          ...{ day: today, event: 'placed', entries: 2, amountMinor: 250_000, revenueMinor: 250_000 },
          orders: ['LATE-1', 'LATE-2'],
        },
      ],
    });
    expect(next).toMatchObject(await figuresFromEntries(app, day(1)));
  });

  it('counts an order that is dated into an open day in that day, also one that costs nothing', async () => {
    const { app } = shop;
    await cod(app, 2, { placedAt: at(-1, '10:00:00') });
    await cod(app, 1, { lines: [{ sku: 'TEA-01', quantity: 1, unitPriceMinor: 0 }] });
    expect(await summaryOf(app, day(-1))).toMatchObject({ ordersPlaced: 1, revenueMinor: 100_000 });
    expect(await summaryOf(app, today)).toMatchObject({ ordersPlaced: 1, revenueMinor: 0 });
  });

  it('knows what couriers held at its end, whatever they hand over later', async () => {
    const { app, clock } = shop;
    const { codOutstandingMinor: before } = await summaryOf(app, today);
    const order = await cod(app, 2);
    await send(app, order);
    await move(app, order.id, 'deliver');
    clock.advance(24 * HOUR_MS);
    const sums = app.service.workroom.registry.sweeps.find(({ name }) => name === 'accounting.sum_days')!;
    await sums.run(app.service.workroom.jobContext('test'));
    expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cod' }), 201);
    expect(await summaryOf(app, today)).toMatchObject({ codOutstandingMinor: before + 100_000, paymentsReceived: [] });
    expect(await summaryOf(app, day(1))).toMatchObject({
      ...{ codOutstandingMinor: before, ordersCompleted: 1, completedRevenueMinor: 0 },
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
    const task = { kind: 'picking', orderId: busy.id, assigneeEmail: 'p@example.com', dueAt: at(0, '06:00:00') };
    expectStatus(await app.post('/tasks', task), 201);
    expectStatus(await app.post('/incidents', { workflowId: 'w1', executionId: '77', message: 'No route' }), 201);
    const refused = await cod(app, 1, { number: 'X-3' });
    await send(app, refused);
    await move(app, refused.id, 'fail_delivery', { reason: 'not_home', notes: 'gate was shut' });
    clock.advance(6 * HOUR_MS);
    const seen = (await summaryOf(app, today)).exceptions as { kind: string; message: string }[];
    expect(seen.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'order_on_hold: Order X-1 is on hold (address): no house number',
      expect.stringMatching(/^order_on_hold: Order X-1 is on hold \(payment\)/),
      'task_overdue: The picking of order X-2 is late; it is with p@example.com',
      'delivery_failed: The delivery of order X-3 failed (not home): gate was shut',
      'incident: A run failed: No route',
      'payment_failed: The payment of order X-1 by bkash did not come: no balance',
    ]);
    clock.advance(24 * HOUR_MS);
    await move(app, refused.id, 'reattempt');
    await app.call('DELETE', `/orders/${order.id}/holds/${hold.body.handle}`);
    expect((await summaryOf(app, today)).exceptions).toEqual(seen);
    expect((await summaryOf(app, day(1))).exceptions).toMatchObject([
      { kind: 'order_on_hold', orderNumber: 'X-1', message: expect.stringContaining('(payment)') },
      { kind: 'task_overdue', orderNumber: 'X-2' },
    ]);
  });
});
