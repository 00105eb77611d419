import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, placeOrder } from '../support/shop';
import { newProduct } from '../orders/open-orders';
import { openCount } from '../../server/fulfillment/counts/open-count';
import { taskUrls } from '../../server/fulfillment/tasks/task-links';
import { lockState } from '../../server/orders';
import { type OrderState } from '../../server/orders';
import { type CommandContext } from '../../server/platform/context';
import { UnitOfWork } from '../../server/platform/database/unit-of-work';
import * as countOrdersTable from '../../server/platform/database/migrations/20261121-0783-create-count-orders';
import * as countedOnce from '../../server/platform/database/migrations/20261121-0784-count-a-shelf-once';
import { countDesk, SECOND, startCountFloor } from './count-floor';
import { type Body, lineOf, openPicking, PICKER, readOrder } from './floor';

describe.each(DATABASES)('A count that others wait for, doubted, cancelled or asked for again, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startCountFloor(kind);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const desk = countDesk(() => app);
  const { tasksOf, read, findings, count, picking, endShort } = desk;
  const decide = (task: Body, body: Body) => app.post(`/tasks/${task.id}/stock_decision`, body);
  const assign = async (task: Body, assigneeEmail: string): Promise<Body> =>
    expectStatus(await app.post(`/tasks/${task.id}/assign`, { assigneeEmail }), 200).body;

  /** Orders of three units, one after the other short of two; the first has the count. */
  async function short(sku: string, howMany: number): Promise<Body[]> {
    const orders: Body[] = [];
    for (let n = 0; n < howMany; n += 1) {
      const { order, task } = await picking(sku, 3);
      await endShort(task, 'not_found', 1);
      await app.settled();
      orders.push(order);
    }
    return orders;
  }

  async function shortAgain(order: Body, found = 0): Promise<void> {
    await endShort(await openPicking(app, order.id), 'not_found', found);
    await app.settled();
  }

  const numbers = (orders: readonly Body[]): string[] => orders.map(({ number }) => number).sort();
  const waiting = (task: Body): string[] => (task.details.orders as Body[]).map(({ number }) => number).sort();
  const openOf = async (order: Body): Promise<Body[]> =>
    (await tasksOf(order, 'count')).filter(({ status }) => status === 'open');
  const firstCount = async (order: Body): Promise<Body> => (await openOf(order))[0]!;

  /** Two counts of one shelf, for the same two orders, that one decision is about. */
  async function countedTwice(): Promise<{ orders: Body[]; decision: Body }> {
    const orders = await short(await newProduct(app, 20), 2);
    await count(await firstCount(orders[0]!), 14);
    for (const order of orders) await shortAgain(order);
    await count(await firstCount(orders[0]!), 13);
    const [decision, ...more] = await tasksOf(orders[0]!, 'stock_decision');
    expect(more).toEqual([]);
    expect(await findings(decision!)).toHaveLength(2);
    return { orders, decision: decision! };
  }

  it.each([
    ['both doubted', () => ({ decision: 'recount' })],
    [
      'the last doubted and the first left',
      ([first, last]: Body[]) => ({
        note: 'counted since',
        choices: [
          { id: first!.id, decision: 'leave' },
          { id: last!.id, decision: 'recount' },
        ],
      }),
    ],
  ])('found twice to differ, %s, the shelf is counted again once and each order waits once', async (_what, body) => {
    const { orders, decision } = await countedTwice();
    expectStatus(await decide(decision, body(await findings(decision))), 200);
    const [again, ...more] = (await Promise.all(orders.map(openOf))).flat();
    expect(more).toEqual([]);
    expect(again!.details.products).toHaveLength(1);
    expect(waiting(again!)).toEqual(numbers(orders));
    const rows = await app.service.workroom
      .jobContext('test')
      .read.select('SELECT * FROM count_orders WHERE task_id = :id', { id: again!.id });
    expect(rows).toHaveLength(2);
  });

  it('cancelled, it goes on for the others: the oldest gets it and the rest join', async () => {
    const sku = await newProduct(app, 20);
    const [host, second, third] = await short(sku, 3);
    const task = await firstCount(host!);
    expectStatus(await app.post(`/tasks/${task.id}/cancel`, {}), 200);
    const [next, ...more] = await openOf(second!);
    expect([more, await openOf(host!), await openOf(third!)]).toEqual([[], [], []]);
    expect(waiting(next!)).toEqual(numbers([second!, third!]));
    expect(next!.instructions).toContain('4 × Green tea 100 g not found while picking.');
    const told = async (order: Body): Promise<Body[]> => (await app.get(`/audit?orderId=${order.id}`)).body.items;
    expect((await told(second!)).filter(({ subject }) => subject.id === next!.id)).toMatchObject([
      { action: 'task.open' },
    ]);
    expect((await told(third!)).find(({ subject }) => subject.id === next!.id)).toMatchObject({
      action: 'count.join',
      after: { countOf: second!.number, skus: [sku] },
    });
    expectStatus(await app.post(`/tasks/${next!.id}/cancel`, {}), 200);
    expect((await openOf(third!)).map(waiting)).toEqual([[third!.number]]);
  });

  it('whose own order is cancelled goes on for the others', async () => {
    const [host, second] = await short(await newProduct(app, 20), 2);
    const task = await firstCount(host!);
    const body = { move: 'cancel', reason: 'operational' };
    expectStatus(await app.put(`/orders/${host!.id}/status`, body), 200);
    expect((await readOrder(app, host!.id)).status).toBe('cancelled');
    expect(await read(task)).toMatchObject({ status: 'open' });
    expect((await count(await read(task), 17)).result.orders).toContain(second!.number);
  });

  /** Counted for two orders and doubted while a third order's count of the shelf is open. */
  async function doubtedMeanwhile(counter: Body, next: Body): Promise<{ orders: Body[]; open: Body }> {
    const sku = await newProduct(app, 20);
    const orders = await short(sku, 2);
    const task = await assign(await firstCount(orders[0]!), counter.email);
    await count(task, 14);
    const [late] = await short(sku, 1);
    const open = await assign(await firstCount(late!), next.email);
    const [decision] = await tasksOf(orders[0]!, 'stock_decision');
    expectStatus(await decide(decision!, { decision: 'recount' }), 200);
    return { orders: [...orders, late!], open: await read(open) };
  }

  it('doubted while somebody else counts the shelf, all who wait join, and it says that it was counted before', async () => {
    const { orders, open } = await doubtedMeanwhile(PICKER, SECOND);
    expect((await Promise.all(orders.map(openOf))).flat()).toHaveLength(1);
    expect(waiting(open)).toEqual(numbers(orders));
    expect(open.details.products).toMatchObject([{ reason: 'recount' }]);
    expect(open.instructions).toContain('counted before, and to be counted once more');
  });

  it('doubted while whoever is doubted counts the shelf, somebody else gets a count of it', async () => {
    const { orders, open } = await doubtedMeanwhile(PICKER, PICKER);
    expect(waiting(open)).toEqual([orders[2]!.number]);
    const [again] = await openOf(orders[0]!);
    expect(again).toMatchObject({ assigneeEmail: SECOND.email });
    expect(waiting(again!)).toEqual(numbers(orders.slice(0, 2)));
  });

  it('doubted while whoever is doubted has its order’s next count, that one goes to somebody else', async () => {
    const [host] = await short(await newProduct(app, 20), 1);
    await count(await assign(await firstCount(host!), PICKER.email), 14);
    await shortAgain(host!);
    const next = await assign(await firstCount(host!), PICKER.email);
    const [decision] = await tasksOf(host!, 'stock_decision');
    expectStatus(await decide(decision!, { decision: 'recount' }), 200);
    expect(await openOf(host!)).toMatchObject([{ id: next.id, assigneeEmail: SECOND.email }]);
    expect((await read(next)).url).not.toBe(next.url);
  });

  it('an order that is short again adds to what it misses, and no event that it waited for is heard twice', async () => {
    const [host, second] = await short(await newProduct(app, 20), 2);
    const task = await firstCount(host!);
    await shortAgain(second!, 1);
    expect((await read(task)).instructions).toContain('5 × Green tea 100 g not found while picking.');
    await count(await read(task), 17);
    const job = app.service.workroom.jobContext('test');
    const { registry } = app.service.workroom;
    const heard = registry.subscriptions.find(({ name }) => name === 'fulfillment.check_short_shelves')!;
    const told = await job.read.select<{ eventId: string; orderId: string; storeId: string; payload: string }>(
      'SELECT event_id, order_id, store_id, payload FROM outbox WHERE name = :name AND order_id = :id',
      { name: heard.name, id: second!.id },
    );
    expect(told).toHaveLength(2);
    for (const { eventId: id, payload, ...event } of told) {
      const again = { ...event, id, topic: 'line.short', occurredAt: job.read.now, data: JSON.parse(payload) };
      await heard.handle(job, again);
    }
    expect(await openOf(second!)).toEqual([]);
  });

  const urls = taskUrls({ publicUrl: 'http://orders.example', secret: 'x'.repeat(32) });

  async function ask(order: Body, sku: string, cause: string): Promise<void> {
    await app.service.workroom.jobContext('test').transaction(async (ctx) => {
      const state = await lockState(ctx, order.id);
      await openCount(ctx, urls, state, { causeId: cause, lines: [await wantedOf(ctx, state, sku)] });
    });
  }

  async function wantedOf(ctx: CommandContext, { order }: OrderState, sku: string) {
    const [place] = await ctx.select<{ productId: string; locationId: string }>(
      `SELECT p.id AS product_id, l.location_id FROM products p JOIN stock_levels l ON l.product_id = p.id
        WHERE p.sku = :sku AND p.store_id = :storeId`,
      { sku, storeId: order.storeId },
    );
    return { ...place!, sku, name: sku, shelf: null, reason: 'not_found' as const, missingUnits: 1 };
  }

  it('orders that join while further goods are listed lose nothing of one another', async () => {
    const [sku, ...further] = await Promise.all([1, 2, 3, 4].map(() => newProduct(app, 30)));
    const [host, ...others] = await Promise.all([1, 2, 3, 4].map(() => picking(sku!, 1).then(({ order }) => order)));
    await ask(host!, sku!, 'begin');
    await Promise.all([
      ...others.map((order, n) => ask(order, sku!, `join-${n}`)),
      ...further.map((more, n) => ask(host!, more, `list-${n}`)),
    ]);
    const task = await firstCount(host!);
    expect(waiting(task)).toEqual(numbers([host!, ...others]));
    expect(task.details.products).toHaveLength(4);
    // Each of the seven changed it once.
    expect(task.version).toBe(8);
  });

  it('every command holds counts before levels, and all of its levels at once', async () => {
    const [counted, damaged] = [await newProduct(app, 20), await newProduct(app, 20)];
    const held = new Map<object, string[]>();
    const spy = jest.spyOn(UnitOfWork.prototype, 'lock');
    const lines = [counted, damaged].map((sku) => ({ sku, quantity: 3, unitPriceMinor: 50_000 }));
    try {
      const order = await placeOrder(app, { paymentMethod: 'cod', lines });
      expectStatus(await app.put(`/orders/${order.id}/status`, { move: 'process' }), 200);
      const task = await openPicking(app, order.id);
      const reasons = { [counted]: 'not_found', [damaged]: 'damaged' };
      const done = Object.entries(reasons).map(([sku, shortReason]) => {
        return { id: lineOf(task, sku).id, doneQuantity: 1, shortReason };
      });
      await app.settled();
      spy.mockClear();
      expectStatus(await app.post(`/tasks/${task.id}/complete`, { lines: done }), 200);
      await count(await firstCount(order), 15);
      await short(counted, 1);
      const [decision] = await tasksOf(order, 'stock_decision');
      expectStatus(await decide(decision!, { decision: 'recount' }), 200);
      await app.settled();
      spy.mock.calls.forEach(([table, where, params], n) => {
        const said = [...(held.get(spy.mock.contexts[n]!) ?? []), `${table.name} ${JSON.stringify(params)} ${where}`];
        held.set(spy.mock.contexts[n]!, said);
      });
    } finally {
      spy.mockRestore();
    }
    const locks = [...held.values()].filter((said) => said.some((one) => one.startsWith('stock_levels')));
    expect(locks.length).toBeGreaterThan(3);
    for (const said of locks) {
      const first = said.findIndex((one) => one.startsWith('stock_levels'));
      const before = said.slice(0, first + 1);
      const after = said.slice(first + 1).filter((one) => /^(tasks|stock_levels) /.test(one));
      const idsIn = (list: string[]): string[] => list.join().match(/"[0-9A-Z]{26}"/g) ?? [];
      expect(idsIn(before)).toEqual(expect.arrayContaining(idsIn(after)));
    }
  });

  it('counts that were open before an order could join one are their own orders’ after the upgrade', async () => {
    const [host] = await short(await newProduct(app, 20), 1);
    const task = await firstCount(host!);
    const schema = app.service.workroom.database.sequelize.getQueryInterface();
    await countedOnce.down(schema);
    await countOrdersTable.down(schema);
    await countOrdersTable.up(schema);
    await countedOnce.up(schema);
    const rows = await app.service.workroom
      .jobContext('test')
      .read.select<Body>('SELECT * FROM count_orders WHERE task_id = :id', { id: task.id });
    expect(rows).toMatchObject([{ orderId: host!.id, orderNumber: host!.number, missingUnits: 2 }]);
    expect((await count(task, 19)).result.orders).toEqual([host!.number]);
  });
});
