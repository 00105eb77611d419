import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { expectStatus, move, placeOrder, prepareAll } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { itemOf, N8nRunner, ordersLeaving, outputsOf } from './n8n-runner';

const STEP = 'The assignPackingTask';

describe('Assign Packing Task', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;
  let executions = 0;

  beforeAll(async () => {
    floor = await openFloor(500);
    ({ app, n8n } = floor);
  });
  afterAll(() => floor.close());

  async function picked(): Promise<Record<string, any>> {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    await move(app, order.id, 'confirm');
    await move(app, order.id, 'process');
    await prepareAll(app, order);
    return order;
  }
  function definitionOf(parameters: IDataObject = {}, more = {}): IWorkflowBase {
    return n8n.stepAlone('assignPackingTask', { waitUntilDone: true, ...parameters }, more);
  }
  const run = (definition: IWorkflowBase, orders: Record<string, any>[]): Promise<IRun> =>
    n8n.runWorkflow(definition, orders.map(itemOf), { executionId: `packing-${(executions += 1)}` });
  async function tasksOf(orderId: string): Promise<Record<string, any>[]> {
    return (await app.get(`/tasks?orderId=${orderId}&kind=packing`)).body.items;
  }
  const idsOn = (run: IRun) => ordersLeaving(run, STEP);

  it('sleeps until all is packed, then carries the packages; a cancelled one leaves another way', async () => {
    const [packed, cancelled] = [await picked(), await picked()];
    const definition = definitionOf();
    const asleep = await run(definition, [packed, cancelled]);
    expect(asleep.status).toBe('waiting');
    expectStatus(await app.put(`/orders/${packed.id}/package`, { weightGrams: 250, type: 'bag' }), 201);
    expectStatus(await app.post(`/tasks/${(await tasksOf(packed.id))[0]?.id}/complete`, {}), 200);
    expectStatus(await app.post(`/tasks/${(await tasksOf(cancelled.id))[0]?.id}/cancel`, {}), 200);
    const { run: after } = await n8n.resume(definition, asleep, await floor.callBack());
    expect(idsOn(after as IRun)).toEqual([[packed.id], [cancelled.id]]);
    expect(outputsOf(after as IRun, STEP)[0]?.[0]?.json).toMatchObject({
      task: { kind: 'packing', outcome: 'done' },
      packages: [{ number: 1, type: 'bag', weightGrams: 250, units: 2 }],
    });
    const again = await run(definition, [packed]);
    expect(again.status).toBe('success');
    expect(outputsOf(again, STEP)[0]?.[0]?.json.packages).toMatchObject([{ type: 'bag' }]);
    expect(await tasksOf(packed.id)).toHaveLength(1);
  });

  it('sleeps on while a second person looks at the packages', async () => {
    expectStatus(await app.call('PATCH', '/stores/main', { qualityCheck: 'required' }), 200);
    try {
      const order = await picked();
      const definition = definitionOf();
      const asleep = await run(definition, [order]);
      const [task] = await tasksOf(order.id);
      const apiKey = await app.keyFor('fulfillment_specialist');
      const finished = await app.post(`/tasks/${task?.id}/complete`, { allDone: true }, { apiKey });
      expect(expectStatus(finished, 200).body.outcome).toBeNull();
      await app.settled();
      const [check] = (await app.get(`/tasks?orderId=${order.id}&kind=quality_check`)).body.items;
      expectStatus(await app.post(`/tasks/${check.id}/inspection`, { passed: true }), 200);
      const { run: after } = await n8n.resume(definition, asleep, await floor.callBack());
      expect(idsOn(after as IRun)).toEqual([[order.id], []]);
    } finally {
      expectStatus(await app.call('PATCH', '/stores/main', { qualityCheck: 'none' }), 200);
    }
  });

  it('goes on as done with what a program packed, also beside an order that it waits for', async () => {
    const [packed, open] = [await picked(), await picked()];
    expectStatus(await app.put(`/orders/${packed.id}/package`, { type: 'bag' }), 201);
    const definition = definitionOf();
    const asleep = await run(definition, [packed, open]);
    expect(asleep.status).toBe('waiting');
    const [task] = await tasksOf(open.id);
    expectStatus(await app.post(`/tasks/${task?.id}/complete`, { allDone: true }), 200);
    const { run: after } = await n8n.resume(definition, asleep, await floor.callBack());
    expect(idsOn(after as IRun)).toEqual([[packed.id, open.id], []]);
    expect(outputsOf(after as IRun, STEP)[0]?.[0]?.json.packages).toMatchObject([{ type: 'bag', units: 2 }]);
    const again = await run(definition, [packed]);
    expect([again.status, idsOn(again)]).toEqual(['success', [[packed.id], []]]);
  });

  it('previews without giving work, and goes on at once when it is not to wait', async () => {
    const order = await picked();
    const preview = outputsOf(await run(definitionOf({ previewOnly: true }), [order]), STEP);
    expect(preview[0]?.[0]?.json).toHaveProperty('preview');
    expect(await tasksOf(order.id)).toEqual([]);
    const options = { instructions: 'Gift wrap.' };
    const [[item]] = outputsOf(await run(definitionOf({ waitUntilDone: false, options }), [order]), STEP);
    expect(item?.json.task).toMatchObject({ kind: 'packing', status: 'open', instructions: 'Gift wrap.' });
  });

  it('says why there is nothing to pack, item by item', async () => {
    const [unpicked, ready] = [await placeOrder(app, { paymentMethod: 'cod' }), await picked()];
    const definition = definitionOf({ waitUntilDone: false }, { onError: 'continueRegularOutput' });
    const [items] = outputsOf(await run(definition, [unpicked, ready]), STEP);
    expect(items?.[0]?.json).toMatchObject({ details: { code: 'NOTHING_TO_PACK' } });
    expect(items?.[1]?.json.task).toMatchObject({ orderId: ready.id });
  });
});
