import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, placeOrder, shipOrder } from '../support/shop';
import { read } from '../orders/open-orders';
import { openPost, type Post } from './open-post';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('A message to a customer, on %s', (kind) => {
  let post: Post;
  let app: TestApp;

  beforeAll(async () => {
    post = await openPost(kind);
    app = post.app;
  });
  afterAll(() => post.close());

  const place = (more: Record<string, unknown> = {}) => placeOrder(app, { paymentMethod: 'cod', ...more });
  const withEmail = (email: string, name = 'Rahima Akter') => place({ customer: { name, email } });
  const notify = (order: Record<string, any>, message: string, more: Record<string, unknown> = {}, options = {}) =>
    app.post('/notifications/customer', { orderId: order.id, message, ...more }, options);

  it('is queued, leaves as a mail, and is then sent', async () => {
    const order = await place();
    const made = expectStatus(await notify(order, 'order_received', { note: 'Thank you' }), 201).body;
    expect(made).toMatchObject({
      orderId: order.id,
      message: 'order_received',
      channel: 'email',
      status: 'queued',
      recipient: 'r…@example.com',
      note: 'Thank you',
      changed: true,
    });
    await app.settled();
    const [mail] = post.mails(`we have your order ${order.number}`);
    expect(mail).toMatchObject({ to: 'rahima@example.com', text: expect.stringContaining('2 x Green tea 100 g') });
    expect(mail?.html).toContain('Thank you');
    const listed = (await app.get(`/notifications?orderId=${order.id}`)).body;
    expect(listed.items).toMatchObject([{ id: made.id, status: 'sent', sentAt: post.clock.now(), error: null }]);
    expect((await read(app, order)).messages).toMatchObject([{ id: made.id, status: 'sent' }]);
    const sent = post.told('message.sent').filter(({ orderId }) => orderId === order.id);
    expect(sent).toMatchObject([{ message: 'order_received', order: { number: order.number } }]);
    expect(JSON.stringify([made, listed, sent])).not.toContain('rahima@example.com');
  });

  it('goes out once, however often it is asked for', async () => {
    const order = await place();
    const first = expectStatus(await notify(order, 'order_received'), 201).body;
    const again = expectStatus(await notify(order, 'order_received', { note: 'other words' }), 200).body;
    expect(again).toMatchObject({ id: first.id, changed: false, note: null });
    await app.settled();
    expect((await notify(order, 'order_received')).body).toMatchObject({ id: first.id, status: 'sent' });
    expect(post.mails(order.number)).toHaveLength(1);
  });

  it('goes out once when twenty ask at the same moment', async () => {
    const order = await place();
    const asked = await Promise.all(Array.from({ length: 20 }, () => notify(order, 'order_received')));
    expect(asked.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(asked.map(({ body }) => body.id)).size).toBe(1);
    await app.settled();
    expect(post.mails(order.number)).toHaveLength(1);
  });

  it('goes out once when twenty name the order by its number', async () => {
    const order = await place();
    const byNumber = { id: `number:${order.number}` };
    const asked = await Promise.all(Array.from({ length: 20 }, () => notify(byNumber, 'order_received')));
    expect(asked.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    await app.settled();
    expect(post.mails(order.number)).toHaveLength(1);
  });

  it('is sent again on purpose, once per request', async () => {
    const order = await place();
    await notify(order, 'order_received');
    const key = `again-${order.id}`;
    const second = expectStatus(await notify(order, 'order_received', { resend: true }, { key }), 201).body;
    const replayed = await notify(order, 'order_received', { resend: true }, { key });
    expect(replayed.body.id).toBe(second.id);
    expectStatus(await notify(order, 'order_received', { resend: true }), 201);
    await app.settled();
    expect(post.mails(order.number)).toHaveLength(3);
  });

  it('goes to the new address when the customer corrects it', async () => {
    const order = await withEmail('old@example.com');
    await notify(order, 'order_received');
    expectStatus(await app.put(`/orders/${order.id}`, { customer: { email: 'new@example.com' } }), 200);
    expectStatus(await notify(order, 'order_received'), 201);
    await app.settled();
    expect(
      post
        .mails(order.number)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['new@example.com', 'old@example.com']);
  });

  it('tells of the parcel: tracking number, goods and what is to be paid at the door', async () => {
    const order = await place();
    await shipOrder(app, order);
    expectStatus(await notify(order, 'shipped'), 201);
    await app.settled();
    const [mail] = post.mails(`order ${order.number} is on its way`);
    expect(mail?.text).toContain('2 x Green tea 100 g');
    expect(mail?.text).toContain('Please have BDT 1,000.00 ready');
    await move(app, order.id, 'fail_delivery', { reason: 'not_home' });
    expectStatus(await notify(order, 'delivery_failed'), 201);
    await app.settled();
    expect(post.mails(`order ${order.number} could not`)[0]?.text).toContain('Nobody was there');
  });

  it('is refused while it is not true, and what was told stays told', async () => {
    const order = await place();
    const refused = expectStatus(await notify(order, 'shipped'), 409).body;
    expect(refused).toMatchObject({
      code: 'MESSAGE_NOT_DUE',
      orderStatus: 'pending',
      dueStatuses: ['shipped', 'partially_fulfilled'],
      errors: [{ path: 'message', code: 'MESSAGE_NOT_DUE' }],
    });
    expect(refused.detail).toContain('it is pending');
    for (const message of ['payment_instructions', 'refund', 'short', 'lines_cancelled', 'cancelled']) {
      expect(await notify(order, message)).toMatchObject({ status: 409, body: { code: 'MESSAGE_NOT_DUE' } });
    }
    await notify(order, 'order_received');
    await move(app, order.id, 'cancel', { reason: 'operational' });
    expectStatus(await notify(order, 'order_received'), 200);
    expectStatus(await notify(order, 'cancelled'), 201);
  });

  it('to nobody is refused with the ways out', async () => {
    const order = await place({ customer: { name: 'Karim', phone: '01700000000' } });
    const refused = expectStatus(await notify(order, 'order_received'), 409).body;
    expect(refused).toMatchObject({ code: 'CUSTOMER_UNREACHABLE', hasPhone: true, taskKind: 'manual_message' });
    expect(refused.detail).toContain('Phone them');
    expect(JSON.stringify(refused)).not.toContain('01700000000');
    expect((await read(app, order)).messages).toEqual([]);
  });

  it('waits for a mail server that is down for an hour, and then leaves once', async () => {
    const order = await place();
    await post.server.close();
    expectStatus(await notify(order, 'order_received'), 201);
    for (let minutes = 0; minutes < 60; minutes += 10) {
      await app.settled();
      post.clock.advance(HOUR_MS / 6);
    }
    // A try that is in hand ends first: an hour of the test's clock would end its lease, and another would begin.
    await app.settled();
    expect((await read(app, order)).messages).toMatchObject([{ status: 'queued', error: null }]);
    await post.server.open();
    for (let round = 0; round < 3; round += 1) {
      post.clock.advance(HOUR_MS);
      await app.settled();
    }
    expect(post.mails(order.number)).toHaveLength(1);
    expect((await read(app, order)).messages).toMatchObject([{ status: 'sent' }]);
  });

  it('that cannot arrive becomes a person’s business', async () => {
    const order = await withEmail('gone-1@example.com');
    expectStatus(await notify(order, 'order_received'), 201);
    await app.settled();
    expect((await read(app, order)).messages).toMatchObject([
      { status: 'failed', failedAt: post.clock.now(), error: expect.stringContaining('No such mailbox') },
    ]);
    const told = post.told('message.failed').filter(({ orderId }) => orderId === order.id);
    expect(told).toMatchObject([{ message: 'order_received', recipient: 'g…@example.com' }]);
    const explained = (await app.get(`/orders/${order.id}/explain`)).body;
    expect(explained.openWork.join()).toContain('"Order received" did not reach the customer');
    expect(JSON.stringify([told, explained])).not.toContain('gone-1@example.com');
    expect((await notify(order, 'order_received')).body).toMatchObject({ status: 'failed', changed: false });
    expect((await app.get('/notifications?status=failed')).body.items.map((one: any) => one.orderId)).toContain(
      order.id,
    );
  });

  it('that cannot arrive is a task for customer service, where there is one, until it is sent in another way', async () => {
    const email = `desk-${kind}@shop.example.com`;
    expectStatus(await app.post('/users', { name: 'Desk', email, role: 'customer_service' }), 201);
    const order = await withEmail('gone-2@example.com', 'রহিমা আক্তার');
    await notify(order, 'order_received');
    await app.settled();
    const { items } = (await app.get(`/tasks?orderId=${order.id}`)).body;
    expect(items).toMatchObject([
      { kind: 'manual_message', assigneeEmail: email, instructions: expect.stringContaining('Phone them') },
    ]);
    expectStatus(await app.put(`/orders/${order.id}`, { customer: { email: 'right@example.com' } }), 200);
    expectStatus(await notify(order, 'order_received', { resend: true }), 201);
    await app.settled();
    const explained = (await app.get(`/orders/${order.id}/explain`)).body;
    expect(explained.openWork.join()).not.toContain('did not reach');
    expect(post.mails(order.number).find(({ to }) => to === 'right@example.com')?.text).toContain('Hello রহিমা,');
  });

  it('of the right person only: desk and managers send, others do not', async () => {
    const order = await place();
    for (const role of ['reporting', 'cashier', 'fulfillment_specialist']) {
      const apiKey = await app.keyFor(role);
      expect((await notify(order, 'order_received', {}, { apiKey })).body).toMatchObject({
        status: 403,
        code: 'ROLE_NOT_ALLOWED',
      });
    }
    const apiKey = await app.keyFor('customer_service');
    expectStatus(await notify(order, 'order_received', { note: 'for Rahima' }, { apiKey }), 201);
    const viewer = await app.keyFor('reporting');
    const [seen] = (await app.get(`/notifications?orderId=${order.id}`, { apiKey: viewer })).body.items;
    expect(seen).toMatchObject({ message: 'order_received', note: null });
  });

  it('is previewed without a trace', async () => {
    const order = await place();
    const preview = await app.post('/notifications/customer?dryRun=true', {
      orderId: order.id,
      message: 'order_received',
    });
    expect(preview.body).toMatchObject({
      dryRun: true,
      effects: { messages: [{ template: 'emails/order-received' }] },
    });
    expect((await read(app, order)).messages).toEqual([]);
  });

  it('is listed page by page, newest first', async () => {
    const order = await place();
    for (let n = 0; n < 3; n += 1) await notify(order, 'order_received', { resend: true });
    const first = (await app.get(`/notifications?orderId=${order.id}&limit=2`)).body;
    const rest = (await app.get(`/notifications?orderId=${order.id}&limit=2&after=${first.nextCursor}`)).body;
    const ids = [...first.items, ...rest.items].map(({ id }) => id as string);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toHaveLength(3);
    expect(rest.nextCursor).toBeNull();
  });

  it.each([
    ['an unknown message', { message: 'hello' }, 422, 'VALIDATION_FAILED', 'message'],
    ['no message', { message: undefined }, 422, 'VALIDATION_FAILED', 'message'],
    ['no order', { orderId: undefined }, 422, 'VALIDATION_FAILED', 'orderId'],
    ['a ghost order', { orderId: 'GHOST' }, 404, 'ORDER_NOT_FOUND', undefined],
    ['a note that is too long', { note: 'x'.repeat(1001) }, 422, 'VALIDATION_FAILED', 'note'],
    ['resend in words', { resend: 'yes' }, 422, 'VALIDATION_FAILED', 'resend'],
    ['a field nobody knows', { subject: 'hi' }, 422, 'VALIDATION_FAILED', 'subject'],
  ])('refuses %s', async (_title, body, status, code, field) => {
    const order = await place();
    const answer = await notify(order, 'order_received', body);
    expect(answer).toMatchObject({ status, body: { code } });
    if (field) expect(answer.body.errors[0].path).toBe(field);
    expect((await read(app, order)).messages).toEqual([]);
  });

  it('leaves the ledger as it was', () => expectIntegrity(app));
});
