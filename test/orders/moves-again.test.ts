import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectStatus, move, pay, shipOrder } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pick, read } from './open-orders';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('Moves, versions and holds, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    sku = await newProduct(app, 1000);
  });
  afterAll(() => book.close());

  const ask = (order: Record<string, any>, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    app.put(`/orders/${order.id}/status`, body, { headers });

  it('a move a run has made before changes nothing, by move or by status', async () => {
    const order = await orderFor(app, sku, 1);
    expect((await ask(order, { move: 'confirm' }, { 'x-event-id': 'evt-1' })).body.changed).toBe(true);
    for (const body of [{ move: 'confirm' }, { status: 'confirmed' }, { move: 'confirm', version: 1 }]) {
      const again = expectStatus(await ask(order, body, { 'x-event-id': 'evt-1' }), 200);
      expect(again.body).toMatchObject({ changed: false, status: 'confirmed', version: 2 });
    }
    expect(await ask(order, { move: 'confirm' }, { 'x-event-id': 'evt-2' })).toMatchObject({
      status: 409,
      body: { code: 'MOVE_NOT_ALLOWED' },
    });
  });

  it('a move that is asked for once changes nothing after anybody has made it, however far the order has gone', async () => {
    const order = await orderFor(app, sku, 1);
    const asked = { move: 'confirm', once: true };
    expect((await ask(order, asked, { 'x-event-id': 'evt-4' })).body.changed).toBe(true);
    for (const headers of [{ 'x-event-id': 'evt-5' }, {}]) {
      const again = expectStatus(await ask(order, asked, headers as Record<string, string>), 200);
      expect(again.body).toMatchObject({ changed: false, status: 'confirmed', version: 2 });
    }
    await move(app, order.id, 'process');
    expect((await ask(order, asked)).body).toMatchObject({ changed: false, status: 'processing', version: 3 });
    expect(await ask(order, { move: 'ship', carrier: 'manual', once: true })).toMatchObject({
      status: 409,
      body: { code: 'MOVE_NOT_ALLOWED' },
    });
  });

  it('two who ask at once for a move that is to be made once are both content', async () => {
    const order = await orderFor(app, sku, 1);
    const answers = await Promise.all(
      ['evt-6', 'evt-7'].map((event) => ask(order, { move: 'confirm', once: true }, { 'x-event-id': event })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ body }) => body.changed).sort()).toEqual([false, true]);
  });

  it('a run that completes what completed by itself changes nothing', async () => {
    const order = await orderFor(app, sku, 1, { paymentMethod: 'bkash' });
    await pay(app, order.id);
    await shipOrder(app, order);
    await ask(order, { move: 'deliver' }, { 'x-event-id': 'evt-3' });
    const again = expectStatus(await ask(order, { move: 'complete' }, { 'x-event-id': 'evt-3' }), 200);
    expect(again.body).toMatchObject({ changed: false, status: 'completed' });
  });

  it('two moves at once make one of them', async () => {
    const order = await orderFor(app, sku, 1);
    const answers = await Promise.all(
      ['confirm', 'reject', 'cancel'].map((name) => ask(order, { move: name, reason: 'fraud', version: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await read(app, order)).version).toBe(2);
  });

  it('one number is placed once, however many tills use it at the same moment', async () => {
    const body = {
      number: `TILL-${kind}`,
      paymentMethod: 'cash',
      fulfillmentMethod: 'pickup',
      customer: { name: 'Guest' },
      lines: [{ sku, quantity: 1 }],
    };
    const answers = await Promise.all([1, 2, 3, 4].map(() => app.post('/orders', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('ORDER_NUMBER_EXISTS');
  });

  it('a stale ETag is refused on every write of the order, a broken one is not passed over', async () => {
    const order = await orderFor(app, sku, 1);
    await move(app, order.id, 'process');
    const line = `/orders/${order.id}/items/${order.lines[0].id}/status`;
    const writes: [string, Record<string, unknown>][] = [
      [`/orders/${order.id}/status`, { move: 'cancel', reason: 'operational' }],
      [`/orders/${order.id}`, { notes: 'call first' }],
      [line, { status: 'prepared' }],
    ];
    for (const [path, body] of writes) {
      const stale = await app.put(path, body, { headers: { 'if-match': '"1"' } });
      expect({ path, status: stale.status, code: stale.body.code }).toEqual({
        path,
        status: 409,
        code: 'VERSION_CONFLICT',
      });
      const broken = await app.put(path, body, { headers: { 'if-match': '"latest"' } });
      expect({ path, status: broken.status, code: broken.body.code }).toEqual({
        path,
        status: 400,
        code: 'IF_MATCH_INVALID',
      });
    }
    expectStatus(await app.put(line, { status: 'prepared' }, { headers: { 'if-match': 'W/"2"' } }), 200);
  });

  it('holds stop the moves we choose, several at once, each until its own release', async () => {
    const order = await orderFor(app, sku, 1);
    const first = expectStatus(
      await app.post(`/orders/${order.id}/holds`, { reason: 'fraud', note: 'two cards' }),
      201,
    ).body;
    const second = expectStatus(await app.post(`/orders/${order.id}/holds`, { reason: 'address' }), 201).body;
    expect((await ask(order, { move: 'confirm' })).body.reasons).toHaveLength(2);
    await app.call('DELETE', `/orders/${order.id}/holds/${first.handle}`);
    await app.call('DELETE', `/orders/${order.id}/holds/${first.handle}`);
    expect(await ask(order, { move: 'confirm' })).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ON_HOLD', reasons: [{ handle: second.handle, reason: 'address' }] },
    });
    await app.call('DELETE', `/orders/${order.id}/holds/${second.handle}`);
    await move(app, order.id, 'confirm');
    expect((await app.call('DELETE', `/orders/${order.id}/holds/nothing`)).body.code).toBe('HOLD_NOT_FOUND');
  });

  it('a hold ends by itself when its time is over, and never stops a cancellation', async () => {
    const order = await orderFor(app, sku, 1);
    const expiresAt = new Date(Date.parse(book.clock.now()) + HOUR_MS).toISOString();
    await app.post(`/orders/${order.id}/holds`, { reason: 'stock', expiresAt });
    expect((await ask(order, { move: 'confirm' })).status).toBe(409);
    book.clock.advance(2 * HOUR_MS);
    await move(app, order.id, 'confirm');
    await app.post(`/orders/${order.id}/holds`, { reason: 'other' });
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expect(await app.post(`/orders/${order.id}/holds`, { reason: 'other' })).toMatchObject({
      status: 409,
      body: { code: 'ORDER_FINAL' },
    });
  });

  it('an order tells where it may go, what that takes and why it stands still', async () => {
    const order = await orderFor(app, sku, 1, { paymentMethod: 'bkash' });
    const { body } = await app.get(`/orders/${order.id}/allowed_statuses`);
    const items = body.items as Record<string, any>[];
    expect(items.map((item) => item.move)).toEqual(['confirm', 'process', 'cancel', 'reject']);
    expect(items[0]).toMatchObject({ status: 'confirmed', allowed: false, reasons: [{ code: 'PAYMENT_REQUIRED' }] });
    expect(items[3]).toMatchObject({ allowed: true, requiredFields: ['reason'], roles: ['admin', 'store_manager'] });
    const why = (await app.get(`/orders/${order.id}/explain`)).body;
    expect(why).toMatchObject({ nextMove: 'confirm', reasons: [{ code: 'PAYMENT_REQUIRED' }] });
    expect(why.summary).toContain('still to be paid');
    await pay(app, order.id);
    expect((await app.get(`/orders/${order.id}/explain`)).body.summary).toContain('Nothing stands in the way');
  });

  it('an order on its way is next delivered, and one that failed to be goes out again', async () => {
    const order = await orderFor(app, sku, 1);
    const next = async () => (await app.get(`/orders/${order.id}/explain`)).body.nextMove;
    await pick(app, order, 1);
    expect(await next()).toBe('fulfill');
    await move(app, order.id, 'fulfill');
    expect(await next()).toBe('ship');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await next()).toBe('deliver');
    await move(app, order.id, 'fail_delivery', { reason: 'not_home' });
    expect(await next()).toBe('reattempt');
  });

  it('a till finds its own order by number though another store uses the same', async () => {
    const body = { name: 'Second', currency: 'BDT', timezone: 'Asia/Dhaka', id: 'second' };
    expectStatus(await app.post('/stores', body), 201);
    const product = { storeId: 'second', sku: 'CUP', name: 'Cup', priceMinor: 100, costMinor: 50 };
    expectStatus(await app.post('/products', product), 201);
    await app.post('/inventory/receipts', { storeId: 'second', lines: [{ sku: 'CUP', quantity: 5 }] });
    const till = await app.keyFor('cashier', ['second']);
    const number = 'SHARED-1';
    await orderFor(app, sku, 1, { number, storeId: 'main' });
    const own = {
      number,
      paymentMethod: 'cash',
      fulfillmentMethod: 'pickup',
      customer: { name: 'Guest' },
      lines: [{ sku: 'CUP', quantity: 1 }],
    };
    const placed = expectStatus(await app.post('/orders', own, { apiKey: till }), 201).body;
    const found = expectStatus(await app.get(`/orders/number:${number}`, { apiKey: till }), 200);
    expect(found.body.id).toBe(placed.id);
    expectStatus(await app.post(`/orders/number:${number}/payments`, { method: 'cash' }, { apiKey: till }), 201);
    expect((await app.get(`/orders/number:${number}`)).body.code).toBe('ORDER_NUMBER_AMBIGUOUS');
  });
});
