import { UnitOfWork } from '../../../server/platform/database/unit-of-work';
import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus } from '../../support/shop';
import { openOrders, type OrderBook } from '../open-orders';
import { type Body, CONSENT, lineFor, orderOf, pickSome, product, read } from './shortage-floor';

const REASON = 'not on the shelf';
let runs = 0;

describe.each(DATABASES)('One run that answers for missing goods more than once, on %s', (kind) => {
  let book: OrderBook;
  let app: TestApp;
  let run: string;

  beforeAll(async () => {
    book = await openOrders(kind);
    ({ app } = book);
  });
  beforeEach(() => {
    run = `evt_${kind}_twice_${(runs += 1)}`;
    book.clock.advance(60_000);
  });
  afterEach(async () => {
    await app.settled();
    await expectIntegrity(app);
  });
  afterAll(() => book.close());

  /** Each call has a key of its own, as each step of a run and each restart of it has. */
  const post = (order: Body, door: string, body: Body) =>
    app.post(`/orders/${order.id}/${door}`, { reason: REASON, ...body }, { headers: { 'x-event-id': run } });

  it('is heard each time it says something else', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 4)]);
    await pickSome(app, order, [1]);
    expectStatus(await post(order, 'shortage', { resolution: 'backorder' }), 201);
    const second = expectStatus(await post(order, 'shortage', { resolution: 'refund' }), 201).body;
    expect(second).toMatchObject({ changed: true, lines: [{ resolution: 'refund', quantity: 3 }] });
    for (const resolution of ['backorder', 'refund']) {
      const again = expectStatus(await post(order, 'shortage', { resolution }), 200).body;
      expect(again).toMatchObject({ changed: false, resolution, lines: [{ resolution }] });
    }
    expect((await read(app, order)).lines[0]).toMatchObject({ cancelledQuantity: 3, backorderedQuantity: 0 });
  });

  it('is heard about another line, and about units that came to be missing since', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 3), lineFor(await product(app, 10), 3)]);
    const [one, two] = order.lines;
    await pickSome(app, order, [2, 3]);
    expectStatus(await post(order, 'shortage', { lines: [{ id: one.id, resolution: 'refund' }] }), 201);
    expectStatus(await post(order, 'short_lines', { lines: [{ id: two.id, quantity: 1 }] }), 409);
    const other = await orderOf(app, [lineFor(await product(app, 10), 3), lineFor(await product(app, 10), 3)]);
    const [first, second] = other.lines;
    const refund = (id: string) => post(other, 'shortage', { lines: [{ id, resolution: 'refund', quantity: 1 }] });
    expectStatus(await refund(first.id), 201);
    expectStatus(await refund(first.id), 200);
    expectStatus(await refund(second.id), 201);
    book.clock.advance(60_000);
    await pickSome(app, other, [1, 2]);
    const late = expectStatus(await post(other, 'shortage', { resolution: 'refund' }), 201).body;
    expect(late.lines).toMatchObject([{ lineId: first.id, quantity: 1 }]);
    expect((await read(app, other)).lines.map((line: Body) => line.cancelledQuantity)).toEqual([2, 1]);
  });

  it('is answered what it got, at each door, when it walks through what is done', async () => {
    const [sku, mint] = [await product(app, 20), await product(app, 20)];
    const order = await orderOf(app, [lineFor(sku, 9)]);
    const [{ id }] = order.lines;
    const asked: [door: string, body: Body][] = [
      ['backorders', { lines: [{ id, quantity: 2 }] }],
      ['short_lines', { lines: [{ id, quantity: 3 }] }],
      ['substitutions', { lineId: id, sku: mint, quantity: 1, pricePolicy: 'keep', consent: CONSENT }],
      ['shortage', { lines: [{ id, quantity: 1, resolution: 'refund' }] }],
    ];
    const first: Body[] = [];
    for (const [door, body] of asked) first.push(expectStatus(await post(order, door, body), 201).body);
    const { version } = await read(app, order);
    for (const [n, [door, body]] of asked.entries()) {
      const again = expectStatus(await post(order, door, body), 200).body;
      expect(again).toMatchObject({ changed: false, lines: first[n]?.lines });
    }
    expect(await read(app, order)).toMatchObject({ version, lines: [{ cancelledQuantity: 4 }, { quantity: 1 }] });
    const other = { lineId: id, sku: await product(app, 5), quantity: 1, pricePolicy: 'keep', consent: CONSENT };
    expectStatus(await post(order, 'substitutions', other), 201);
    run = `${run}_next`;
    expectStatus(await post(order, 'short_lines', { lines: [{ id, quantity: 1 }] }), 201);
  });

  it('takes nothing off the bill that is there: a line of which nothing is missing needs its quantity', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 3), lineFor(await product(app, 10), 2)]);
    const [one, two] = order.lines;
    await pickSome(app, order, [1, 0]);
    expectStatus(await post(order, 'short_lines', { lines: [{ id: one.id, quantity: 2 }] }), 201);
    const lines = [
      { id: two.id, resolution: 'backorder' },
      { id: one.id, resolution: 'refund' },
    ];
    const { status, body } = await post(order, 'shortage', { lines });
    expect([status, body.code, body.errors[0].path]).toEqual([409, 'SHORTAGE_CHANGED', 'lines[1].id']);
    const fresh = await orderOf(app, [lineFor(await product(app, 10), 3)]);
    const [{ id }] = fresh.lines;
    expect((await post(fresh, 'shortage', { lines: [{ id, resolution: 'refund' }] })).body.code).toBe(
      'SHORTAGE_CHANGED',
    );
    expect((await read(app, fresh)).lines[0].cancelledQuantity).toBe(0);
    expectStatus(await post(fresh, 'shortage', { lines: [{ id, resolution: 'refund', quantity: 1 }] }), 201);
  });

  it('takes several answers for one line only with the units of each', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 4)]);
    const [{ id }] = order.lines;
    await pickSome(app, order, [1]);
    const lines = [
      { id, resolution: 'refund', quantity: 1 },
      { id, resolution: 'backorder' },
    ];
    const { status, body } = await post(order, 'shortage', { lines });
    expect([status, body.errors.map((one: Body) => one.path)]).toEqual([422, ['lines[1].quantity']]);
    const full = [lines[0], { ...lines[1], quantity: 2 }];
    expectStatus(await post(order, 'shortage', { lines: full }), 201);
    expect((await read(app, order)).lines[0]).toMatchObject({ cancelledQuantity: 1, backorderedQuantity: 2 });
  });

  it('locks the goods of the order and their substitutes at once, whatever the order of the answers', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 3), lineFor(await product(app, 10), 3)]);
    const mint = await product(app, 10);
    const [one, two] = order.lines;
    await app.settled();
    const lock = jest.spyOn(UnitOfWork.prototype, 'lock');
    const lines = [
      { id: two.id, resolution: 'substitute', quantity: 1, sku: mint, pricePolicy: 'keep', consent: CONSENT },
      { id: one.id, resolution: 'refund', quantity: 1 },
    ];
    expectStatus(await post(order, 'shortage', { lines }), 201);
    const locked = lock.mock.calls
      .filter(([table]) => table.name === 'stock_levels')
      .map(([, , params]) => params?.ids);
    lock.mockRestore();
    expect(locked.length).toBeGreaterThan(1);
    const [first = [], ...rest] = locked as string[][];
    expect(first).toEqual([...new Set(first)].sort());
    expect(first).toHaveLength(3);
    expect(rest.flat().filter((id) => !first.includes(id))).toEqual([]);
  });

  it('puts right what a line waits for where its reservation no longer does', async () => {
    const order = await orderOf(app, [lineFor(await product(app, 10), 4)]);
    const [{ id }] = order.lines;
    const { workroom } = app.service;
    await workroom.command(workroom.systemCaller('test'), (ctx) =>
      ctx.execute('UPDATE order_lines SET backordered_quantity = 2 WHERE id = :id', { id }),
    );
    expectStatus(await post(order, 'short_lines', { lines: [{ id, quantity: 1 }] }), 201);
    expect((await read(app, order)).lines[0]).toMatchObject({ cancelledQuantity: 1, backorderedQuantity: 0 });
  });
});
