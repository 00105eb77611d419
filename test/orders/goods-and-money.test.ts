import { dispatch } from '../../server/inventory';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, pay, shipOrder, stockOf } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pick, pickPart, prepare, read } from './open-orders';

describe.each(DATABASES)('Goods and money of an order, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const receive = async (sku: string, quantity: number): Promise<void> => {
    expectStatus(
      await app.post('/inventory/receipts', { lines: [{ sku, quantity, unitCostMinor: 30_000 }], reference: 'PO-9' }),
      201,
    );
    await app.settled();
  };

  it('that waits for part of its goods gives all that was promised back when it is cancelled', async () => {
    const sku = await newProduct(app, 2);
    const order = await orderFor(app, sku, 3, { allowBackorder: true });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 2, reserved: 0, available: 2 });
    await receive(sku, 5);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 7, reserved: 0 });
  });

  it('gets the goods it waits for when they come in, the oldest order first', async () => {
    const sku = await newProduct(app, 1);
    const first = await orderFor(app, sku, 2, { allowBackorder: true });
    const second = await orderFor(app, sku, 2, { allowBackorder: true });
    await receive(sku, 2);
    expect((await read(app, first)).lines[0]).toMatchObject({ backorderedQuantity: 0 });
    expect((await read(app, second)).lines[0]).toMatchObject({ backorderedQuantity: 1 });
    await receive(sku, 1);
    expect((await read(app, second)).lines[0]).toMatchObject({ backorderedQuantity: 0 });
  });

  it('ships its backorder after it has come in, and is shipped only then', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 3, { allowBackorder: true });
    await pickPart(app, order, 1, 'backorder');
    expect(await move(app, order.id, 'ship', { carrier: 'manual' })).toMatchObject({ status: 'partially_fulfilled' });
    await receive(sku, 2);
    await move(app, order.id, 'resume', { reason: 'backorder came' });
    await prepare(app, order, 3);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'resume', { reason: 'check failed' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 2, reserved: 2, outgoing: 1 });
    await move(app, order.id, 'fulfill');
    expect(await move(app, order.id, 'ship')).toMatchObject({ status: 'shipped' });
    expect(await move(app, order.id, 'deliver')).toMatchObject({ status: 'delivered', paymentStatus: 'cod_collected' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 0, outgoing: 0, total: 0 });
  });

  it('takes the rest off the bill when it is refunded, and keeps none of it reserved', async () => {
    const sku = await newProduct(app, 2);
    const order = await orderFor(app, sku, 3, { allowBackorder: true });
    const part = await pickPart(app, order, 1, 'refund');
    expect(part).toMatchObject({ status: 'partially_fulfilled', balanceDueMinor: 50_000 });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 2, reserved: 1 });
    expect(await move(app, order.id, 'ship', { carrier: 'manual' })).toMatchObject({ status: 'shipped' });
  });

  it('is cancelled, and told so, when everything is taken off the bill', async () => {
    const sku = await newProduct(app, 2);
    const order = await orderFor(app, sku, 2);
    const ended = await pickPart(app, order, 0, 'refund');
    expect(ended).toMatchObject({ status: 'cancelled', balanceDueMinor: 0 });
    const { body } = await app.get(`/orders/${order.id}/allowed_statuses`);
    expect(body.items).toEqual([]);
  });

  it('does not ship when nothing can leave', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 2, { allowBackorder: true });
    await pickPart(app, order, 0, 'backorder');
    const answer = await app.put(`/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_SHIP' } });
  });

  it('stays open after a hand-off of which part is still to come', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 2, {
      allowBackorder: true,
      fulfillmentMethod: 'curbside',
      paymentMethod: 'cash',
    });
    await pickPart(app, order, 1, 'backorder');
    await move(app, order.id, 'await_handoff', { method: 'curbside', spot: '4' });
    expect(await move(app, order.id, 'deliver')).toMatchObject({ status: 'partially_fulfilled' });
    expect(await move(app, order.id, 'cancel', { reason: 'inventory' })).toMatchObject({
      status: 'delivered',
      balanceDueMinor: 50_000,
    });
  });

  it('is not completed at the counter while part of it waits for goods', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 2, {
      allowBackorder: true,
      fulfillmentMethod: 'pickup',
      paymentMethod: 'cash',
    });
    await pickPart(app, order, 1, 'backorder');
    await move(app, order.id, 'ready');
    expectStatus(await app.post(`/orders/${order.id}/payments`, { method: 'cash' }), 201);
    const answer = await app.put(`/orders/${order.id}/status`, { move: 'complete' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'LINES_NOT_PREPARED' } });
  });

  it('cannot be picked beyond what is reserved for it', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 2, { allowBackorder: true });
    await move(app, order.id, 'process');
    const answer = await app.put(`/orders/${order.id}/items/${order.lines[0].id}/status`, {
      status: 'prepared',
      quantity: 2,
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'QUANTITY_TOO_LARGE' } });
  });

  it('counts found goods in once when a manager sets the stock rule aside', async () => {
    const sku = await newProduct(app, 0);
    await receive(sku, 1);
    const order = await orderFor(app, sku, 3, { allowBackorder: true });
    await move(app, order.id, 'process');
    const overrides = [{ guard: 'stock', reason: 'two more lay behind the shelf' }];
    await prepare(app, order, 1);
    const refused = await app.put(`/orders/${order.id}/status`, { move: 'fulfill' });
    expect(refused.body.code).toBe('STOCK_NOT_RESERVED');
    await app.put(`/orders/${order.id}/status`, { move: 'fulfill', overrides });
    const cancelled = await orderFor(app, sku, 2, { allowBackorder: true });
    await move(app, cancelled.id, 'cancel', { reason: 'operational' });
    const other = await orderFor(app, sku, 1, { allowBackorder: true });
    const found = await app.put(`/orders/${other.id}/status`, { move: 'process', overrides });
    expect(found.body.lines[0]).toMatchObject({ backorderedQuantity: 0 });
    expect((await read(app, other)).lines[0]).toMatchObject({ backorderedQuantity: 0 });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 2, reserved: 2 });
  });

  it('waits again, and does not ship, when a count takes its goods away', async () => {
    const sku = await newProduct(app, 2);
    const order = await orderFor(app, sku, 2);
    await pick(app, order, 2);
    await move(app, order.id, 'fulfill');
    const lines = [{ sku, countedQuantity: 1, reason: 'count' }];
    expectStatus(await app.post('/inventory/adjustments', { lines }), 201);
    const answer = await app.put(`/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'STOCK_NOT_RESERVED' } });
    await app.settled();
    expect((await read(app, order)).lines[0]).toMatchObject({ backorderedQuantity: 1 });
    await move(app, order.id, 'cancel', { reason: 'inventory' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 0, reserved: 0, unavailable: 1 });
  });

  it('comes back whole after part of it was refused at the door', async () => {
    const sku = await newProduct(app, 3);
    const order = await orderFor(app, sku, 3, { paymentMethod: 'bkash' });
    await pay(app, order.id);
    await shipOrder(app, order);
    const hold = await app.post(`/orders/${order.id}/holds`, { reason: 'other' });
    expectStatus(hold, 201);
    const delivered = await move(app, order.id, 'deliver', { lines: [{ id: order.lines[0].id, quantity: 2 }] });
    expect(delivered).toMatchObject({ status: 'delivered', refundsPayableMinor: 50_000 });
    const returned = await move(app, order.id, 'return_all', { reason: 'changed mind' });
    expect(returned).toMatchObject({ status: 'returned', refundsPayableMinor: 150_000 });
    expect(await stockOf(app, sku)).toMatchObject({ unavailable: 3, outgoing: 0, total: 3 });
  });

  it('owes nothing back for a return that was never paid', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 1, { fulfillmentMethod: 'curbside', paymentMethod: 'cash' });
    await pick(app, order, 1);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'await_handoff', { method: 'curbside', spot: '4' });
    await move(app, order.id, 'deliver');
    const returned = await move(app, order.id, 'return_all', { reason: 'changed mind' });
    expect(returned).toMatchObject({
      status: 'returned',
      balanceDueMinor: 0,
      refundsPayableMinor: 0,
      paymentStatus: 'unpaid',
    });
  });

  it('is a loss when the courier lost it', async () => {
    const sku = await newProduct(app, 1);
    const lost = await balanceOf(app, '5100');
    const order = await orderFor(app, sku, 1);
    await shipOrder(app, order);
    await move(app, order.id, 'fail_delivery', { reason: 'lost' });
    await move(app, order.id, 'return_all', { reason: 'lost' });
    expect(await stockOf(app, sku)).toMatchObject({ unavailable: 0, outgoing: 0, total: 0 });
    expect((await balanceOf(app, '5100')) - lost).toBe(30_000);
  });

  it('is back in the house when it waits at the counter after a failed delivery', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 1);
    await shipOrder(app, order);
    await move(app, order.id, 'fail_delivery', { reason: 'not_home' });
    await move(app, order.id, 'ready');
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 1, reserved: 1, outgoing: 0 });
    expect(await move(app, order.id, 'cancel', { reason: 'operational' })).toMatchObject({
      status: 'cancelled',
      balanceDueMinor: 0,
    });
  });

  it('leaves the shelf when it is tried again after nobody came for the hand-off', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 1);
    await pick(app, order, 1);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'await_handoff', { method: 'rider', service: 'local' });
    await move(app, order.id, 'fail_delivery', { reason: 'not_home' });
    await move(app, order.id, 'reattempt');
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 0, outgoing: 1 });
  });

  it('comes back to the shelf when it was dispatched before it was picked and then cancelled', async () => {
    const sku = await newProduct(app, 2);
    const order = await orderFor(app, sku, 2);
    await move(app, order.id, 'process');
    const { workroom } = app.service;
    const source = { storeId: order.storeId, sourceType: 'order', sourceId: order.id, orderId: order.id };
    await workroom.command(workroom.systemCaller('test'), (ctx) => dispatch(ctx, source));
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 0, outgoing: 2 });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 2, outgoing: 0, reserved: 0 });
  });

  it('is a return, not a delivery, when all of it is refused', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 1);
    await shipOrder(app, order);
    const refused = await move(app, order.id, 'deliver', { lines: [{ id: order.lines[0].id, quantity: 0 }] });
    expect(refused).toMatchObject({ status: 'returned', balanceDueMinor: 0, refundsPayableMinor: 0 });
    expect(await stockOf(app, sku)).toMatchObject({ unavailable: 1, total: 1 });
  });

  it('ships from confirmed only where the store says that picking is optional', async () => {
    const sku = await newProduct(app, 1);
    const order = await orderFor(app, sku, 1);
    await move(app, order.id, 'confirm');
    const { body } = await app.get(`/orders/${order.id}/allowed_statuses`);
    const ship = (body.items as Record<string, any>[]).find((item) => item.move === 'ship');
    expect(ship).toMatchObject({ allowed: false, reasons: [{ code: 'PREPARATION_REQUIRED' }] });
  });
});
