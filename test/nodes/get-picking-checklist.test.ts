import type { INodeExecutionData } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { move, placeOrder } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import type { N8nRunner } from './n8n-runner';

type Json = Record<string, any>;

describe('Get Picking Checklist', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    floor = await openFloor(100);
    ({ app, n8n } = floor);
  });
  afterAll(() => floor.close());

  async function inWork(): Promise<Json> {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    await move(app, order.id, 'confirm');
    return move(app, order.id, 'process');
  }
  const read = ({ id, number, status, version }: Json) =>
    n8n.runNode('getPickingChecklist', {}, [{ order: { id, number, status, version }, kept: 1 }]);
  async function checklistOf(order: Json): Promise<Json> {
    const { outputs, run } = await read(order);
    if (run.data.resultData.error) throw run.data.resultData.error;
    const { json } = outputs[0]?.[0] as INodeExecutionData;
    expect(json).toMatchObject({ kept: 1, order: { id: order.id } });
    return json.checklist as Json;
  }

  it('lists what picking would take before anybody was given it, and assigns nothing by that', async () => {
    const order = await inWork();
    expect(await checklistOf(order)).toMatchObject({
      taskId: null,
      status: 'not_assigned',
      lines: [{ sku: 'TEA-01', quantity: 2, doneQuantity: 0 }],
    });
    expect((await app.get(`/tasks?orderId=${order.id}`)).body.items).toEqual([]);
  });

  it('follows the newest picking from open to closed, without the link that lets its holder tick', async () => {
    const order = await inWork();
    const { body: task } = await app.post('/tasks', { kind: 'picking', orderId: order.id });
    const open = await checklistOf(order);
    expect(open).toMatchObject({ taskId: task.id, status: 'open', progress: { units: 2, doneUnits: 0 } });
    expect(JSON.stringify(open)).not.toContain('/t/');
    const lines = [{ id: task.lines[0].id, doneQuantity: 1, shortReason: 'not_found' }];
    await app.post(`/tasks/${task.id}/complete`, { lines });
    expect(await checklistOf(order)).toMatchObject({
      taskId: task.id,
      status: 'done',
      outcome: 'short',
      progress: { doneUnits: 1, shortUnits: 1 },
      lines: [{ sku: 'TEA-01', shelf: 'A-3', barcode: expect.anything(), shortReason: 'not_found' }],
    });
  });

  it('says why an order that is not being worked on has no checklist', async () => {
    const order = await placeOrder(app, { paymentMethod: 'cod' });
    const { run } = await read(order);
    expect(run.data.resultData.error).toMatchObject({ message: expect.stringContaining('processing') });
  });
});
