import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { expectStatus, move, placeOrder, prepareAll } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { itemOf, N8nRunner, outputsOf } from './n8n-runner';

const STEP = 'The dispatchPickup';

describe('Dispatch Pickup', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;
  let executions = 0;

  beforeAll(async () => {
    floor = await openFloor(500);
    ({ app, n8n } = floor);
  });
  afterAll(() => floor.close());

  async function picked(overrides: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const order = await placeOrder(app, { fulfillmentMethod: 'pickup', paymentMethod: 'cash', ...overrides });
    await move(app, order.id, 'process');
    await prepareAll(app, order);
    return order;
  }
  function definitionOf(parameters: IDataObject): IWorkflowBase {
    return n8n.stepAlone('dispatchPickup', { waitUntilDone: true, ...parameters });
  }
  const run = (definition: IWorkflowBase, orders: Record<string, any>[]): Promise<IRun> =>
    n8n.runWorkflow(definition, orders.map(itemOf), { executionId: `pickup-${(executions += 1)}` });
  async function handOffOf(id: string): Promise<Record<string, any>> {
    return expectStatus(await app.get(`/orders/${id}`), 200).body.handoffs.at(-1);
  }
  async function payAndConfirm(id: string): Promise<void> {
    expectStatus(await app.post(`/orders/${id}/payments`, { method: 'cash' }), 201);
    const { id: handOff } = await handOffOf(id);
    expectStatus(await app.post(`/handoffs/${handOff}/confirm`, { note: 'Known to us.' }), 200);
  }

  it('has the order wait at the counter, sleeps until it is collected, and sends a cancelled one another way', async () => {
    const [collected, gone] = [await picked(), await picked()];
    const definition = definitionOf({ pickup: 'counter' });
    const asleep = await run(definition, [collected, gone]);
    expect(asleep.status).toBe('waiting');
    await payAndConfirm(collected.id);
    expectStatus(await app.post(`/handoffs/${(await handOffOf(gone.id)).id}/cancel`, {}), 200);
    const { run: after } = await n8n.resume(definition, asleep, await floor.callBack());
    const [done, cancelled] = outputsOf(after as IRun, STEP);
    expect(done?.map(({ json }) => (json.order as IDataObject).id)).toEqual([collected.id]);
    expect(done?.[0]?.json.task).toMatchObject({ kind: 'hand_off', result: { confirmedWith: 'manager' } });
    expect(cancelled?.map(({ json }) => (json.order as IDataObject).id)).toEqual([gone.id]);
  });

  it('names the spot at the kerb and the service that brings the goods', async () => {
    const kerb = await picked({ fulfillmentMethod: 'curbside' });
    await move(app, kerb.id, 'fulfill');
    const options = { instructions: 'Two bags.', customerInstructions: 'Flash your lights.' };
    const parameters = { pickup: 'kerbside', spot: 'Bay 2', confirmBy: 'signature', waitUntilDone: false, options };
    const [[item]] = outputsOf(await run(definitionOf(parameters), [kerb]), STEP);
    expect(item?.json).toMatchObject({
      order: { id: kerb.id, status: 'awaiting_handoff' },
      task: { instructions: expect.stringContaining('Two bags.'), details: { method: 'kerbside', spot: 'Bay 2' } },
    });
    expect(await handOffOf(kerb.id)).toMatchObject({
      confirmBy: 'signature',
      customerInstructions: 'Flash your lights.',
    });
    const service = await picked();
    await move(app, service.id, 'fulfill');
    await run(definitionOf({ pickup: 'delivery_service', service: 'Foodi', waitUntilDone: false }), [service]);
    expect(await handOffOf(service.id)).toMatchObject({ method: 'delivery_service', service: 'Foodi' });
  });

  it('has the courier’s pickup dispatched, and says what the coordinator wrote down', async () => {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    await move(app, order.id, 'process');
    await prepareAll(app, order);
    await move(app, order.id, 'fulfill');
    expectStatus(await app.post(`/orders/${order.id}/consignments`, { courier: 'manual' }), 201);
    const definition = definitionOf({ pickup: 'courier' });
    const asleep = await run(definition, [order]);
    const [task] = (await app.get(`/tasks?orderId=${order.id}&kind=pickup_dispatch`)).body.items;
    expect(task.details).toMatchObject({ courier: 'manual' });
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
    const { run: after } = await n8n.resume(definition, asleep, await floor.callBack());
    expect(outputsOf(after as IRun, STEP)[0]?.[0]?.json.task).toMatchObject({
      kind: 'pickup_dispatch',
      status: 'done',
    });
  });

  it('goes on at once when the run is started again after the goods were handed over', async () => {
    const order = await picked();
    const definition = definitionOf({ pickup: 'counter' });
    const item = [{ ...itemOf(order), eventId: 'evt_collected' }];
    await n8n.runWorkflow(definition, item, { executionId: `pickup-${(executions += 1)}` });
    await payAndConfirm(order.id);
    const again = await n8n.runWorkflow(definition, item, { executionId: `pickup-${(executions += 1)}` });
    expect(again.status).toBe('success');
    expect((await app.get(`/orders/${order.id}`)).body.handoffs).toHaveLength(1);
  });

  it('previews without moving anything', async () => {
    const order = await picked();
    const definition = definitionOf({ pickup: 'counter', previewOnly: true });
    const [[item]] = outputsOf(await run(definition, [order]), STEP);
    expect(item?.json.preview).toMatchObject({ result: { status: 'open' } });
    expect((await app.get(`/orders/${order.id}`)).body).toMatchObject({ status: 'processing', handoffs: [] });
  });
});
