import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { move, placeOrder } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { itemOf, type N8nRunner, ordersLeaving, outputsOf } from './n8n-runner';
import type { ProblemServer } from './problem-server';

const STEP = 'The assignPickingTask';

describe('Assign Picking Task, picking together', () => {
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

  async function confirmed(): Promise<Record<string, any>> {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    return move(app, order.id, 'confirm');
  }

  function definitionOf(parameters: IDataObject = {}): IWorkflowBase {
    return n8n.stepAlone('assignPickingTask', { pickTogether: true, waitUntilDone: true, ...parameters });
  }
  async function assign(definition: IWorkflowBase, orders: Record<string, any>[]): Promise<IRun> {
    return n8n.runWorkflow(definition, orders.map(itemOf), { executionId: `together-${(executions += 1)}` });
  }
  const ordersOn = (run: IRun) => ordersLeaving(run, STEP);
  const newestWave = async (): Promise<Record<string, any>> => {
    const { items } = (await app.get('/waves?limit=1')).body;
    return (await app.get(`/waves/${items[0].id}`)).body;
  };

  it('makes one wave of its items, sleeps until it is over, and sends each item by its own outcome', async () => {
    const orders = [await confirmed(), await confirmed(), await confirmed()];
    const [done, short, cancelled] = orders.map(({ id }) => id);
    const definition = definitionOf();
    const asleep = await assign(definition, orders);
    expect(asleep.status).toBe('waiting');
    const wave = await newestWave();
    expect(wave.orders.map(({ orderId }: any) => orderId)).toEqual([done, short, cancelled]);
    alarm.willSay({ status: 200 });
    await app.post(`/orders/${cancelled}/cancel`, { reason: 'operational', note: 'asked', notify: false });
    const [line] = wave.lines;
    await app.post(`/waves/${wave.id}/collect`, { lineId: line.id, quantity: 3 });
    await app.post(`/waves/${wave.id}/short`, { lineId: line.id, reason: 'not_found' });
    expect((await app.post(`/waves/${wave.id}/finish`, { allDone: true })).body.outcome).toBe('short');
    const { run } = await n8n.resume(definition, asleep, await callBack());
    expect(ordersOn(run as IRun)).toEqual([[done], [short], [cancelled]]);
    const [first, second] = outputsOf(run as IRun, STEP);
    expect(first?.[0]?.json).toMatchObject({
      task: { outcome: 'done', wave: { id: wave.id, number: wave.number, slot: 1, adopted: false, awaited: false } },
    });
    expect(second?.[0]?.json).toMatchObject({ task: { outcome: 'short', wave: { slot: 2 } } });
  });

  it('lets an order that cannot be picked now leave with its reason, and picks the others', async () => {
    const [good, pending] = [await confirmed(), await placeOrder(app, { paymentMethod: 'cod' })];
    const run = await assign(definitionOf({ waitUntilDone: false }), [pending, good]);
    expect(ordersOn(run)).toEqual([[good.id], [], [pending.id]]);
    const [first, , third] = outputsOf(run, STEP);
    expect(first?.[0]?.json.task).toMatchObject({ orderId: good.id, status: 'open', wave: { slot: 1 } });
    expect(first?.[0]?.json.task).not.toHaveProperty('url');
    expect(third?.[0]?.json).toMatchObject({
      error: expect.stringContaining('is pending'),
      details: { code: 'ORDER_NOT_PROCESSING' },
    });
  });

  it('does not fail when none can be picked', async () => {
    const pending = await placeOrder(app, { paymentMethod: 'cod' });
    const run = await assign(definitionOf(), [pending]);
    expect(run.status).toBe('success');
    expect(ordersOn(run)).toEqual([[], [], [pending.id]]);
  });

  it('says that another run waits for an order whose picking it takes over', async () => {
    const order = await move(app, (await confirmed()).id, 'process');
    const single = await assign(definitionOf({ pickTogether: false }), [order]);
    expect(single.status).toBe('waiting');
    const run = await assign(definitionOf({ waitUntilDone: false }), [order]);
    expect(outputsOf(run, STEP)[0]?.[0]?.json.task).toMatchObject({ wave: { adopted: true, awaited: true } });
  });

  it('shows what it would do, and starts nothing', async () => {
    const order = await confirmed();
    const before = (await app.get('/waves')).body.items.length;
    const run = await assign(definitionOf({ previewOnly: true }), [order]);
    expect(outputsOf(run, STEP)[0]?.[0]?.json).toMatchObject({ order: { id: order.id }, preview: expect.anything() });
    expect((await app.get('/waves')).body.items).toHaveLength(before);
  });

  it('fails as a step does when nobody can be given the wave', async () => {
    const run = await assign(definitionOf({ role: 'cashier' }), [await confirmed()]);
    expect(run.status).toBe('error');
  });
});
