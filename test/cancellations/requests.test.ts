import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, pay, placeOrder, stockOf } from '../support/shop';
import {
  type Body,
  lineOf,
  mailsTo,
  openPicking,
  orderInProcess,
  PICKER,
  reach,
  readOrder,
  startFloor,
} from '../fulfillment/floor';
import { confirmedOrders, inWave, startWave } from '../fulfillment/wave-floor';
import { AT_REQUEST } from './cancelling';

const MANAGER = { name: 'Moushumi', email: 'boss@example.com', role: 'store_manager', storeIds: [] };
let clicks = 0;

describe.each(DATABASES)('A request to cancel, on %s', (kind) => {
  let app: TestApp;
  let desk: string;
  let floor: string;
  let manager: string;
  beforeAll(async () => {
    app = await startFloor(kind);
    expectStatus(await app.post('/users', MANAGER), 201);
    desk = await app.keyFor('customer_service');
    floor = await app.keyFor('fulfillment_specialist');
    manager = await app.keyFor('store_manager');
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const ask = (order: Body, body: Body = {}, apiKey = manager) =>
    app.post(
      `/orders/${order.id}/cancellation_requests`,
      { reason: 'operational', note: 'no van', requesterEmail: 'asker@example.com', ...body },
      { apiKey },
    );
  const decide = (request: Body, decision: string, note = 'as agreed', apiKey?: string) =>
    app.post(`/cancellation-requests/${request.id}/decision`, { decision, note }, { apiKey });
  const tasksOf = async (order: Body, taskKind: string): Promise<Body[]> => {
    await app.settled();
    return (await app.get(`/tasks?orderId=${order.id}&kind=${taskKind}`)).body.items;
  };
  const requestOf = async (order: Body): Promise<Body> =>
    (await app.get(`/cancellation-requests?orderId=${order.id}`)).body.items[0];
  const subjectsTo = async (email: string, number: string): Promise<string[]> =>
    (await mailsTo(app, email)).map(({ subject }) => String(subject)).filter((subject) => subject.includes(number));

  function submit(task: Body, form: string, fields: Record<string, string>): Promise<Response> {
    clicks += 1;
    const body = new URLSearchParams({ clientActionId: `ask-${clicks}`, ...fields });
    return fetch(`${reach(app, task.url)}/${form}`, { method: 'POST', body, redirect: 'manual' });
  }

  /** In processing, with one of two teas picked. */
  async function underWay(): Promise<{ order: Body; picking: Body }> {
    const order = await orderInProcess(app);
    const picking = await openPicking(app, order.id);
    const lines = [{ id: lineOf(picking, 'TEA-01').id, doneQuantity: 1 }];
    expectStatus(await app.post(`/tasks/${picking.id}/items`, { lines }), 200);
    return { order, picking };
  }

  it('cancels at once where nobody works on the order and nobody has to be asked', async () => {
    const order = await placeOrder(app);
    const { body } = expectStatus(await ask(order), 200);
    expect(body).toMatchObject({ status: 'cancelled', changed: true, case: { reason: 'operational', note: 'no van' } });
    expect(await requestOf(order)).toBeUndefined();
  });

  it('holds an order that is worked on, stops everyone at work and asks a manager', async () => {
    const { order, picking } = await underWay();
    const { body } = expectStatus(await ask(order), 202);
    expect(body).toMatchObject({
      id: order.id,
      status: 'processing',
      changed: true,
      approval: { status: 'requested' },
      request: { status: 'requested', reason: 'operational', askedByRole: 'store_manager', fromStatus: 'processing' },
    });
    const [hold] = (await readOrder(app, order.id)).holds;
    expect(hold).toMatchObject({ handle: body.request.holdHandle, reason: 'cancellation_requested' });
    expect(await subjectsTo(PICKER.email, order.number)).toContain(`Stop: order ${order.number}`);
    const [task] = await tasksOf(order, 'cancellation_decision');
    expect(task).toMatchObject({
      id: body.request.taskId,
      assigneeEmail: MANAGER.email,
      details: { requestId: body.request.id },
    });
    for (const fact of ['asks to cancel it: operational: no van', '1 of 3 units picked', 'is owed back', 'is held'])
      expect(task!.instructions).toContain(fact);
    const [mail] = await mailsTo(app, MANAGER.email);
    expect(mail!.text).toContain('asks to cancel it');
    for (const path of ['complete', 'items', 'scan']) {
      const answer = await app.post(
        `/tasks/${picking.id}/${path}`,
        {
          complete: { allDone: true },
          items: { lines: [{ id: lineOf(picking, 'TEA-01').id, doneQuantity: 2 }] },
          scan: { code: 'CUP-01' },
        }[path],
      );
      expect([path, answer.status, answer.body.code]).toEqual([path, 409, 'ORDER_ON_HOLD']);
      expect(answer.body.detail).toContain(`Stop: somebody asked to cancel order ${order.number}.`);
    }
    const page = await (await fetch(reach(app, picking.url))).text();
    expect(page).toContain('Stop:');
    expect(lineOf((await app.get(`/tasks/${picking.id}`)).body, 'TEA-01').doneQuantity).toBe(1);
  });

  it('by a key that could decide says who asks, and by nobody in particular nothing is kept', async () => {
    const { order } = await underWay();
    for (const apiKey of [manager, undefined]) {
      const { status, body } = await ask(order, { requesterEmail: undefined }, apiKey);
      expect([status, body.code, body.errors[0].path]).toEqual([422, 'REQUESTER_REQUIRED', 'requesterEmail']);
    }
    expect(await requestOf(order)).toBeUndefined();
    expect((await readOrder(app, order.id)).holds).toEqual([]);
    expectStatus(await ask(order, { ...AT_REQUEST, requesterEmail: undefined }, desk), 202);
  });

  it('asked again, by anybody, is the one request that is open', async () => {
    const { order } = await underWay();
    const answers = await Promise.all([1, 2, 3].map((n) => ask(order, { note: `try ${n}` })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.approval.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
    expect((await readOrder(app, order.id)).holds).toHaveLength(1);
  });

  it('approved on its page cancels the order, and what was picked is put back', async () => {
    const { order } = await underWay();
    const before = await stockOf(app);
    const { body } = expectStatus(await ask(order, { requesterEmail: 'Desk@Example.com' }), 202);
    const [task] = await tasksOf(order, 'cancellation_decision');
    for (let n = 0; n < 3; n += 1) {
      const html = await (await fetch(reach(app, task!.url))).text();
      for (const shown of [
        '2 × TEA-01: free to be sold again',
        'Sales Revenue',
        'is owed back to the customer',
        'no van',
      ])
        expect(html).toContain(shown);
    }
    expect((await readOrder(app, order.id)).status).toBe('processing');
    expect((await submit(task!, 'decide', { decision: 'approve', note: '' })).status).toBe(303);
    expect(await (await fetch(reach(app, task!.url))).text()).toContain('The order is cancelled.');
    const cancelled = await readOrder(app, order.id);
    expect(cancelled).toMatchObject({ status: 'cancelled', holds: [], cancellation: { reason: 'operational' } });
    const request = await requestOf(order);
    expect(request).toMatchObject({
      id: body.request.id,
      status: 'approved',
      decidedBy: MANAGER.name,
      caseId: cancelled.cancellation.id,
    });
    expect(await tasksOf(order, 'put_back')).toMatchObject([{ status: 'open', progress: { units: 1 } }]);
    expect(await tasksOf(order, 'picking')).toMatchObject([{ status: 'cancelled' }]);
    expect((await stockOf(app)).reserved).toBe(before.reserved - 2);
    expect(await subjectsTo(PICKER.email, order.number)).toContain(`Order ${order.number} is cancelled`);
    expect(await subjectsTo('desk@example.com', order.number)).toEqual([
      `Main store: Order ${order.number} is cancelled`,
    ]);
    expect((await app.get(`/tasks/${task!.id}`)).body.result).toMatchObject({
      decision: 'cancel',
      caseId: request.caseId,
    });
  });

  it('rejected lets everyone go on, and may be asked once more', async () => {
    const { order, picking } = await underWay();
    const { body } = expectStatus(await ask(order, { ...AT_REQUEST, requesterEmail: 'desk@example.com' }, desk), 202);
    const [task] = await tasksOf(order, 'cancellation_decision');
    const silent = await submit(task!, 'decide', { decision: 'reject', note: ' ' });
    expect([silent.status, await silent.text()]).toEqual([
      422,
      expect.stringContaining('To let the order go on, write why.'),
    ]);
    const answer = expectStatus(await decide(body.request, 'reject', 'she took it back'), 200);
    expect(answer.body).toMatchObject({ status: 'rejected', changed: true, decisionNote: 'she took it back' });
    expect((await readOrder(app, order.id)).holds).toEqual([]);
    expect(await subjectsTo(PICKER.email, order.number)).toContain(`Go on: order ${order.number}`);
    expect(await subjectsTo('desk@example.com', order.number)).toEqual([
      `Main store: Order ${order.number} is not cancelled`,
    ]);
    expectStatus(await app.post(`/tasks/${picking.id}/complete`, { allDone: true }), 200);
    expect((await decide(body.request, 'reject')).body).toMatchObject({ changed: false, status: 'rejected' });
    expect(await decide(body.request, 'approve')).toMatchObject({ status: 409, body: { code: 'REQUEST_DECIDED' } });
    expect((await ask(order, AT_REQUEST, desk)).body).toMatchObject({
      changed: true,
      approval: { status: 'requested' },
    });
    expect(await tasksOf(order, 'cancellation_decision')).toMatchObject([{ round: 2 }, { round: 1 }]);
  });

  describe('is what those get who may not cancel alone:', () => {
    it.each([
      ['customer service from processing on', () => desk, AT_REQUEST],
      ['the floor always', () => floor, { reason: 'inventory', note: 'broken' }],
    ])('%s', async (_who, key, why) => {
      const { order } = await underWay();
      const { body } = expectStatus(await app.post(`/orders/${order.id}/cancel`, why, { apiKey: key() }), 202);
      expect(body).toMatchObject({ status: 'processing', approval: { status: 'requested' } });
      const { notes: _notes, ...fields } = { ...why, notes: why.note, note: undefined };
      const byMove = await app.put(`/orders/${order.id}/status`, { move: 'cancel', ...fields }, { apiKey: key() });
      expect(byMove).toMatchObject({ status: 202, body: { changed: false, approval: { id: body.approval.id } } });
    });

    it('in as many words as an order takes with its move', async () => {
      const { order } = await underWay();
      const said = { move: 'cancel', reason: 'inventory', notes: 'n'.repeat(2000) };
      const { body } = expectStatus(await app.put(`/orders/${order.id}/status`, said, { apiKey: floor }), 202);
      const { items } = (await app.get(`/cancellation-requests?orderId=${order.id}`)).body;
      expect(items).toMatchObject([{ id: body.approval.id, note: said.notes }]);
    });

    it('but customer service cancels alone what the floor has not seen', async () => {
      const order = await placeOrder(app);
      expectStatus(await app.post(`/orders/${order.id}/cancel`, AT_REQUEST, { apiKey: desk }), 200);
      const other = await placeOrder(app);
      expectStatus(await app.post(`/orders/${other.id}/cancel`, { reason: 'duplicate' }, { apiKey: floor }), 202);
    });

    it('and a store manager and an admin need not ask', async () => {
      for (const apiKey of [manager, undefined]) {
        const { order } = await underWay();
        const { body } = await app.post(`/orders/${order.id}/cancel`, { reason: 'operational' }, { apiKey });
        expect(body).toMatchObject({ status: 'cancelled' });
      }
    });
  });

  it('is not decided by whoever asked, nor by those who decide nothing', async () => {
    const { order } = await underWay();
    const { body } = expectStatus(await ask(order), 202);
    const own = await decide(body.request, 'approve', '', manager);
    expect([own.status, own.body.code]).toEqual([403, 'REQUESTER_DECIDES']);
    for (const apiKey of [desk, floor]) expect((await decide(body.request, 'approve', '', apiKey)).status).toBe(403);
    expect((await readOrder(app, order.id)).status).toBe('processing');
    const byHand = await app.post(`/tasks/${body.request.taskId}/complete`, { allDone: true });
    expect([byHand.status, byHand.body.code]).toEqual([409, 'DECISION_MISSING']);
  });

  it('goes to nobody in particular when the only manager asked', async () => {
    const { order } = await underWay();
    expectStatus(await ask(order, { requesterEmail: MANAGER.email }), 202);
    expect(await tasksOf(order, 'cancellation_decision')).toMatchObject([{ assigneeEmail: null }]);
  });

  it('is over by the fact when the order leaves before the decision', async () => {
    const order = await orderInProcess(app);
    for (const line of order.lines as Body[])
      expectStatus(await app.put(`/orders/${order.id}/items/${line.id}/status`, { status: 'prepared' }), 200);
    await move(app, order.id, 'fulfill');
    const { body } = expectStatus(await ask(order, { ...AT_REQUEST, requesterEmail: 'late@example.com' }, desk), 202);
    const stopped = await app.put(`/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    expect(stopped.body.code).toBe('ORDER_ON_HOLD');
    expectStatus(await app.call('DELETE', `/orders/${order.id}/holds/${body.request.holdHandle}`), 200);
    await move(app, order.id, 'ship', { carrier: 'manual' });
    await app.settled();
    expect(await requestOf(order)).toMatchObject({
      status: 'expired',
      decisionNote: 'The order was shipped before the decision.',
    });
    expect(await tasksOf(order, 'cancellation_decision')).toMatchObject([{ status: 'cancelled' }]);
    expect(await subjectsTo('late@example.com', order.number)).toEqual([
      `Main store: Order ${order.number} is not cancelled`,
    ]);
  });

  it('ends when somebody who may cancels the order meanwhile, or calls the decision off', async () => {
    const [first, second] = [await underWay(), await underWay()];
    for (const { order } of [first, second]) expectStatus(await ask(order), 202);
    expectStatus(await app.post(`/orders/${first.order.id}/cancel`, { reason: 'operational' }), 200);
    await app.settled();
    expect(await requestOf(first.order)).toMatchObject({ status: 'approved' });
    const { taskId } = await requestOf(second.order);
    expectStatus(await app.post(`/tasks/${taskId}/cancel`, { note: 'a mistake' }), 200);
    expect(await requestOf(second.order)).toMatchObject({ status: 'rejected' });
    for (const { order } of [first, second]) expect((await readOrder(app, order.id)).holds).toEqual([]);
  });

  it('keeps one order of a wave waiting, and not the others', async () => {
    const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, orders);
    await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
    const { body } = expectStatus(await ask(orders[0]!), 202);
    await inWave(app, wave.id, 'finish', { allDone: true });
    expect(await tasksOf(orders[0]!, 'picking')).toMatchObject([{ status: 'in_progress', progress: { doneUnits: 1 } }]);
    expect(await tasksOf(orders[1]!, 'picking')).toMatchObject([{ status: 'done' }]);
    expectStatus(await decide(body.request, 'approve'), 200);
    expect(await tasksOf(orders[0]!, 'put_back')).toMatchObject([{ status: 'open', progress: { units: 1 } }]);
  });

  it('can be previewed, and leaves nothing behind', async () => {
    const { order } = await underWay();
    const path = `/orders/${order.id}/cancel?dryRun=true`;
    const { body } = await app.post(path, { reason: 'inventory' }, { apiKey: floor });
    expect(body).toMatchObject({ dryRun: true, approval: { status: 'requested' } });
    expect(body.effects.messages).toContainEqual(expect.objectContaining({ template: 'emails/task-stop' }));
    expect(await requestOf(order)).toBeUndefined();
  });

  it.each([
    [{ reason: undefined }, 'reason', 'VALIDATION_FAILED'],
    [{ reason: 'whim' }, 'reason', 'VALIDATION_FAILED'],
    [{ reason: 'customer_requested' }, 'customerContact', 'FIELD_REQUIRED'],
    [{ note: 'x'.repeat(1001) }, 'note', 'VALIDATION_FAILED'],
    [{ requesterEmail: 'me' }, 'requesterEmail', 'VALIDATION_FAILED'],
    [{ lines: [] }, 'lines', 'VALIDATION_FAILED'],
    [{ requestedAt: 'soon' }, 'requestedAt', 'VALIDATION_FAILED'],
  ])('with %j is refused, naming the field, and nothing is kept', async (fields, path, code) => {
    const { order } = await underWay();
    const { body } = expectStatus(await ask(order, fields), 422);
    expect([body.code, body.errors[0].path]).toEqual([code, path]);
    expect((await readOrder(app, order.id)).holds).toEqual([]);
  });

  it('of what has left, of what is not there, and of a stale version is refused', async () => {
    const order = await orderInProcess(app);
    expect((await ask(order, { version: 1 }, floor)).body.code).toBe('VERSION_CONFLICT');
    expect((await ask({ id: 'number:none' })).body.code).toBe('ORDER_NOT_FOUND');
    expect((await decide({ id: 'nothing' }, 'approve')).body.code).toBe('REQUEST_NOT_FOUND');
    expect((await decide({ id: 'nothing' }, 'perhaps')).body.errors[0].path).toBe('decision');
    const sent = await placeOrder(app);
    await pay(app, sent.id);
    await move(app, sent.id, 'process');
    for (const { id } of sent.lines as Body[])
      expectStatus(await app.put(`/orders/${sent.id}/items/${id}/status`, { status: 'prepared' }), 200);
    await move(app, sent.id, 'fulfill');
    await move(app, sent.id, 'ship', { carrier: 'manual' });
    expect((await ask(sent, {}, floor)).body.code).toBe('ORDER_SHIPPED');
    expect((await ask(order, {}, await app.keyFor('cashier'))).body.code).toBe('ROLE_NOT_ALLOWED');
  });
});
