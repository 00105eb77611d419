import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, placeOrder } from '../support/shop';
import { openShop, type Shop } from './open-shop';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('The summary of one of several stores, on %s', (kind) => {
  let shop: Shop;
  let stores = 0;

  beforeAll(async () => {
    shop = await openShop(kind);
  });
  afterEach(() => expectIntegrity(shop.app));
  afterAll(() => shop.close());

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

  it.each([
    ['02:00', '2026-11-20T19:30:00.000Z', '2026-11-20'],
    ['02:00', '2026-11-20T20:00:00.000Z', '2026-11-21'],
    ['22:00', '2026-11-20T15:59:00.000Z', '2026-11-20'],
    ['22:00', '2026-11-20T16:00:00.000Z', '2026-11-21'],
  ])('that ends at %s holds what happened at %s in %s', async (dayEndsAt, now, day) => {
    const { app, clock } = shop;
    const store = { id: `late-${(stores += 1)}`, name: 'Late', currency: 'BDT', timezone: 'Asia/Dhaka', dayEndsAt };
    expectStatus(await app.post('/stores', store), 201);
    const product = { sku: 'CUP-1', name: 'Cup', priceMinor: 100, costMinor: 60, storeId: store.id };
    expectStatus(await app.post('/products', product), 201);
    const lines = [{ sku: 'CUP-1', quantity: 5, unitCostMinor: 60 }];
    expectStatus(await app.post('/inventory/receipts', { storeId: store.id, lines }), 201);
    clock.set(now);
    const order = { storeId: store.id, paymentMethod: 'cash', fulfillmentMethod: 'pickup' };
    const placed = await placeOrder(app, { ...order, lines: [{ sku: 'CUP-1', quantity: 2 }] });
    await app.post(`/orders/${placed.id}/payments`, { method: 'cash' });
    for (const verb of ['confirm', 'process']) await move(app, placed.id, verb);
    await app.put(`/orders/${placed.id}/items/${placed.lines[0].id}/status`, { status: 'prepared' });
    await move(app, placed.id, 'complete');
    clock.advance(30 * HOUR_MS);
    const { body } = await app.get(`/reports/daily-summary?storeId=${store.id}&date=${day}`);
    expect(body).toMatchObject({ ordersPlaced: 1, unitsSold: 2, completedRevenueMinor: 200, ordersCompleted: 1 });
    expect(body).toMatchObject({ revenueMinor: 200, cogsMinor: 120, grossProfitMinor: 80 });
  });
});
