import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, stockOf } from '../support/shop';
import { newProduct } from '../orders/open-orders';
import { countDesk, MANAGER, SECOND, startCountFloor } from './count-floor';
import { type Body, mailsTo, PICKER, readOrder } from './floor';

describe.each(DATABASES)('A shelf of which several orders are short, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startCountFloor(kind);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const { tasksOf, read, open, count, askCount, picking, endShort } = countDesk(() => app);

  /** Three orders of three units, nine on the shelf by the record; each found one. */
  async function threeShort(): Promise<{ sku: string; orders: Body[] }> {
    const sku = await newProduct(app, 9);
    const pickings: { order: Body; task: Body }[] = [];
    for (let n = 0; n < 3; n += 1) pickings.push(await picking(sku, 3));
    await Promise.all(pickings.map(({ task }) => endShort(task, 'not_found', 1)));
    return { sku, orders: pickings.map(({ order }) => order) };
  }

  async function tasksOfAll(orders: readonly Body[], taskKind: string): Promise<Body[]> {
    return (await Promise.all(orders.map((order) => tasksOf(order, taskKind)))).flat();
  }

  const numbers = (orders: readonly Body[]): string[] => orders.map(({ number }) => number).sort();
  const sent = async (...recipients: string[]): Promise<Body[]> =>
    (await Promise.all(recipients.map((recipient) => mailsTo(app, recipient)))).flat();
  const auditOf = async (order: Body, action: string): Promise<Body> =>
    ((await app.get(`/audit?orderId=${order.id}`)).body.items as Body[]).find((row) => row.action === action)!;

  it('is counted once, decided on once and corrected once, and all of it names every order', async () => {
    const counters = [PICKER.email, SECOND.email];
    const mailed = async (): Promise<number> =>
      (await sent(...counters)).filter(({ subject }) => String(subject).includes('Count')).length;
    const [countMails, decisionMails] = [await mailed(), (await sent(MANAGER.email)).length];
    const { sku, orders } = await threeShort();
    const [task, ...more] = await tasksOfAll(orders, 'count');
    expect(more).toEqual([]);
    expect((await mailed()) - countMails).toBe(1);
    expect((task!.details.orders as Body[]).map(({ number }) => number).sort()).toEqual(numbers(orders));
    expect(task!.instructions).toContain('6 × Green tea 100 g not found while picking.');
    const html = await open(task!);
    for (const number of numbers(orders)) expect(html).toContain(number);

    const answers = await Promise.all(orders.map(({ id }) => readOrder(app, id)));
    for (const answer of answers) {
      expect(answer).toMatchObject({ lines: [{ preparedQuantity: 1, quantity: 3, backorderedQuantity: 0 }] });
    }
    const done = await count(task!, 4);
    expect(done.result).toMatchObject({ count: 'differs', lines: [{ onHand: 9, inHand: 3, difference: -2 }] });
    expect([...done.result.orders].sort()).toEqual(numbers(orders));

    const [decision, ...others] = await tasksOfAll(orders, 'stock_decision');
    expect(others).toEqual([]);
    const managed = await sent(MANAGER.email);
    expect(managed.length - decisionMails).toBe(1);
    for (const number of numbers(orders)) expect(decision!.instructions).toContain(number);
    expect(await Promise.all(orders.map(({ id }) => readOrder(app, id).then(({ status }) => status)))).toEqual(
      answers.map(({ status }) => status),
    );
    expectStatus(await app.post(`/tasks/${decision!.id}/stock_decision`, { decision: 'accept' }), 200);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 7 });
    const host = orders.find(({ id }) => id === decision!.orderId)!;
    for (const action of ['stock.count', 'stock.decide']) {
      expect([...(await auditOf(host, action)).after.orders].sort()).toEqual(numbers(orders));
    }
    for (const joined of orders.filter(({ id }) => id !== host.id)) {
      expect((await auditOf(joined, 'count.join')).after).toEqual({ countOf: host.number, skus: [sku] });
    }
  });

  it('is not counted again because an event is told twice, and is for a shortage that comes after the count', async () => {
    const sku = await newProduct(app, 20);
    const [first, second, late] = [await picking(sku, 3), await picking(sku, 3), await picking(sku, 3)];
    await endShort(first.task, 'not_found', 2);
    const [task] = await tasksOf(first.order, 'count');
    await endShort(second.task, 'not_found', 2);
    expect(await tasksOf(second.order, 'count')).toEqual([]);
    await count(task!, 16);
    const { registry } = app.service.workroom;
    const heard = registry.subscriptions.find(({ name }) => name === 'fulfillment.check_short_shelves')!;
    const job = app.service.workroom.jobContext('test');
    const told = await job.read.select<{ eventId: string; orderId: string; storeId: string; payload: string }>(
      `SELECT event_id, order_id, store_id, payload FROM outbox WHERE name = :name AND order_id = :orderId`,
      { name: heard.name, orderId: second.order.id },
    );
    expect(told).toHaveLength(1);
    const [{ eventId: id, payload, ...event }] = told;
    await heard.handle(job, { ...event, id, topic: 'line.short', occurredAt: job.read.now, data: JSON.parse(payload) });
    expect(await tasksOf(second.order, 'count')).toEqual([]);
    await endShort(late.task, 'not_found', 2);
    expect(await tasksOf(late.order, 'count')).toMatchObject([{ status: 'open' }]);
  });

  it('counted anew for a manager who doubts it, it still says who waits', async () => {
    const { orders } = await threeShort();
    const [task] = await tasksOfAll(orders, 'count');
    await count(task!, 4);
    const [decision] = await tasksOfAll(orders, 'stock_decision');
    expectStatus(await app.post(`/tasks/${decision!.id}/stock_decision`, { decision: 'recount' }), 200);
    const again = (await tasksOfAll(orders, 'count')).filter(({ status }) => status === 'open');
    expect(again).toHaveLength(1);
    expect((again[0]!.details.orders as Body[]).map(({ number }) => number).sort()).toEqual(numbers(orders));
  });

  it('is free again when its count is cancelled', async () => {
    const sku = await newProduct(app, 20);
    const [first, second] = [await picking(sku, 3), await picking(sku, 3)];
    await endShort(first.task, 'not_found', 2);
    const [task] = await tasksOf(first.order, 'count');
    expectStatus(await app.post(`/tasks/${task!.id}/cancel`, {}), 200);
    await endShort(second.task, 'not_found', 2);
    expect(await tasksOf(second.order, 'count')).toMatchObject([{ status: 'open' }]);
  });

  it('is counted for whoever asks for it by name, and what they wrote stays when an order joins', async () => {
    const sku = await newProduct(app, 20);
    const [asking, short] = [await picking(sku, 3), await picking(sku, 3)];
    const asked = await askCount(asking.order, { instructions: 'Look behind the boxes.' });
    await endShort(short.task, 'not_found', 2);
    expect(await tasksOf(short.order, 'count')).toEqual([]);
    expect((await read(asked)).instructions).toMatch(/^Look behind the boxes\.\nCount what lies/);
    const own = await askCount(short.order);
    expect(own).toMatchObject({ orderId: short.order.id, details: { products: [{ sku }] } });
    expect((await count(asked, 18)).result.count).toBe('matches');
    expect((await count(own, 18)).result.count).toBe('matches');
    expect(await tasksOf(short.order, 'stock_decision')).toEqual([]);
  });
});
