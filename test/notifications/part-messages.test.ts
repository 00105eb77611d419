import { DATABASES } from '../support/databases';
import { expectStatus, move, placeOrder } from '../support/shop';
import { openPost, type Post } from './open-post';

type Json = Record<string, any>;

describe.each(DATABASES)('Mails about an order that leaves in parts, on %s', (kind) => {
  let post: Post;

  beforeAll(async () => {
    post = await openPost(kind);
  });
  afterAll(() => post.close());

  const notify = (order: Json, message: string) =>
    post.app.post('/notifications/customer', { orderId: order.id, message });
  const lineOf = (order: Json, more: Json) => ({ lines: [{ id: order.lines[0].id, ...more }] });

  async function prepare(order: Json, quantity: number): Promise<void> {
    const path = `/orders/${order.id}/items/${order.lines[0].id}/status`;
    expectStatus(await post.app.put(path, { status: 'prepared', quantity }), 200);
  }

  it('tell of each part once, with what is in it and what is still to come', async () => {
    const lines = [{ sku: 'TEA-01', quantity: 3, unitPriceMinor: 50_000 }];
    const order = await placeOrder(post.app, { paymentMethod: 'cod', lines });
    await move(post.app, order.id, 'process');
    await prepare(order, 2);
    await move(post.app, order.id, 'partially_fulfill', {
      reason: 'short',
      ...lineOf(order, { handling: 'backorder' }),
    });
    await move(post.app, order.id, 'ship', { carrier: 'manual', trackingNumber: 'FIRST-1' });
    expectStatus(await notify(order, 'shipped'), 201);
    expectStatus(await notify(order, 'shipped'), 200);

    const goods = [{ sku: 'TEA-01', quantity: 1, unitCostMinor: 20_000 }];
    expectStatus(await post.app.post('/inventory/receipts', { lines: goods, reference: 'PO-2' }), 201);
    await post.app.settled();
    await move(post.app, order.id, 'resume', { reason: 'goods came' });
    await prepare(order, 3);
    await move(post.app, order.id, 'fulfill');
    await move(post.app, order.id, 'ship', { carrier: 'manual', trackingNumber: 'SECOND-2' });
    expectStatus(await notify(order, 'shipped'), 201);
    expectStatus(await notify(order, 'shipped'), 200);
    await post.app.settled();

    const [first, second, ...more] = post.mails(order.number).map(({ text }) => text);
    expect(more).toEqual([]);
    expect(first).toMatch(/2 x Green/);
    expect(first).toMatch(/1 x Green/);
    expect(second).toMatch(/1 x Green/);
    expect(second).not.toMatch(/[23] x Green/);
  });
});
