import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { buildOrder, expectIntegrity, expectStatus, stockOf, stockProduct } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { shopifyOrder, wooOrder } from './shops';

describe.each(DATABASES)('Orders of other shops, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    await stockProduct(app, {}, 500);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const bring = async (format: string | undefined, orders: unknown[], more = {}, query = '') =>
    expectStatus(await app.post(`/orders/import${query}`, { format, orders, ...more }), 200).body;
  const one = async (format: string | undefined, order: unknown) => (await bring(format, [order])).items[0];

  it('are placed once, with their goods and their money', async () => {
    const shopify = await one('shopify', shopifyOrder());
    expect(shopify).toMatchObject({ id: '2001', done: true });
    expect(shopify.result).toMatchObject({
      changed: true,
      number: '2001',
      totalMinor: 110_000,
      paymentStatus: 'cod_due',
    });
    const woo = await one('woocommerce', wooOrder());
    expect(woo.result).toMatchObject({ number: '727', totalMinor: 109_000, paymentStatus: 'pending_verification' });
    expect(await stockOf(app)).toMatchObject({ reserved: 4 });
    const again = await one('shopify', shopifyOrder());
    expect(again.result).toMatchObject({ id: shopify.result.id, changed: false, version: 1 });
    expect(await stockOf(app)).toMatchObject({ reserved: 4 });
  });

  it('with a number that stands for another basket are refused, with the order that has it', async () => {
    const first = await one(undefined, buildOrder({ number: 'B-1' }));
    const other = buildOrder({ number: 'B-1', lines: [{ sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000 }] });
    expect(await one('orderloom', other)).toMatchObject({
      done: false,
      problem: { status: 409, code: 'ORDER_NUMBER_EXISTS', errors: [{ path: 'number' }] },
    });
    const dearer = await one('orderloom', buildOrder({ number: 'B-1', shippingMinor: 1 }));
    expect(dearer.problem.code).toBe('ORDER_NUMBER_EXISTS');
    expect((await one('orderloom', buildOrder({ number: 'B-1' }))).result.id).toBe(first.result.id);
  });

  it('are placed each by itself: one that is refused stops no other', async () => {
    const unknown = shopifyOrder({ name: '#3002' });
    unknown.line_items[0].sku = 'NONE';
    const noSku = shopifyOrder({ name: '#3003', line_items: [{ title: 'Gift', quantity: 1, price: '1.00' }] });
    const euro = shopifyOrder({ name: '#3004', currency: 'EUR' });
    const { items, doneCount, refusedCount } = await bring('shopify', [
      shopifyOrder({ name: '#3001' }),
      unknown,
      noSku,
      euro,
      {},
      shopifyOrder({ name: '#3001' }),
    ]);
    expect([doneCount, refusedCount]).toEqual([2, 4]);
    expect(items.map(({ id }: { id: string }) => id)).toEqual(['3001', '3002', '3003', '3004', 'orders[4]', '3001(2)']);
    expect(items.map((item: any) => item.problem?.code ?? item.result.changed)).toEqual([
      ...[true, 'SKU_UNKNOWN', 'SKU_MISSING', 'CURRENCY_MISMATCH', 'PAYMENT_METHOD_UNKNOWN', false],
    ]);
    expect(items[1].problem.errors).toMatchObject([{ path: 'lines[0].sku', sku: 'NONE' }]);
    expect(items[2].problem.errors).toMatchObject([{ path: 'line_items[0].sku' }]);
    expect((await app.get('/orders?text=300')).body.items).toHaveLength(1);
  });

  it('with anything in their fields are refused, never broken', async () => {
    const odd = [null, 7, 'text', [], {}, [null], [{ sku: 1 }]];
    const shopify = odd.map((value) => shopifyOrder({ name: '#9', line_items: value, total_price: undefined }));
    const woo = odd.map((value) => wooOrder({ line_items: value, billing: value, total: undefined }));
    const ours = odd.map((value) => buildOrder({ number: '9', lines: value }));
    for (const [format, orders] of [
      ['shopify', shopify],
      ['woocommerce', woo],
      ['orderloom', ours],
    ] as const) {
      const { items } = await bring(format, orders);
      expect(items.map(({ problem }: any) => problem.status)).toEqual(odd.map(() => 422));
    }
    const long = shopifyOrder({ name: `#${'9'.repeat(80)}` });
    expect((await one('shopify', long)).problem).toMatchObject({ status: 422, errors: [{ path: 'number' }] });
  });

  it('that come twice at the same moment are one order', async () => {
    const order = shopifyOrder({ name: '#4001' });
    const answers = await Promise.all([1, 2, 3].map(() => one('shopify', order)));
    expect(answers.map(({ done }) => done)).toEqual([true, true, true]);
    expect(new Set(answers.map(({ result }) => result.id)).size).toBe(1);
    expect(answers.filter(({ result }) => result.changed)).toHaveLength(1);
  });

  it('can be tried without being placed', async () => {
    const { items } = await bring('shopify', [shopifyOrder({ name: '#5001' })], {}, '?dryRun=true');
    expect(items[0]).toMatchObject({
      done: true,
      result: { number: '5001' },
      effects: { movements: [{ kind: 'reserve' }] },
    });
    expect((await app.get('/orders/number:5001')).status).toBe(404);
  });

  it('of a gateway nobody knows take the method said beside them; ours may leave it out too', async () => {
    const bogus = shopifyOrder({ name: '#6001', payment_gateway_names: ['bogus'] });
    expect((await bring('shopify', [bogus], { paymentMethod: 'card' })).items[0].result.paymentMethod).toBe('card');
    const ours = { ...buildOrder({ number: '6002' }), paymentMethod: undefined };
    expect((await bring('orderloom', [ours], { paymentMethod: 'cash' })).items[0].result.paymentMethod).toBe('cash');
  });

  it('are asked for in a request that says what it holds', async () => {
    const asked = async (body: unknown) => {
      const answer = expectStatus(await app.post('/orders/import', body), 422);
      return answer.body.errors.map(({ path }: { path: string }) => path);
    };
    expect(await asked({})).toEqual(['orders']);
    expect(await asked({ orders: [] })).toEqual(['orders']);
    expect(await asked({ orders: ['1001'] })).toEqual(['orders[0]']);
    expect(await asked({ orders: [{}], format: 'magento' })).toEqual(['format']);
    expect(await asked({ orders: [{}], paymentMethod: 'gold' })).toEqual(['paymentMethod']);
    expect(await asked({ orders: Array.from({ length: 501 }, () => ({})) })).toEqual(['orders']);
  });

  it('are placed by those who may, in their own store', async () => {
    const asReporter = { apiKey: await app.keyFor('reporting', ['main']) };
    expect((await app.post('/orders/import', { orders: [buildOrder()] }, asReporter)).status).toBe(403);
    const asCashier = { apiKey: await app.keyFor('cashier', ['main']) };
    expectStatus(await app.post('/stores', { id: 'two', name: 'Two', currency: 'BDT', timezone: 'Asia/Dhaka' }), 201);
    const elsewhere = await app.post('/orders/import', { storeId: 'two', orders: [buildOrder()] }, asCashier);
    expect(elsewhere.body.items[0].problem).toMatchObject({ status: 403, code: 'STORE_NOT_ALLOWED' });
  });
});
