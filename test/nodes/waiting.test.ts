import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { move, placeOrder } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { itemOf, N8nRunner, ordersLeaving, outputsOf } from './n8n-runner';
import type { ProblemServer } from './problem-server';

const STEP = 'The assignPickingTask';

describe('Assign Picking Task', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;
  let alarm: ProblemServer;
  let callBack: TestFloor['callBack'];
  let executions = 0;

  beforeAll(async () => {
    floor = await openFloor(500);
    ({ app, n8n, alarm, callBack } = floor);
  });
  afterAll(() => floor.close());

  async function orderInWork(): Promise<Record<string, any>> {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    await move(app, order.id, 'confirm');
    return move(app, order.id, 'process');
  }

  function definitionOf(parameters: IDataObject = {}, more = {}): IWorkflowBase {
    return n8n.stepAlone('assignPickingTask', { waitUntilDone: true, ...parameters }, more);
  }
  async function assign(definition: IWorkflowBase, orders: Record<string, any>[]): Promise<IRun> {
    return n8n.runWorkflow(definition, orders.map(itemOf), { executionId: `wait-${(executions += 1)}` });
  }
  async function taskOf(orderId: string): Promise<Record<string, any>> {
    const [task] = (await app.get(`/tasks?orderId=${orderId}`)).body.items;
    return (await app.get(`/tasks/${task.id}`)).body;
  }
  async function complete(orderId: string, body: object = { allDone: true }): Promise<void> {
    const { status, body: answer } = await app.post(`/tasks/${(await taskOf(orderId)).id}/complete`, body);
    if (status !== 200) throw new Error(JSON.stringify(answer));
  }
  async function missing(orderId: string): Promise<object> {
    const { lines } = await taskOf(orderId);
    return { lines: [{ id: lines[0].id, doneQuantity: 1, shortReason: 'not_found' }] };
  }
  const ordersOn = (run: IRun) => ordersLeaving(run, STEP);

  it('sleeps until all are closed, then sends each item by what came of its task', async () => {
    const orders = [await orderInWork(), await orderInWork(), await orderInWork()];
    const [done, short, cancelled] = orders.map(({ id }) => id);
    const definition = definitionOf();
    const asleep = await assign(definition, orders);
    expect(asleep.status).toBe('waiting');
    alarm.willSay({ status: 200 });
    await complete(done);
    await complete(short, await missing(short));
    await app.settled();
    expect(alarm.seen).toHaveLength(0);
    await app.post(`/tasks/${(await taskOf(cancelled)).id}/cancel`, {});
    const { run } = await n8n.resume(definition, asleep, await callBack());
    expect(run?.status).toBe('success');
    expect(ordersOn(run as IRun)).toEqual([[done], [short], [cancelled]]);
    const outputs = outputsOf(run as IRun, STEP);
    expect(outputs[1]?.[0]).toMatchObject({
      json: { task: { outcome: 'short', lines: [{ shortReason: 'not_found' }] } },
    });
  });

  it('does not sleep when everything is done already, as in a run that is started again', async () => {
    const order = await orderInWork();
    await assign(definitionOf(), [order]);
    await complete(order.id);
    const again = await assign(definitionOf(), [order]);
    expect(again.status).toBe('success');
    expect(ordersOn(again)).toEqual([[order.id], [], []]);
    expect(outputsOf(again, STEP)[0]?.[0]?.json.task).toMatchObject({ status: 'done', orderId: order.id });
  });

  it('sleeps on when it is called for an earlier wait, by a stranger, or without a name', async () => {
    const [first, second] = [await orderInWork(), await orderInWork()];
    const definition = definitionOf();
    const executionId = 'loop-1';
    const turn = (order: Record<string, any>) => n8n.runWorkflow(definition, [itemOf(order)], { executionId });
    alarm.willSay({ status: 200 });
    await turn(first);
    await complete(first.id);
    const early = await callBack();
    // The next turn of a loop waits in the same execution; it stands for another node, since this runner starts anew.
    const other = definitionOf({}, { id: 'node-in-the-loop' });
    const asleep = await n8n.runWorkflow(other, [itemOf(second)], { executionId });
    for (const body of [early, { waitId: 'no-such' }, {}]) {
      expect(await n8n.resume(other, structuredClone(asleep), body as IDataObject)).toEqual({ status: 200 });
    }
    await complete(second.id);
    const { run } = await n8n.resume(other, asleep, await callBack());
    expect(ordersOn(run as IRun)).toEqual([[second.id], [], []]);
  });

  it('goes by the order that its own field names, though the items came with another', async () => {
    const [mine, other] = [await orderInWork(), await orderInWork()];
    const definition = definitionOf({ order: { __rl: true, mode: 'number', value: `#${mine.number}` } });
    const asleep = await assign(definition, [other]);
    await complete(mine.id);
    const { run } = await n8n.resume(definition, asleep, await callBack());
    expect(ordersOn(run as IRun)).toEqual([[mine.id], [], []]);
    const [item] = outputsOf(run as IRun, STEP)[0] ?? [];
    expect(item?.json).toMatchObject({
      order: { id: mine.id, number: mine.number, status: 'processing' },
      task: { orderId: mine.id, outcome: 'done' },
    });
  });

  it('asks to be called again while the service cannot say what happened', async () => {
    const order = await orderInWork();
    const definition = definitionOf();
    const asleep = await assign(definition, [order]);
    const alone = await N8nRunner.start({ url: 'http://localhost:9', apiKey: 'k' });
    const setTimer = global.setTimeout;
    jest
      .spyOn(global, 'setTimeout')
      .mockImplementation(((run: () => void, ms = 0) => setTimer(run, Math.min(ms, 5))) as typeof setTimeout);
    const { run, status } = await alone.resume(definition, asleep, { waitId: 'any' });
    jest.restoreAllMocks();
    expect({ run, status }).toEqual({ run: undefined, status: 503 });
  });

  it('keeps an item that could not be assigned apart', async () => {
    const good = await orderInWork();
    const definition = definitionOf({}, { onError: 'continueErrorOutput' });
    const lost = { id: 'NOSUCH', number: '0', status: 'processing', version: 1 };
    const asleep = await assign(definition, [lost, good]);
    expect(asleep.status).toBe('waiting');
    await complete(good.id);
    const { run } = await n8n.resume(definition, asleep, await callBack());
    expect(ordersOn(run as IRun)).toEqual([[good.id], [], ['NOSUCH'], []]);
    // Started again, all is known before it would sleep, so that the reason is known too.
    const again = await assign(definition, [lost, good]);
    expect(ordersOn(again)).toEqual([[good.id], [], [], ['NOSUCH']]);
    expect(outputsOf(again, STEP)[3]?.[0]?.json).toMatchObject({ details: { code: 'ORDER_NOT_FOUND' } });
  });

  it('fails as a step does when nobody can be given the task', async () => {
    const order = await orderInWork();
    const run = await assign(definitionOf({ role: 'cashier' }), [order]);
    expect(run.status).toBe('error');
    expect(run.data.resultData.error?.description).toMatch(/Request id/);
  });

  it('goes on at once when it is not to wait, with person, due time and instructions passed on', async () => {
    const order = await orderInWork();
    const person = { __rl: true, mode: 'email', value: 'karim@example.com' };
    const parameters = {
      waitUntilDone: false,
      assignTo: 'person',
      assignee: person,
      dueAt: '2030-01-01T10:00:00',
      options: { instructions: 'gift wrap' },
    };
    const run = await assign(definitionOf(parameters), [order]);
    expect(run.status).toBe('success');
    expect(outputsOf(run, STEP)[0]?.[0]?.json.task).toMatchObject({
      status: 'open',
      assigneeEmail: 'karim@example.com',
      instructions: 'gift wrap',
      dueAt: expect.stringMatching(/^20(29|30)-/),
    });
  });

  it('previews without a task', async () => {
    const order = await orderInWork();
    const run = await assign(definitionOf({ previewOnly: true }), [order]);
    expect(run.status).toBe('success');
    expect(outputsOf(run, STEP)[0]?.[0]?.json).toMatchObject({
      order: { id: order.id },
      preview: { result: { kind: 'picking' } },
    });
    expect((await app.get(`/tasks?orderId=${order.id}`)).body.items).toEqual([]);
  });
});
