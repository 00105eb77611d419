import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { bkashId, expectIntegrity, expectStatus, move } from '../support/shop';
import { newProduct, openOrders, type OrderBook, orderFor, pick, read } from '../orders/open-orders';
import { AT_REQUEST, askToCancel, type Body, cancel, eventsOf, payWith, stepsOf } from './cancelling';

const SECOND_MS = 1000;

describe.each(DATABASES)('The case of a cancellation, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let sku: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    app = book.app;
    sku = await newProduct(app, 5000);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => book.close());

  const cod = () => orderFor(app, sku, 2);
  async function paid(): Promise<Body> {
    const order = await orderFor(app, sku, 2, { paymentMethod: 'bkash' });
    await payWith(app, order);
    return order;
  }
  const caseOf = async (order: Body): Promise<Body> => {
    await app.settled();
    return (await read(app, order)).cancellation;
  };
  /** Tells what another part of the shop would tell. */
  async function hear(topic: string, order: Body, data: Body): Promise<void> {
    const { workroom } = app.service;
    await workroom.command(workroom.systemCaller('test'), (ctx) => {
      ctx.emit({ topic, storeId: order.storeId, orderId: order.id, data });
      return Promise.resolve();
    });
    await app.settled();
  }

  it('waits for the refund, and is over when it has settled', async () => {
    const order = await paid();
    await cancel(app, order, { notify: false });
    const { body: refund } = await app.post(`/orders/${order.id}/refund`);
    expect(await caseOf(order)).toMatchObject({ status: 'open', completedAt: null });
    expect(await eventsOf(app, order, 'cancellation.completed')).toBe(0);
    expectStatus(await app.post(`/refunds/${refund.id}/execute`, { transactionId: bkashId() }), 200);
    const done = await caseOf(order);
    expect(done).toMatchObject({ status: 'completed', completedAt: expect.any(String) });
    expect(stepsOf(done)).toMatchObject({ refund: 'done', message: 'skipped' });
  });

  it('says what to do when the refund fails, and goes on when it is sent after all', async () => {
    const order = await paid();
    await cancel(app, order, { notify: false });
    const { body: refund } = await app.post(`/orders/${order.id}/refund`);
    await app.post(`/refunds/${refund.id}/execute`, { result: 'failed', reason: 'wallet closed' });
    const failed = await caseOf(order);
    expect(stepsOf(failed).refund).toBe('failed');
    const { body: explained } = await app.get(`/orders/${order.id}/explain`);
    expect(explained.summary).toContain('The order is cancelled.');
    expect(explained.openWork.join(' ')).toContain(
      'Money is owed back to the customer (BDT 1,000.00). The refund failed: wallet closed',
    );
    await app.post(`/refunds/${refund.id}/execute`, { method: 'cash' });
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
    expect((await app.get(`/orders/${order.id}/explain`)).body).toMatchObject({
      openWork: [],
      summary: 'The order is cancelled. Nothing more happens to it.',
    });
  });

  it('waits for every part of what is owed', async () => {
    const order = await paid();
    await cancel(app, order, { notify: false });
    const { body: half } = await app.post(`/orders/${order.id}/refund`, { amountMinor: 50_000 });
    await app.post(`/refunds/${half.id}/execute`, { method: 'cash' });
    expect(stepsOf(await caseOf(order)).refund).toBe('pending');
    const { body: explained } = await app.get(`/orders/${order.id}/explain`);
    expect(explained.openWork.join(' ')).toContain('Money is owed back to the customer (BDT 500.00)');
    const { body: rest } = await app.post(`/orders/${order.id}/refund`);
    await app.post(`/refunds/${rest.id}/execute`, { method: 'cash' });
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  it('opens again when money comes for an order that is cancelled', async () => {
    const order = await orderFor(app, sku, 2, { paymentMethod: 'bkash' });
    await cancel(app, order, { notify: false });
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
    await payWith(app, order, { amountMinor: 100_000, acceptDifference: true });
    const reopened = await caseOf(order);
    expect(reopened).toMatchObject({ status: 'open', completedAt: null });
    expect(stepsOf(reopened).refund).toBe('pending');
  });

  it('waits until picked goods are back on their shelf', async () => {
    const order = await cod();
    await pick(app, order, 2);
    await cancel(app, order, { notify: false });
    expect(stepsOf(await caseOf(order)).put_back).toBe('pending');
    const [task] = (await read(app, order)).tasks;
    expect(task.kind).toBe('put_back');
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  it('says so when goods were not found on the way back, until a person has looked', async () => {
    const order = await cod();
    await pick(app, order, 2);
    const { case: opened } = await cancel(app, order, { notify: false });
    await app.settled();
    const [{ id }] = (await read(app, order)).tasks;
    const { lines } = (await app.get(`/tasks/${id}`)).body;
    await app.post(`/tasks/${id}/complete`, { lines: [{ id: lines[0].id, doneQuantity: 1, shortReason: 'damaged' }] });
    expect(stepsOf(await caseOf(order)).put_back).toBe('failed');
    const path = `/cancellations/${opened.id}/steps/put_back/resolve`;
    const resolved = expectStatus(await app.post(path, { note: 'booked as damaged' }), 200).body;
    expect(resolved).toMatchObject({ status: 'completed', changed: true });
    expect((await app.post(path, { note: 'once more' })).body.changed).toBe(false);
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  it('counts what was in the picker’s hands, and ends the picking', async () => {
    await app.post('/users', {
      name: 'Karim',
      email: 'karim@example.com',
      role: 'fulfillment_specialist',
      storeIds: [],
    });
    const order = await cod();
    await app.put(`/orders/${order.id}/status`, { move: 'process' });
    const { body: task } = expectStatus(await app.post('/tasks', { kind: 'picking', orderId: order.id }), 201);
    await app.post(`/tasks/${task.id}/items`, { lines: [{ id: task.lines[0].id, doneQuantity: 1 }] });
    const { case: opened } = await cancel(app, order, { notify: false });
    expect(stepsOf(opened).put_back).toBe('pending');
    await app.settled();
    const { tasks } = await read(app, order);
    expect(tasks).toMatchObject([
      { kind: 'picking', status: 'cancelled' },
      { kind: 'put_back', status: 'open' },
    ]);
    await app.post(`/tasks/${tasks[1].id}/complete`, { allDone: true });
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  it('waits for a person to call the courier who has the parcel', async () => {
    const order = await cod();
    await pick(app, order, 2);
    expectStatus(await app.post(`/orders/${order.id}/consignments`, { courier: 'steadfast' }), 201);
    await app.settled();
    const { case: opened } = await cancel(app, order, { notify: false });
    expect(stepsOf(opened).courier).toBe('pending');
    expect(opened.steps[4].facts.consignments[0]).toContain('steadfast');
    const called = await app.post(`/cancellations/${opened.id}/steps/courier/resolve`, { note: 'they stop it' });
    expect(stepsOf(called.body).courier).toBe('done');
    // Its word that the parcel is still there does not undo what a person said.
    await hear('consignment.status_changed', order, { consignment: {} });
    expect(stepsOf(await caseOf(order)).courier).toBe('done');
  });

  it('does not wait for a parcel that nobody but us knows of', async () => {
    const order = await cod();
    await pick(app, order, 2);
    expectStatus(await app.post(`/orders/${order.id}/consignments`, { courier: 'manual' }), 201);
    await app.settled();
    await cancel(app, order, { notify: false });
    expect(stepsOf(await caseOf(order)).courier).toBe('done');
  });

  it('is over when the customer has been told, and not before', async () => {
    const order = await cod();
    await cancel(app, order);
    await hear('message.sent', order, { message: 'delayed', orderId: order.id });
    expect(stepsOf(await caseOf(order)).message).toBe('pending');
    await hear('message.failed', order, { message: 'cancelled', orderId: order.id });
    expect(stepsOf(await caseOf(order)).message).toBe('failed');
    await hear('message.sent', order, { message: 'cancelled', orderId: order.id });
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  describe.each([
    ['message.sent', 'done'],
    ['message.failed', 'failed'],
  ])('of an order cancelled by fact, whose mail is told of by %s before the case could be opened,', (topic, status) => {
    it('knows of the mail all the same', async () => {
      const order = await cod();
      const { subscriptions } = app.service.workroom.registry;
      const opening = subscriptions.find(({ name }) => name === 'cancellations.open_case');
      if (!opening) throw new Error('Somebody opens cases.');
      const { handle } = opening;
      opening.handle = () => Promise.reject(new Error('database is locked'));
      try {
        const answer = { lines: [{ id: order.lines[0].id }], reason: 'none left in any store' };
        expectStatus(await app.post(`/orders/${order.id}/short_lines`, answer), 201);
        await app.settled();
        // Another mail says nothing about it, and is no reason to look.
        await hear(topic, order, { message: 'delayed', orderId: order.id });
        expect((await read(app, order)).cancellation).toBeNull();
        await hear(topic, order, { message: 'cancelled', orderId: order.id });
      } finally {
        opening.handle = handle;
      }
      const { id, reason, steps } = await caseOf(order);
      expect([reason, stepsOf({ steps }).message]).toEqual(['inventory', status]);
      // The first try comes again, a second later.
      book.clock.advance(SECOND_MS);
      const again = await caseOf(order);
      expect([again.id, stepsOf(again).message]).toEqual([id, status]);
    });
  });

  it('is over when the customer knows which goods are cancelled, where a part had left', async () => {
    const order = await orderFor(app, sku, 2, { customer: { name: 'Rahima Akter', email: 'rahima@example.com' } });
    await pick(app, order, 1);
    const [{ id }] = order.lines;
    await move(app, order.id, 'partially_fulfill', { reason: 'inventory', lines: [{ id, handling: 'backorder' }] });
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await cancel(app, order)).toMatchObject({ status: 'shipped' });
    const told = { orderId: order.id, message: 'lines_cancelled' };
    expectStatus(await app.post('/notifications/customer', told), 201);
    expect(await caseOf(order)).toMatchObject({ status: 'completed' });
  });

  it('tells that it is completed once', async () => {
    const heard: string[] = [];
    const { registry } = app.service.workroom;
    registry.on('cancellation.completed', 'test.completed', (_job, { orderId }) => {
      heard.push(orderId ?? '');
      return Promise.resolve();
    });
    const order = await cod();
    await cancel(app, order);
    await hear('message.sent', order, { message: 'cancelled', orderId: order.id });
    await hear('message.sent', order, { message: 'cancelled', orderId: order.id });
    expect(heard.filter((id) => id === order.id)).toHaveLength(1);
  });

  describe('is worked on by hand', () => {
    it.each([
      ['refund', 'STEP_FOLLOWS_THE_BOOKS'],
      ['stock', 'STEP_FOLLOWS_THE_BOOKS'],
      ['courier', 'STEP_SKIPPED'],
    ])('but not in the step %s: %s', async (step, code) => {
      const { case: opened } = await cancel(app, await paid());
      const refused = await app.post(`/cancellations/${opened.id}/steps/${step}/resolve`, { note: 'done' });
      expect(refused).toMatchObject({ status: 409, body: { code } });
    });

    it('by those who may, with a note', async () => {
      const { case: opened } = await cancel(app, await cod());
      const path = `/cancellations/${opened.id}/steps/message/resolve`;
      expect(await app.post(path, {})).toMatchObject({ status: 422, body: { errors: [{ path: 'note' }] } });
      expect((await app.post(`/cancellations/${opened.id}/steps/dance/resolve`, { note: 'x' })).status).toBe(422);
      expect((await app.post('/cancellations/none/steps/message/resolve', { note: 'x' })).body.code).toBe(
        'CANCELLATION_NOT_FOUND',
      );
      const picker = await app.keyFor('fulfillment_specialist');
      expect((await app.post(path, { note: 'x' }, { apiKey: picker })).status).toBe(403);
      const desk = await app.keyFor('customer_service');
      expect((await app.post(path, { note: 'called her' }, { apiKey: desk })).body).toMatchObject({
        status: 'completed',
        steps: expect.arrayContaining([
          expect.objectContaining({ kind: 'message', status: 'done', note: 'called her', doneBy: 'customer_service' }),
        ]),
      });
    });
  });

  describe('is listed', () => {
    it('newest first, page by page, with those still open apart', async () => {
      const made: string[] = [];
      for (const notify of [true, false, true]) made.unshift((await cancel(app, await cod(), { notify })).case.id);
      const { body: first } = await app.get('/cancellations?limit=2');
      expect(first.items.map(({ id }: Body) => id)).toEqual(made.slice(0, 2));
      const { body: next } = await app.get(`/cancellations?limit=2&after=${first.nextCursor}`);
      expect(next.items[0].id).toBe(made[2]);
      const { body: open } = await app.get('/cancellations?open=true&limit=2');
      expect(open.items.map(({ id }: Body) => id)).toEqual([made[0], made[2]]);
      const { body: over } = await app.get('/cancellations?open=false&limit=1');
      expect(over.items[0].id).toBe(made[1]);
      expect((await app.get('/cancellations?open=perhaps')).status).toBe(422);
      expect((await app.get('/cancellations?after=nonsense')).status).toBe(400);
    });

    it('with who asked for those who work with customers only', async () => {
      const order = await cod();
      expectStatus(await askToCancel(app, order, AT_REQUEST), 200);
      for (const [role, contact] of [
        ['customer_service', '01700000000'],
        ['reporting', null],
        ['fulfillment_specialist', null],
      ] as const) {
        const apiKey = await app.keyFor(role);
        const { body } = await app.get(`/cancellations?orderId=${order.id}`, { apiKey });
        expect(body.items[0].customerContact).toBe(contact);
        expect((await app.get(`/orders/${order.id}`, { apiKey })).body.cancellation.customerContact).toBe(contact);
      }
    });
  });
});
