import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { balanceOf, expectIntegrity, expectStatus, move, stockOf } from '../support/shop';
import { newProduct, orderFor } from '../orders/open-orders';
import { countDesk, SECOND, startCountFloor } from './count-floor';
import { type Body, PICKER, reach } from './floor';
import { confirmedOrders, inWave, startWave } from './wave-floor';

describe.each(DATABASES)('Deciding what the record says, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startCountFloor(kind);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const desk = countDesk(() => app);
  const { tasksOf, read, findings, open, count, askCount } = desk;
  const decide = (task: Body, body: Body) => app.post(`/tasks/${task.id}/stock_decision`, body);
  const shortPick = (reason: string) => desk.shortPick(reason, { assigneeEmail: PICKER.email });

  async function submit(task: Body, form: string, fields: Record<string, string>): Promise<[number, string]> {
    const answer = await desk.submit(task, form, fields);
    return [answer.status, /<p id="said"[^>]*>([^<]*)/.exec(await answer.text())?.[1] ?? ''];
  }

  /** So many on hand by the record, others on the shelf, and a manager who was asked. */
  async function differing(record: number, counted: number, more: Body = {}) {
    const sku = await newProduct(app, record);
    const order = await orderFor(app, sku, 1);
    const task = await askCount(order, more);
    await count(task, counted);
    const [decision] = await tasksOf(order, 'stock_decision');
    return { sku, order, task, decision: decision! };
  }

  it.each([
    ['damaged', 'damaged'],
    ['expired', 'past its date'],
  ])('%s units that a picking saw are written off once a manager agrees', async (reason, words) => {
    const { sku, order } = await shortPick(reason);
    expect(await tasksOf(order, 'count')).toEqual([]);
    const [decision] = await tasksOf(order, 'stock_decision');
    expect(decision!.instructions).toContain(`2 seen ${words} by ${PICKER.name}. Write off?`);
    expect(await findings(decision!)).toMatchObject([{ kind: reason, units: -2, note: 'box is wet', counted: null }]);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10 });
    const loss = await balanceOf(app, '5100');
    expect((await decide(decision!, { decision: 'accept', note: 'thrown away' })).body.result).toMatchObject({
      decision: 'accept',
      lossMinor: 60_000,
    });
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 8 });
    expect((await balanceOf(app, '5100')) - loss).toBe(60_000);
    expect((await findings(decision!))[0]).toMatchObject({ reason, appliedUnits: -2 });
  });

  it('damaged units are not missed a second time by whoever counts meanwhile', async () => {
    const { sku, order } = await shortPick('damaged');
    const [decision] = await tasksOf(order, 'stock_decision');
    const task = expectStatus(await app.post('/tasks', { kind: 'count', orderId: order.id }), 201).body;
    expect((await count(task, 6)).result).toMatchObject({
      differences: 1,
      lines: [{ onHand: 10, inHand: 1, setForWriteOff: 2, expected: 7, difference: -1 }],
    });
    expect((await findings(decision!)).map(({ units }) => units)).toEqual([-2, -1]);
    expectStatus(await decide(decision!, { decision: 'accept' }), 200);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 7 });
  });

  it('doubted, it is counted again by somebody else, and comes back if it still differs', async () => {
    const { order, task, decision } = await differing(10, 8, { assigneeEmail: PICKER.email });
    expectStatus(await decide(decision, { decision: 'recount' }), 200);
    const [again] = await tasksOf(order, 'count');
    expect(again).toMatchObject({ round: 2, status: 'open', assigneeEmail: SECOND.email });
    expect(task.assigneeEmail).toBe(PICKER.email);
    expect((await count(again!, 9)).result.count).toBe('differs');
    expect(await tasksOf(order, 'stock_decision')).toMatchObject([{ round: 2, status: 'open' }, { status: 'done' }]);
  });

  it('left as it is, it needs a reason and changes nothing', async () => {
    const { sku, decision } = await differing(10, 8);
    const silent = await decide(decision, { decision: 'leave' });
    expect([silent.status, silent.body.code, silent.body.errors[0].path]).toEqual([422, 'NOTE_MISSING', 'note']);
    expectStatus(await decide(decision, { decision: 'leave', note: 'found at the desk' }), 200);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 10 });
    expect(await findings(decision)).toMatchObject([{ status: 'left', appliedUnits: 0 }]);
  });

  it('a manager never accepts another figure than the one in view', async () => {
    const { sku, decision } = await differing(10, 7);
    const [finding] = await findings(decision);
    const fields = {
      [`decision_${finding!.id}`]: 'accept',
      [`reason_${finding!.id}`]: 'count',
      [`seen_${finding!.id}`]: '-3',
    };
    expectStatus(await app.post('/inventory/receipts', { lines: [{ sku, quantity: 5, unitCostMinor: 30_000 }] }), 201);
    expect((await findings(decision))[0]).toMatchObject({ units: -3, unitsNow: -3 });
    expectStatus(await app.post('/inventory/adjustments', { lines: [{ sku, delta: -1, reason: 'lost' }] }), 201);
    expect((await findings(decision))[0]).toMatchObject({ units: -3, unitsNow: -2 });
    expect(await open(decision)).toContain('what was 3 fewer is 2 fewer now');
    const [status, said] = await submit(decision, 'decide', fields);
    expect([status, said]).toEqual([409, expect.stringContaining('Look again, then decide.')]);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 14 });
    expect((await submit(decision, 'decide', { ...fields, [`seen_${finding!.id}`]: '-2' }))[0]).toBe(303);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 12 });
  });

  it('two counts of one shelf correct it once', async () => {
    const sku = await newProduct(app, 10);
    const decisions = [];
    for (const order of [await orderFor(app, sku, 1), await orderFor(app, sku, 1)]) {
      await count(expectStatus(await app.post('/tasks', { kind: 'count', orderId: order.id }), 201).body, 8);
      decisions.push((await tasksOf(order, 'stock_decision'))[0]!);
    }
    const answers = await Promise.all(decisions.map((task) => decide(task, { decision: 'accept' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await stockOf(app, sku)).toMatchObject({ onHand: 8 });
  });

  it('a manager’s override of missing stock has the shelf counted, once', async () => {
    const sku = await newProduct(app, 1);
    await orderFor(app, sku, 1);
    const order = await orderFor(app, sku, 2, { allowBackorder: true });
    expect((await app.put(`/orders/${order.id}/status`, { move: 'process' })).body.code).toBe('STOCK_NOT_RESERVED');
    const overrides = [{ guard: 'stock', reason: 'two more in the back' }];
    const gain = await balanceOf(app, '4200');
    await move(app, order.id, 'process', { overrides });
    expect(gain - (await balanceOf(app, '4200'))).toBe(60_000);
    const [task, ...more] = await tasksOf(order, 'count');
    expect([task!.details.products, more]).toMatchObject([[{ sku, reason: 'found' }], []]);
    expect(task!.instructions).toContain('2 × Green tea 100 g found that the record did not know.');
    expect((await count(task!, 3)).result).toMatchObject({ count: 'matches', lines: [{ onHand: 3 }] });
  });

  it('people ask for counts of any products, and an open count takes more of them in', async () => {
    const [first, second] = [await newProduct(app, 5), await newProduct(app, 5)];
    const order = await orderFor(app, first, 1);
    const asked = { kind: 'count', orderId: order.id };
    const task = expectStatus(await app.post('/tasks', { ...asked, skus: [second] }), 201).body;
    expect(task.details.products.map(({ sku }: Body) => sku)).toEqual([second]);
    const same = expectStatus(await app.post('/tasks', { ...asked, skus: [first, second] }), 200).body;
    expect([same.id, same.details.products.map(({ sku }: Body) => sku)]).toEqual([task.id, [second, first]]);
    const unknown = expectStatus(await app.post('/tasks', { ...asked, skus: ['NO-SUCH'] }), 422).body;
    expect([unknown.code, unknown.errors[0].path]).toEqual(['SKU_UNKNOWN', 'skus[0]']);
    const picking = await app.post('/tasks', { kind: 'picking', orderId: order.id, skus: [first] });
    expect([picking.status, picking.body.errors[0].path]).toEqual([422, 'skus']);
  });

  it('a wave’s trolley is no gap on the shelf', async () => {
    const sku = await newProduct(app, 20);
    const orders = await confirmedOrders(app, [{ [sku]: 2 }, { [sku]: 3 }]);
    const wave = await startWave(app, orders);
    await inWave(app, wave.id, 'collect', { code: sku, quantity: 4 });
    await inWave(app, wave.id, 'sort', { code: sku, quantity: 1 });
    const task = expectStatus(await app.post('/tasks', { kind: 'count', orderId: orders[0]!.id }), 201).body;
    expect((await count(task, 16)).result).toMatchObject({ count: 'matches', lines: [{ onHand: 20, inHand: 4 }] });
  });

  it('units on a wave’s trolley stay with its orders while others have units that nobody took', async () => {
    const sku = await newProduct(app, 8);
    const [waits, ...picked] = await confirmedOrders(app, [{ [sku]: 3 }, { [sku]: 2 }, { [sku]: 3 }]);
    const wave = await startWave(app, picked);
    await inWave(app, wave.id, 'collect', { code: sku, quantity: 5 });
    await inWave(app, wave.id, 'sort', { code: sku, quantity: 1 });
    expectStatus(await app.post('/inventory/adjustments', { lines: [{ sku, delta: -3, reason: 'lost' }] }), 201);
    await app.settled();
    const read = await Promise.all([waits!, ...picked].map(({ id }) => app.get(`/orders/${id}`)));
    expect(read.map(({ body }) => body.lines[0].backorderedQuantity)).toEqual([3, 0, 0]);
  });

  describe('refuses, and keeps nothing:', () => {
    let task: Body;
    let decision: Body;
    beforeAll(async () => {
      const sku = await newProduct(app, 9);
      const order = await orderFor(app, sku, 1);
      task = expectStatus(await app.post('/tasks', { kind: 'count', orderId: order.id }), 201).body;
      decision = (await differing(10, 8)).decision;
    });
    const lineId = async (): Promise<string> => (await read(task)).details.products[0].id;

    it.each([
      ['a count of nothing', { lines: [] }, 409, 'COUNT_MISSING', 'lines'],
      ['a line there is not', { lines: [{ id: 'nowhere', counted: 1 }] }, 422, 'LINE_NOT_FOUND', 'lines[0].id'],
      ['fewer than none', { lines: [{ id: 'ID', counted: -1 }] }, 422, 'VALIDATION_FAILED', 'lines[0].counted'],
      ['half a unit', { lines: [{ id: 'ID', counted: 1.5 }] }, 422, 'VALIDATION_FAILED', 'lines[0].counted'],
      ['too many', { lines: [{ id: 'ID', counted: 1_000_001 }] }, 422, 'VALIDATION_FAILED', 'lines[0].counted'],
      [
        'a line twice',
        {
          lines: [
            { id: 'ID', counted: 1 },
            { id: 'ID', counted: 2 },
          ],
        },
        422,
        'VALIDATION_FAILED',
        'lines',
      ],
      ['no list', {}, 422, 'VALIDATION_FAILED', 'lines'],
      ['a field there is not', { lines: [], system: 4 }, 422, 'VALIDATION_FAILED', 'system'],
    ])('%s', async (_what, body, status, code, path) => {
      const sent = JSON.parse(JSON.stringify(body).replaceAll('"ID"', JSON.stringify(await lineId())));
      const answer = await app.post(`/tasks/${task.id}/count`, sent);
      expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([status, code, path]);
      expect(await read(task)).toMatchObject({ status: 'open', result: null });
    });

    it.each([
      ['nothing typed', '', 'type how many lie on the shelf; 0 if none.'],
      ['words', 'some', 'type a whole number of units'],
      ['fewer than none', '-1', 'type a whole number of units'],
      ['a fraction', '1.5', 'type a whole number of units'],
      ['far too many', '99999999', 'type a whole number of units'],
    ])('on the page: %s, and shows it as it was typed', async (_what, typed, sentence) => {
      const id = await lineId();
      const body = new URLSearchParams({
        clientActionId: `typed-${typed}`.replace(/\W/g, '-'),
        [`counted_${id}`]: typed,
      });
      const answer = await fetch(`${reach(app, task.url)}/count`, { method: 'POST', body });
      const html = await answer.text();
      expect([answer.status, html]).toEqual([422, expect.stringContaining(sentence)]);
      expect(html).toContain(`name="counted_${id}" value="${typed}"`);
      expect((await read(task)).status).toBe('open');
    });

    it.each([
      [
        'a finish without figures',
        () => app.post(`/tasks/${task.id}/complete`, { allDone: true }),
        409,
        'COUNT_MISSING',
      ],
      [
        'a decision without a word',
        () => app.post(`/tasks/${decision.id}/complete`, { allDone: true }),
        409,
        'DECISION_MISSING',
      ],
      ['a decision on a count', () => decide(task, { decision: 'accept' }), 409, 'TASK_KIND_WRONG'],
      ['a count of a decision', () => app.post(`/tasks/${decision.id}/count`, { lines: [] }), 409, 'TASK_KIND_WRONG'],
      ['neither one decision nor several', () => decide(decision, {}), 422, 'VALIDATION_FAILED'],
      ['another decision', () => decide(decision, { decision: 'perhaps' }), 422, 'VALIDATION_FAILED'],
      ['another reason', () => decide(decision, { decision: 'accept', reason: 'whim' }), 422, 'VALIDATION_FAILED'],
      [
        'a choice for something else',
        () => decide(decision, { choices: [{ id: 'x', decision: 'accept' }] }),
        409,
        'DECISION_MISSING',
      ],
      ['a task there is not', () => decide({ id: 'none' }, { decision: 'accept' }), 404, 'TASK_NOT_FOUND'],
    ])('%s', async (_what, ask, status, code) => {
      const answer = await ask();
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(await read(decision)).toMatchObject({ status: 'open' });
    });

    it('a decision by those who do not decide', async () => {
      for (const role of ['fulfillment_specialist', 'cashier', 'customer_service', 'reporting']) {
        const apiKey = await app.keyFor(role);
        const answer = await app.post(`/tasks/${decision.id}/stock_decision`, { decision: 'accept' }, { apiKey });
        expect([role, answer.status]).toEqual([role, 403]);
      }
      expect(await submit(decision, 'decide', {})).toEqual([
        422,
        'Choose what to do: accept, count again or leave it.',
      ]);
    });
  });
});
