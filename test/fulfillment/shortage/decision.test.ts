import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move } from '../../support/shop';
import { mailsTo, reach, readOrder, startFloor } from '../floor';
import {
  type Body,
  CONSENT,
  lineFor,
  orderOf,
  pickSome,
  product,
  shortageOf,
} from '../../orders/shortage/shortage-floor';

const MANAGER = { name: 'Mina Akter', email: 'mina@example.com', role: 'store_manager', storeIds: [] };
let actions = 0;

describe.each(DATABASES)('Asking a manager what becomes of missing goods, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
    expectStatus(await app.post('/users', MANAGER), 201);
  });
  afterEach(async () => {
    await app.settled();
    await expectIntegrity(app);
  });
  afterAll(() => app.close());

  async function shortOrder(units = 3, found = 1): Promise<Body> {
    const category = `c${(actions += 1)}-${kind}`;
    const sku = await product(app, 10, { category });
    await product(app, 10, { category, name: 'Black tea', priceMinor: 60_000 });
    const order = await orderOf(app, [lineFor(sku, units)], { shippingMinor: 6_000, notes: 'call first' });
    await pickSome(app, order, [found]);
    return order;
  }
  const ask = (order: Body, body: Body = {}, options = {}) =>
    app.post(`/orders/${order.id}/shortage_decision`, body, options);
  const open = async (task: Body): Promise<string> => (await fetch(reach(app, task.url))).text();
  const submit = (task: Body, fields: Record<string, string>): Promise<Response> =>
    fetch(`${reach(app, task.url)}/decide`, {
      method: 'POST',
      body: new URLSearchParams({ clientActionId: `decide-${(actions += 1)}`, ...fields }),
      redirect: 'manual',
    });
  const said = async (answer: Response): Promise<string> =>
    /<p id="said"[^>]*>([^<]*)/.exec(await answer.text())?.[1] ?? '';
  const choices = (html: string): string[] =>
    [...html.matchAll(/name="choice_[^"]*" value="([^"]*)"/g)].map((one) => one[1] ?? '');
  const taskNow = async ({ id }: Body): Promise<Body> => (await app.get(`/tasks/${id}`)).body;

  it('mails a manager what is missing, once, however often it is asked', async () => {
    const order = await shortOrder();
    const task = expectStatus(await ask(order), 201).body;
    expect(task).toMatchObject({ kind: 'shortage_decision', status: 'open', assigneeEmail: MANAGER.email, lines: [] });
    expect(expectStatus(await ask(order), 200).body.id).toBe(task.id);
    const mails = (await mailsTo(app, MANAGER.email)).filter(({ subject }) => String(subject).includes(order.number));
    expect(mails).toHaveLength(1);
    expect(JSON.stringify(mails[0])).toContain('Missing: 2 × Thing');
    expect(JSON.stringify(mails[0])).toContain(task.url);
  });

  it('shows three answers with their money and stock, and reading it changes nothing', async () => {
    const order = await shortOrder();
    const task = expectStatus(await ask(order), 201).body;
    await app.settled();
    const { body: before } = await app.get(`/orders/${order.id}`);
    let html = '';
    for (let n = 0; n < 10; n += 1) html = await open(task);
    for (const shown of [
      'Wait',
      'Replace',
      'Refund',
      'first in the queue',
      'no date known',
      '10 there',
      'BDT 1,000.00',
      'to pay back',
    ])
      expect(html).toContain(shown);
    expect(html).toContain('Black tea');
    expect(html).toContain('BDT 200.00 more');
    expect(html).not.toContain('Rahima');
    expect((await app.get(`/orders/${order.id}`)).body).toEqual(before);
    expect(await taskNow(task)).toMatchObject({ version: 1, status: 'open' });
  });

  it('lets the customer wait until a date', async () => {
    const order = await shortOrder();
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    const answer = await submit(task, {
      [`seen_${line.id}`]: '2',
      [`answer_${line.id}`]: 'backorder',
      [`expected_${line.id}`]: '2090-01-31',
    });
    expect(answer.status).toBe(303);
    expect(await taskNow(task)).toMatchObject({
      status: 'done',
      result: {
        resolution: 'backorder',
        lines: [{ lineId: line.id, quantity: 2, expectedAt: '2090-01-31T18:00:00.000Z' }],
      },
    });
    expect(await said(await fetch(reach(app, task.url)))).toBe(
      'Decided: the customer waits for it. There is nothing more to do.',
    );
    expect((await readOrder(app, order.id)).lines[0].backorderedQuantity).toBe(2);
  });

  it('sends another product at the price that was shown and agreed to', async () => {
    const order = await shortOrder();
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    const dearer = choices(await open(task)).find((value) => value.includes('|new|')) ?? '';
    const fields = { [`seen_${line.id}`]: '2', [`answer_${line.id}`]: 'substitute', [`choice_${line.id}`]: dearer };
    const unasked = await submit(task, fields);
    expect([unasked.status, await said(unasked)]).toEqual([409, expect.stringContaining('more. Ask, and give')]);
    const forged = {
      ...fields,
      [`choice_${line.id}`]: dearer.replace(/\d+$/, '1'),
      [`consent_${line.id}`]: 'yes',
      [`how_${line.id}`]: 'by phone',
    };
    expect((await submit(task, forged)).status).toBe(409);
    expect(
      (await submit(task, { ...fields, [`consent_${line.id}`]: 'yes', [`how_${line.id}`]: 'by phone' })).status,
    ).toBe(303);
    const after = await readOrder(app, order.id);
    expect(after).toMatchObject({
      balanceDueMinor: 20_000,
      lines: [{ substitutedQuantity: 2 }, { quantity: 2, unitPriceMinor: 60_000 }],
    });
    expect(await taskNow(task)).toMatchObject({
      result: { resolution: 'substitute', lines: [{ consent: { how: 'by phone', upToMinor: 20_000 } }] },
    });
  });

  it('keeps the old price on a manager’s word when nobody asked the customer', async () => {
    const order = await shortOrder();
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    const kept = choices(await open(task)).find((value) => value.includes('|keep|')) ?? '';
    const fields = { [`seen_${line.id}`]: '2', [`answer_${line.id}`]: 'substitute', [`choice_${line.id}`]: kept };
    const silent = await submit(task, fields);
    expect([silent.status, await said(silent)]).toEqual([422, expect.stringContaining('The customer has not agreed')]);
    expect((await submit(task, { ...fields, [`override_${line.id}`]: 'agreed at checkout' })).status).toBe(303);
    expect(await taskNow(task)).toMatchObject({
      result: { lines: [{ differenceMinor: 0, consent: { overriddenBecause: 'agreed at checkout' } }] },
    });
  });

  it('refunds everything, ends the order and its own task with it', async () => {
    const order = await shortOrder(2, 0);
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    expect(await open(task)).toContain('BDT 1,060.00 go off the bill');
    expect(
      (await submit(task, { [`seen_${line.id}`]: '2', [`answer_${line.id}`]: 'refund', note: 'sold out for good' }))
        .status,
    ).toBe(303);
    await app.settled();
    expect(await readOrder(app, order.id)).toMatchObject({ status: 'cancelled', refundsPayableMinor: 106_000 });
    expect(await taskNow(task)).toMatchObject({
      status: 'done',
      note: 'sold out for good',
      result: { resolution: 'refund' },
    });
  });

  it('refuses an answer to what has changed since, and a click too many changes nothing', async () => {
    const order = await shortOrder();
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    const fields = { [`seen_${line.id}`]: '2', [`answer_${line.id}`]: 'refund' };
    await app.post(`/orders/${order.id}/short_lines`, { lines: [{ id: line.id, quantity: 1 }], reason: 'one broke' });
    const late = await submit(task, fields);
    expect([late.status, await said(late)]).toEqual([
      409,
      expect.stringContaining('has changed since you opened the page'),
    ]);
    const now = { ...fields, [`seen_${line.id}`]: '1', clientActionId: `twice-${kind}` };
    const answers = await Promise.all([submit(task, now), submit(task, now)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect((await readOrder(app, order.id)).lines[0].cancelledQuantity).toBe(2);
  });

  it('only ends when the goods were found meanwhile', async () => {
    const order = await shortOrder();
    const task = expectStatus(await ask(order), 201).body;
    const path = `/orders/${order.id}/items/${order.lines[0].id}/status`;
    expectStatus(await app.put(path, { status: 'prepared' }), 200);
    expect(await open(task)).toContain('Nothing of this order is missing any more');
    expect((await submit(task, {})).status).toBe(303);
    expect(await taskNow(task)).toMatchObject({ status: 'done', result: { resolution: 'none' } });
  });

  it.each([
    ['without an answer', {}, 422, 'Choose what becomes of each line.'],
    ['with an answer there is not', { answer: 'burn' }, 422, 'Choose what becomes of each line.'],
    ['with a substitute nobody chose', { answer: 'substitute' }, 422, 'Choose what is sent instead.'],
    ['with a date that is none', { answer: 'backorder', expected: 'soon' }, 422, 'Write the date as 2026-11-30.'],
    [
      'with a date that is over',
      { answer: 'backorder', expected: '2020-01-01' },
      422,
      'The goods are expected at a time to come. Leave expectedAt out when nobody knows.',
    ],
    [
      'with a product there is not',
      { answer: 'substitute', choice: 'NOPE|keep|0', consent: 'yes', how: 'by phone' },
      422,
      'There is no product NOPE. Add it with POST /api/v1/products or correct the SKU.',
    ],
  ])('says on the page what is wrong %s, and keeps what was filled in', async (_what, given, status, sentence) => {
    const order = await shortOrder();
    const [line] = order.lines;
    const task = expectStatus(await ask(order), 201).body;
    const fields = Object.fromEntries(
      Object.entries({ seen: '2', ...given }).map(([name, value]) => [`${name}_${line.id}`, value]),
    );
    const answer = await submit(task, { ...fields, note: 'because of the rain' });
    const html = await answer.text();
    expect([answer.status, /<p id="said"[^>]*>([^<]*)/.exec(html)?.[1]]).toEqual([status, sentence]);
    expect(html).toContain('because of the rain');
    expect((await readOrder(app, order.id)).version).toBe(order.version + 1);
  });

  it('may be decided by a program with a manager’s rights, and by nobody with less', async () => {
    const order = await shortOrder();
    const [line] = order.lines;
    const picker = await app.keyFor('fulfillment_specialist');
    const task = expectStatus(await ask(order, {}, { apiKey: picker }), 201).body;
    expect(task.url).toBeUndefined();
    const path = `/tasks/${task.id}/shortage_decision`;
    const body = { lines: [{ id: line.id, resolution: 'substitute', consent: CONSENT }] };
    expect(await app.post(path, body, { apiKey: picker })).toMatchObject({
      status: 403,
      body: { code: 'ROLE_NOT_ALLOWED' },
    });
    expect(await app.post(`/tasks/${task.id}/complete`, { allDone: true }, { apiKey: picker })).toMatchObject({
      status: 403,
    });
    expect(await app.post(`/tasks/${task.id}/complete`, { allDone: true })).toMatchObject({
      status: 422,
      body: { code: 'ANSWER_MISSING', errors: [{ path: 'lines' }] },
    });
    expect(expectStatus(await app.post(path, body), 200).body).toMatchObject({
      status: 'done',
      result: { resolution: 'substitute' },
    });
    expect(await app.post(path, body)).toMatchObject({ status: 200, body: { changed: false } });
  });

  it('is not asked of somebody who may not decide, nor of nothing, nor twice for one event', async () => {
    const apiKey = await app.keyFor('fulfillment_specialist');
    const order = await shortOrder();
    expect(await ask(order, { assigneeEmail: 'picker@example.com' }, { apiKey })).toMatchObject({
      status: 403,
      body: { code: 'ASSIGNEE_MAY_NOT_DECIDE', errors: [{ path: 'assigneeEmail' }] },
    });
    expect(await ask(order, { role: 'cashier' })).toMatchObject({ status: 422, body: { errors: [{ path: 'role' }] } });
    expect(await ask(order, { dueAt: 'soon' })).toMatchObject({ status: 422, body: { errors: [{ path: 'dueAt' }] } });
    const task = expectStatus(await ask(order, { event: 'event-1' }), 201).body;
    await app.post(`/tasks/${task.id}/shortage_decision`, { lines: [{ id: order.lines[0].id, resolution: 'refund' }] });
    expect(expectStatus(await ask(order, { event: 'event-1' }), 200).body).toMatchObject({
      id: task.id,
      status: 'done',
    });
    expect(await ask(order, { event: 'event-2' })).toMatchObject({ status: 409, body: { code: 'NOTHING_MISSING' } });
    expect(await ask({ id: 'nope' })).toMatchObject({ status: 404 });
    expect(await shortageOf(app, order)).toMatchObject({ missingUnits: 0 });
  });

  it('ends with the order it is about', async () => {
    const order = await shortOrder();
    const task = expectStatus(await ask(order), 201).body;
    await move(app, order.id, 'cancel', { reason: 'operational', notes: 'shop closes' });
    await app.settled();
    expect(await taskNow(task)).toMatchObject({ status: 'cancelled' });
  });
});
