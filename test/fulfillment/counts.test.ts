import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, stockOf } from '../support/shop';
import { newProduct, orderFor, pick } from '../orders/open-orders';
import { countDesk, MANAGER, startCountFloor } from './count-floor';
import { type Body, lineOf, mailsTo, openPicking, readOrder } from './floor';

describe.each(DATABASES)('Counting a shelf that differs, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startCountFloor(kind);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const { tasksOf, read, findings, open, submit, askCount, count, shortPick } = countDesk(() => app);

  it.each(['not_found', 'wrong_item'])('is asked for when a picking ends short because of %s', async (reason) => {
    const { sku, order } = await shortPick(reason);
    const [task, ...more] = await tasksOf(order, 'count');
    expect(more).toEqual([]);
    expect(task).toMatchObject({ status: 'open', round: 1, details: { products: [{ sku, shelf: 'A-3', reason }] } });
    expect(await tasksOf(order, 'stock_decision')).toEqual([]);
    const [mail] = await mailsTo(app, task!.assigneeEmail);
    expect(mail!.text).toContain('Count');
  });

  it('is blind: neither page, mail nor task says what the record has', async () => {
    const sku = await newProduct(app, 7391);
    const order = await orderFor(app, sku, 1);
    const task = await askCount(order);
    const html = await open(task);
    expect(html).toContain('On the shelf now');
    for (const text of [html, JSON.stringify(await read(task))]) expect(text).not.toMatch(/739[01]/);
  });

  it('that matches ends there, and what was held against what is kept', async () => {
    const sku = await newProduct(app, 40);
    const order = await orderFor(app, sku, 4);
    const task = await askCount(order);
    const done = await count(task, 40);
    expect(done).toMatchObject({
      status: 'done',
      outcome: 'done',
      result: { count: 'matches', differences: 0, lines: [{ sku, onHand: 40, inHand: 0, expected: 40, counted: 40 }] },
    });
    expect(await tasksOf(order, 'stock_decision')).toEqual([]);
    const { body } = await app.get(`/audit?orderId=${order.id}`);
    expect((body.items as Body[]).map(({ action }) => action)).toContain('stock.count');
  });

  it('does not miss what others have picked and not yet sent', async () => {
    const sku = await newProduct(app, 50);
    const [prepared, picking, dispatched, asked] = await Promise.all([5, 4, 3, 1].map((n) => orderFor(app, sku, n)));
    await pick(app, prepared!, 5);
    expectStatus(await app.put(`/orders/${picking!.id}/status`, { move: 'process' }), 200);
    const underWay = await openPicking(app, picking!.id);
    const lines = [{ id: lineOf(underWay, sku).id, doneQuantity: 2 }];
    expectStatus(await app.post(`/tasks/${underWay.id}/items`, { lines }), 200);
    await pick(app, dispatched!, 3);
    expectStatus(await app.post('/inventory/dispatch', { orderId: dispatched!.id }), 200);
    const done = await count(await askCount(asked!), 50 - 5 - 2 - 3);
    expect(done.result).toMatchObject({ count: 'matches', lines: [{ onHand: 47, inHand: 7, expected: 40 }] });
    // They go on: finished, put back, shipped; the shelf is still as it should be.
    expectStatus(await app.post(`/tasks/${underWay.id}/complete`, { allDone: true }), 200);
    expectStatus(await app.post(`/orders/${prepared!.id}/cancel`, { reason: 'operational' }), 200);
    await app.settled();
    const again = await count(await askCount(asked!), 50 - 5 - 4 - 3);
    expect(again.result).toMatchObject({ count: 'matches', lines: [{ onHand: 42, inHand: 4, expected: 38 }] });
    const [putBack] = await tasksOf(prepared!, 'put_back');
    expectStatus(await app.post(`/tasks/${putBack!.id}/complete`, { allDone: true }), 200);
    expect((await count(await askCount(asked!), 43)).result).toMatchObject({ count: 'matches' });
  });

  it('that differs asks a manager, whose yes corrects the record and the books alike', async () => {
    const { sku, order } = await shortPick('not_found');
    const [task] = await tasksOf(order, 'count');
    expect((await count(task!, 7)).result).toMatchObject({
      count: 'differs',
      lines: [{ onHand: 10, inHand: 1, expected: 9, difference: -2 }],
    });
    const [decision] = await tasksOf(order, 'stock_decision');
    expect(decision).toMatchObject({ status: 'open', assigneeEmail: MANAGER.email });
    const [mail] = await mailsTo(app, MANAGER.email);
    expect(mail!.text).toContain('the record says 10, 1 of them are picked, so 9 should lie there');
    const [finding] = await findings(decision!);
    expect(finding).toMatchObject({ kind: 'difference', units: -2, unitsNow: -2, valueMinor: -60_000, counted: 7 });
    const html = await open(decision!);
    for (const shown of ['2 fewer', 'BDT', 'Counted by']) expect(html).toContain(shown);
    const [loss, stockValue] = [await balanceOf(app, '5100'), await balanceOf(app, '1300')];
    const fields = {
      [`decision_${finding!.id}`]: 'accept',
      [`reason_${finding!.id}`]: 'lost',
      [`seen_${finding!.id}`]: '-2',
    };
    expect((await submit(decision!, 'decide', { ...fields, note: 'two are gone' })).status).toBe(303);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 8 });
    expect((await balanceOf(app, '5100')) - loss).toBe(60_000);
    expect(stockValue - (await balanceOf(app, '1300'))).toBe(60_000);
    const decided = await read(decision!);
    expect(decided).toMatchObject({ status: 'done', result: { decision: 'accept', lossMinor: 60_000, gainMinor: 0 } });
    expect((await findings(decision!))[0]).toMatchObject({
      status: 'accepted',
      reason: 'lost',
      decidedBy: MANAGER.name,
    });
    const { body } = await app.get(`/audit?orderId=${order.id}`);
    expect((body.items as Body[]).map(({ action }) => action)).toContain('stock.decide');
    // Pressed again, nothing more is taken.
    await submit(decision!, 'decide', fields);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 8 });
    expect(await open(decision!)).toContain('Accepted: the record says what was found.');
  });

  it('that finds more is a gain', async () => {
    const sku = await newProduct(app, 5);
    const order = await orderFor(app, sku, 1);
    const gain = await balanceOf(app, '4200');
    await count(await askCount(order), 8);
    const [decision] = await tasksOf(order, 'stock_decision');
    expectStatus(await app.post(`/tasks/${decision!.id}/stock_decision`, { decision: 'accept' }), 200);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 8, available: 7 });
    expect(gain - (await balanceOf(app, '4200'))).toBe(90_000);
  });

  it('below what is promised takes it from those who came last', async () => {
    const sku = await newProduct(app, 4);
    const [first, last] = [await orderFor(app, sku, 2), await orderFor(app, sku, 2)];
    await count(await askCount(first), 3);
    const [decision] = await tasksOf(first, 'stock_decision');
    const { body } = await app.post(`/tasks/${decision!.id}/stock_decision`, { decision: 'accept' });
    expect(body.result.findings[0]).toMatchObject({ appliedUnits: -1, backordered: 1 });
    await app.settled();
    const linesOf = async ({ id }: Body) => (await app.get(`/orders/${id}`)).body.lines[0].backorderedQuantity;
    expect([await linesOf(first), await linesOf(last)]).toEqual([0, 1]);
  });

  it('below what is promised leaves the picked units to whoever picked them, although they came last', async () => {
    const sku = await newProduct(app, 6);
    const [first, underWay] = [await orderFor(app, sku, 2), await orderFor(app, sku, 2)];
    const prepared = await orderFor(app, sku, 2);
    await pick(app, prepared, 2);
    await move(app, underWay.id, 'process');
    const picking = await openPicking(app, underWay.id);
    const lines = [{ id: lineOf(picking, sku).id, doneQuantity: 1 }];
    expectStatus(await app.post(`/tasks/${picking.id}/items`, { lines }), 200);
    const backordered = async (): Promise<number[]> => {
      await app.settled();
      const orders = [first, prepared, underWay].map(async ({ id }) => (await readOrder(app, id)).lines[0]);
      return (await Promise.all(orders)).map((line) => line.backorderedQuantity);
    };
    const takeAway = async (delta: number): Promise<void> => {
      const gone = { lines: [{ sku, delta, reason: 'lost' }] };
      expectStatus(await app.post('/inventory/adjustments', gone), 201);
    };
    await takeAway(-2);
    expect((await backordered()).slice(1, 2)).toEqual([0]);
    expect((await backordered()).reduce((sum, units) => sum + units)).toBe(2);
    await takeAway(-1);
    expect(await backordered()).toEqual([2, 0, 1]);
    // Nothing else is left, so it is taken from what is in hand.
    await takeAway(-1);
    expect((await backordered()).reduce((sum, units) => sum + units)).toBe(4);
  });
});
