import { DATABASES } from '../support/databases';
import { bkashId, expectIntegrity, expectStatus, move, placeOrder } from '../support/shop';
import { cod, figuresFromEntries, heldByCouriers, openShop, send, type Shop, summaryOf } from './open-shop';

const DAY = '2026-11-20';
const NEXT_DAY = '2026-11-21';
const EXTRAS = { shippingMinor: 6_000, taxMinor: 1_250 };

type Body = Record<string, any>;

/** A day with everything in it that an order can come to. */
describe.each(DATABASES)('The summary of a whole day, on %s', (kind) => {
  let shop: Shop;
  let unpaid: Body;
  let onItsWay: Body;

  beforeAll(async () => {
    shop = await openShop(kind);
    const { app } = shop;
    const delivered = async (order: Body): Promise<Body> => {
      await send(app, order);
      return move(app, order.id, 'deliver');
    };
    const pay = async (order: Body, body: Body = {}): Promise<void> => {
      const payment = { method: 'bkash', transactionId: bkashId(), ...body };
      expectStatus(await app.post(`/orders/${order.id}/payments`, payment), 201);
    };

    unpaid = await placeOrder(app, EXTRAS);
    const paid = await placeOrder(app, EXTRAS);
    await pay(paid);
    await delivered(paid);

    const partPaid = await placeOrder(app, EXTRAS);
    await pay(partPaid, { amountMinor: 33_333, acceptDifference: true });
    expectStatus(await app.post(`/orders/${partPaid.id}/cancel`, { reason: 'operational', note: 'closing' }), 200);
    const { body: refund } = await app.post(`/orders/${partPaid.id}/refund`, { amountMinor: 30_000 });
    expectStatus(await app.post(`/refunds/${refund.id}/execute`, { transactionId: bkashId() }), 200);

    await delivered(await cod(app, 3, EXTRAS));
    const handedOver = await delivered(await cod(app, 1, EXTRAS));
    expectStatus(await app.post(`/orders/${handedOver.id}/payments`, { method: 'cod' }), 201);
    const givenBack = await delivered(await cod(app, 2, EXTRAS));
    await move(app, givenBack.id, 'return_all', { reason: 'customer changed their mind' });
    const refused = await cod(app, 2, EXTRAS);
    await send(app, refused);
    await move(app, refused.id, 'fail_delivery', { reason: 'refused' });
    await move(app, refused.id, 'return_all', { reason: 'refused' });
    onItsWay = await cod(app, 1, EXTRAS);
    await send(app, onItsWay);
  });
  afterAll(async () => {
    await expectIntegrity(shop.app);
    await shop.close();
  });

  it('equals the journal of that day, figure by figure', async () => {
    const summary = await summaryOf(shop.app, DAY);
    const { paymentsReceived, ...figures } = await figuresFromEntries(shop.app, DAY);
    expect(summary).toMatchObject(figures);
    expect(summary.paymentsReceived).toHaveLength(paymentsReceived.length);
    expect(summary.paymentsReceived).toEqual(expect.arrayContaining(paymentsReceived));
    expect(summary.codOutstandingMinor).toBe(await heldByCouriers(shop.app, [DAY]));
    // A day on which all of this were 0 would prove nothing.
    for (const [name, figure] of Object.entries(figures))
      expect({ name, isThere: figure !== 0 }).toEqual({ name, isThere: true });
  });

  it('counts what customers have in hand at its price and cost', async () => {
    const summary = await summaryOf(shop.app, DAY);
    expect(summary).toMatchObject({
      ordersPlaced: 8,
      ordersCancelled: 1,
      unitsSold: 2 + 3 + 1 + 2,
      completedRevenueMinor: 8 * 50_000,
      cogsMinor: 8 * 30_000,
      grossProfitMinor: 8 * 20_000,
      returnedSalesMinor: 2 * 50_000,
      returnedCogsMinor: 2 * 30_000,
    });
  });

  it('stays as it was reported, and what comes later stands in the next day', async () => {
    const { app, clock } = shop;
    clock.set('2026-11-20T18:30:00.000Z');
    const { changed: _changed, ...before } = await summaryOf(app, DAY);
    const told = { message: 'report', date: DAY, to: ['admin@example.com'] };
    await app.post('/users', { email: 'admin@example.com', name: 'Nadia', role: 'store_manager' });
    expectStatus(await app.post('/notifications/management', told), 201);
    const reported = await summaryOf(app, DAY);
    expect(reported).toMatchObject({ revenueMinor: before.revenueMinor, cogsMinor: before.cogsMinor, final: true });

    await move(app, onItsWay.id, 'deliver');
    expectStatus(await app.post(`/orders/${unpaid.id}/cancel`, { reason: 'payment', note: 'never paid' }), 200);
    const late = await cod(app, 1, { ...EXTRAS, placedAt: '2026-11-20T10:00:00.000Z' });

    expect(await summaryOf(app, DAY)).toEqual(reported);
    const next = await summaryOf(app, NEXT_DAY);
    const { paymentsReceived, ...figures } = await figuresFromEntries(app, NEXT_DAY);
    expect(next).toMatchObject({ ...figures, paymentsReceived, unitsSold: 1 });
    expect(next.codOutstandingMinor).toBe(await heldByCouriers(app, [DAY, NEXT_DAY]));
    expect(next.adjustments).toMatchObject([{ day: DAY, event: 'placed' }]);
    expect(JSON.stringify(next.adjustments)).toContain(String(late.totalMinor));
  });
});
