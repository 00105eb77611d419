import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, prepareAll, stockOf } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, prepare, read } from './open-orders';

describe.each(DATABASES)('Goods that leave the shelf before their hand-over, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
  });
  beforeEach(async () => {
    sku = await newProduct(app, 10);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const dispatch = (order: Record<string, any>, more: Record<string, unknown> = {}) =>
    app.post('/inventory/dispatch', { orderId: order.id, ...more });
  const picked = async (quantity: number, prepared = quantity) => {
    const order = await orderFor(app, sku, quantity);
    await move(app, order.id, 'process');
    await prepare(app, order, prepared);
    return order;
  };

  it('are outgoing, still ours, and leave once however often it is asked', async () => {
    const order = await picked(4);
    const first = expectStatus(await dispatch(order), 200).body;
    expect(first).toMatchObject({
      ...{ orderId: order.id, changed: true, order: { number: order.number, status: 'processing' } },
      lines: [{ sku, quantity: 4, dispatchedQuantity: 4, movedQuantity: 4 }],
    });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 6, reserved: 0, outgoing: 4, total: 10, available: 6 });
    const again = expectStatus(await dispatch({ id: `number:${order.number}` }), 200).body;
    expect(again).toMatchObject({ changed: false, lines: [{ dispatchedQuantity: 4, movedQuantity: 0 }] });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 6, outgoing: 4 });
  });

  it('are not taken again by the shipment, and are delivered at their cost', async () => {
    const cogs = await balanceOf(app, '5000');
    const order = await picked(4);
    await dispatch(order);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 6, outgoing: 4, total: 10 });
    expect((await dispatch(order)).body).toMatchObject({ changed: false, order: { status: 'shipped' } });
    await move(app, order.id, 'deliver');
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 6, outgoing: 0, total: 6 });
    expect((await balanceOf(app, '5000')) - cogs).toBe(120_000);
    expect((await dispatch(order)).body.changed).toBe(false);
  });

  it('leave as they are picked, part by part', async () => {
    const order = await picked(5, 2);
    expect((await dispatch(order)).body.lines).toMatchObject([{ dispatchedQuantity: 2, movedQuantity: 2 }]);
    await prepare(app, order, 5);
    const id = order.lines[0].id as string;
    expect((await dispatch(order, { lines: [{ id, quantity: 3 }] })).body).toMatchObject({
      ...{ changed: true, lines: [{ dispatchedQuantity: 3, movedQuantity: 1 }] },
    });
    expect((await dispatch(order, { lines: [{ id, quantity: 1 }] })).body.changed).toBe(false);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 5, reserved: 0, outgoing: 5 });
  });

  it('come back when the order is taken up again, and when it is cancelled', async () => {
    const order = await picked(3);
    await dispatch(order);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'resume', { reason: 'wrong colour' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10, reserved: 3, outgoing: 0 });
    expect((await dispatch(order)).body.changed).toBe(true);
    await move(app, order.id, 'cancel', { reason: 'operational' });
    const stock = await stockOf(app, sku);
    expect(stock).toMatchObject({ reserved: 0, outgoing: 0, total: 10 });
    expect(stock.onHand + stock.unavailable).toBe(10);
    expect((await dispatch(order)).body.code).toBe('NOTHING_PREPARED');
  });

  it('are refused while nothing is picked or the order is on hold, and nothing moves', async () => {
    const order = await orderFor(app, sku, 2);
    expect(expectStatus(await dispatch(order), 409).body).toMatchObject({ code: 'NOTHING_PREPARED' });
    await move(app, order.id, 'process');
    expect((await dispatch(order)).body.code).toBe('NOTHING_PREPARED');
    await prepareAll(app, order);
    await app.post(`/orders/${order.id}/holds`, { reason: 'address' });
    expect(expectStatus(await dispatch(order), 409).body.code).toBe('ORDER_ON_HOLD');
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10, outgoing: 0 });
  });

  it('are asked for in a way that can be checked', async () => {
    const order = await picked(2);
    const id = order.lines[0].id as string;
    const asked = async (body: unknown) => {
      const { status, body: problem } = await app.post('/inventory/dispatch', body);
      return [status, problem.code, problem.errors?.[0]?.path];
    };
    expect(await asked({})).toEqual([422, 'VALIDATION_FAILED', 'orderId']);
    expect(await asked({ orderId: 'none' })).toEqual([404, 'ORDER_NOT_FOUND', undefined]);
    const lines = (...list: unknown[]) => asked({ orderId: order.id, lines: list });
    expect(await lines()).toEqual([422, 'VALIDATION_FAILED', 'lines']);
    expect(await lines({ id: 'other' })).toEqual([422, 'LINE_UNKNOWN', 'lines[0].id']);
    expect(await lines({ id, quantity: 3 })).toEqual([422, 'QUANTITY_TOO_LARGE', 'lines[0].quantity']);
    expect(await lines({ id, quantity: 0 })).toEqual([422, 'VALIDATION_FAILED', 'lines[0].quantity']);
    expect(await lines({ id }, { id })).toEqual([422, 'VALIDATION_FAILED', 'lines']);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10, outgoing: 0 });
    const body = { orderId: order.id };
    expect((await app.post('/inventory/dispatch', body, { apiKey: await app.keyFor('reporting') })).status).toBe(403);
  });

  it('leave once when two runs ask at the same moment', async () => {
    const order = await picked(4);
    const answers = await Promise.all([1, 2, 3].map(() => dispatch(order)));
    expect(answers.map(({ body }) => body.changed).sort()).toEqual([false, false, true]);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 6, outgoing: 4 });
  });

  it('and what the order costs is explained, as ordered and as it is now', async () => {
    const lines = [{ sku, quantity: 2, unitPriceMinor: 50_000, discountMinor: 1000 }];
    const order = await orderFor(app, sku, 2, { lines, shippingMinor: 6000, taxMinor: 500 });
    const total = expectStatus(await app.get(`/orders/${order.id}/total`), 200).body;
    expect(total).toMatchObject({
      lines: [
        { kind: 'item', label: '2 × Green tea 100 g at BDT 500.00', amountMinor: 100_000 },
        { kind: 'discount', label: 'Discount on Green tea 100 g', amountMinor: -1000 },
        { kind: 'shipping', label: 'Shipping', amountMinor: 6000 },
        { kind: 'tax', label: 'Tax', amountMinor: 500 },
      ],
      ...{ subtotalMinor: 100_000, discountMinor: 1000, shippingMinor: 6000, taxMinor: 500, totalMinor: 105_500 },
      ...{ changes: [], paidMinor: 0, balanceDueMinor: 105_500, currency: 'BDT' },
    });
    const sum = (list: { amountMinor: number }[]) => list.reduce((all, { amountMinor }) => all + amountMinor, 0);
    expect(sum(total.lines)).toBe(total.totalMinor);
    await move(app, order.id, 'cancel', { reason: 'operational' });
    const after = (await app.get(`/orders/number:${order.number}/total`)).body;
    expect(after).toMatchObject({ totalMinor: 105_500, changes: [{ kind: 'taken_off', amountMinor: -105_500 }] });
    expect(after.balanceDueMinor).toBe((await read(app, order)).balanceDueMinor);
    expect((await app.get('/orders/none/total')).status).toBe(404);
  });

  it('of a shop that ships without picking may leave from a confirmed order', async () => {
    const store = { id: 'small', name: 'Small', currency: 'BDT', timezone: 'Asia/Dhaka', preparation: 'optional' };
    expectStatus(await app.post('/stores', store), 201);
    const inStore = { storeId: 'small' };
    expectStatus(await app.post('/products', { ...inStore, sku, name: 'Mug', priceMinor: 100, costMinor: 60 }), 201);
    await app.post('/inventory/receipts', { ...inStore, lines: [{ sku, quantity: 5 }] });
    const order = await orderFor(app, sku, 2, inStore);
    await move(app, order.id, 'confirm');
    expect((await dispatch(order)).body).toMatchObject({ changed: true });
    expect((await dispatch(order)).body).toMatchObject({ changed: false });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    const { body } = await app.get(`/inventory?storeId=small&sku=${sku}`);
    expect(body.items[0]).toMatchObject({ onHand: 3, reserved: 0, outgoing: 2 });
  });
});
