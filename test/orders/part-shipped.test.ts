import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { move } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pick, pickPart, prepare } from './open-orders';

describe.each(DATABASES)('Who deals with the rest of an order, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;

  beforeAll(async () => {
    book = await openOrders(kind);
    ({ app } = book);
  });
  afterAll(() => book.close());

  /** What was told of the order's leaving, oldest first. */
  async function told({ id }: Record<string, any>): Promise<string[]> {
    const reader = app.service.workroom.reader(app.service.workroom.systemCaller('test'));
    const topics = `('order.shipped', 'order.part_shipped')`;
    const rows = await reader.select<{ topic: string; eventId: string }>(
      `SELECT DISTINCT topic, event_id FROM outbox WHERE order_id = :id AND topic IN ${topics} ORDER BY event_id`,
      { id },
    );
    return rows.map(({ topic }) => topic);
  }

  it('is not told of an order that leaves whole', async () => {
    const order = await orderFor(app, await newProduct(app, 5), 2);
    await move(app, order.id, 'confirm');
    await pick(app, order, 2);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await told(order)).toEqual(['order.shipped']);
  });

  it('is told of each part that leaves while more is to leave, and not of the last', async () => {
    const order = await orderFor(app, await newProduct(app, 5), 3);
    await move(app, order.id, 'confirm');
    await pickPart(app, order, 2, 'backorder');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await told(order)).toEqual(['order.shipped', 'order.part_shipped']);
    await move(app, order.id, 'resume', { reason: 'the rest came' });
    await app.post('/inventory/receipts', { lines: [{ sku: order.lines[0].sku, quantity: 1 }], reference: 'PO-1' });
    await app.settled();
    await prepare(app, order, 3);
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await told(order)).toEqual(['order.shipped', 'order.part_shipped', 'order.shipped']);
  });

  it.each([
    ['is given to who waited at the kerb', ['deliver']],
    ['goes out again', ['fail_delivery', 'reattempt']],
  ])('is told when a part %s and the rest came meanwhile', async (_how, moves) => {
    const order = await orderFor(app, await newProduct(app, 5), 3);
    await move(app, order.id, 'confirm');
    await pickPart(app, order, 2, 'backorder');
    await move(app, order.id, 'await_handoff', { method: 'curbside', spot: 'bay 3' });
    await app.post('/inventory/receipts', { lines: [{ sku: order.lines[0].sku, quantity: 1 }], reference: 'PO-1' });
    await app.settled();
    expect(await told(order)).toEqual([]);
    let moved: Record<string, any> = {};
    for (const name of moves) moved = await move(app, order.id, name, { reason: 'not_home' });
    expect(moved.status).toBe('partially_fulfilled');
    expect(await told(order)).toEqual(['order.part_shipped']);
  });

  it('is not told when the rest is taken off the bill', async () => {
    const order = await orderFor(app, await newProduct(app, 5), 3);
    await move(app, order.id, 'confirm');
    await pickPart(app, order, 2, 'refund');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await told(order)).toEqual(['order.shipped']);
  });
});
