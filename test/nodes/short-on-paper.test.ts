import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { expectIntegrity, expectStatus, placeOrder, stockProduct } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { type N8nRunner, outputsOf } from './n8n-runner';

type Body = Record<string, any>;

const FOLDER = join(__dirname, '../../workflows');
const shipped = (file: string): IWorkflowBase => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const fulfillment = shipped('order-fulfillment.json');
/** From the start that goods which came in wake. */
const missing = startingAt(shipped('partial-fulfillment.json'), 'Goods Came Back');

function startingAt(workflow: IWorkflowBase, name: string): IWorkflowBase {
  const isStart = (node: { name: string }): boolean => node.name === name;
  const { nodes } = workflow;
  return { ...workflow, nodes: [...nodes.filter(isStart), ...nodes.filter((node) => !isStart(node))] };
}

/** More was ordered than is there, and somebody has to say what becomes of it before anybody picks. */
describe('An order that is short on paper', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;
  let made = 0;

  beforeAll(async () => {
    floor = await openFloor(100);
    ({ app, n8n } = floor);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => floor.close());

  const visited = (run: IRun): string[] => Object.keys(run.data.resultData.runData);
  const read = async ({ id }: Body): Promise<Body> => (await app.get(`/orders/${id}`)).body;
  const tasksOf = async ({ id }: Body): Promise<Body[]> => (await app.get(`/tasks?orderId=${id}`)).body.items;
  const kindsOf = async (order: Body): Promise<string[]> =>
    (await tasksOf(order)).map(({ kind }) => kind as string).reverse();
  const receive = async (sku: string, quantity: number): Promise<void> => {
    const lines = [{ sku, quantity, unitCostMinor: 30_000 }];
    expectStatus(await app.post('/inventory/receipts', { lines, reference: `PO-${sku}-${(made += 1)}` }), 201);
    await app.settled();
  };

  /** Confirmed, with a line of which so many are there and the rest is missing. */
  async function shortOrder(units: number, wanted: number): Promise<{ order: Body; event: IDataObject; sku: string }> {
    made += 1;
    const sku = `PAPER-${made}`;
    await stockProduct(app, { sku, barcode: String(3_000_000_000_000 + made) }, units);
    const lines = [
      { sku: 'TEA-01', quantity: 1, unitPriceMinor: 50_000 },
      { sku, quantity: wanted, unitPriceMinor: 20_000 },
    ];
    const placed = await placeOrder(app, { paymentMethod: 'cod', allowBackorder: true, lines });
    const { body: order } = await app.put(`/orders/${placed.id}/status`, { move: 'confirm' });
    return { order, event: eventOf('order.confirmed', order), sku };
  }
  const eventOf = (event: string, { id, number, status, version }: Body): IDataObject => ({
    eventId: `evt_paper_${event}_${id}`,
    event,
    occurredAt: '2026-11-20T09:00:00Z',
    order: { id, number, status, version },
  });

  async function decide(order: Body, answer: Body): Promise<void> {
    const task = (await tasksOf(order)).find(({ kind, status }) => kind === 'shortage_decision' && status === 'open');
    const line = (await read(order)).lines[1];
    const body = { lines: [{ id: line.id, ...answer }], reason: 'sold out' };
    expectStatus(await app.post(`/tasks/${task?.id}/shortage_decision`, body), 200);
  }
  async function asked(event: IDataObject): Promise<IRun> {
    const asleep = await n8n.runWorkflow(fulfillment, [event]);
    expect({ status: asleep.status, last: visited(asleep).at(-1) }).toEqual({
      status: 'waiting',
      last: 'Resolve Shortage',
    });
    return asleep;
  }
  async function woken(asleep: IRun): Promise<IRun> {
    const run = (await n8n.resume(fulfillment, asleep, await floor.callBack())).run as IRun;
    expect(run.data.resultData.error).toBeUndefined();
    return run;
  }

  it('goes on to its picking once something else is sent in place of it', async () => {
    const { order, event, sku } = await shortOrder(1, 3);
    await stockProduct(app, { sku: `${sku}-B`, barcode: '3999999999999' }, 5);
    const asleep = await asked(event);
    expect(await read(order)).toMatchObject({ status: 'confirmed' });
    const substitute = { resolution: 'substitute', sku: `${sku}-B`, pricePolicy: 'keep' };
    await decide(order, { ...substitute, consent: { given: true, how: 'on the phone' } });
    const run = await woken(asleep);
    expect(visited(run)).toEqual(expect.arrayContaining(['Tell Customer: Short', 'Calculate Order Total']));
    expect({ status: run.status, last: visited(run).at(-1) }).toEqual({
      status: 'waiting',
      last: 'Assign Picking Task',
    });
    expect(await kindsOf(order)).toEqual(['shortage_decision', 'picking']);
  });

  it('goes on without it once it is off the bill, and asks nobody twice when its event comes again', async () => {
    const { order, event } = await shortOrder(0, 2);
    await asked(event);
    await asked(event);
    await decide(order, { resolution: 'refund' });
    const again = await n8n.runWorkflow(fulfillment, [event]);
    expect({ status: again.status, last: visited(again).at(-1) }).toEqual({
      status: 'waiting',
      last: 'Assign Picking Task',
    });
    expect(await kindsOf(order)).toEqual(['shortage_decision', 'picking']);
  });

  it('waits when the customer is to wait; the run that the goods start begins it, once', async () => {
    const { order, event, sku } = await shortOrder(1, 3);
    const asleep = await asked(event);
    await decide(order, { resolution: 'backorder' });
    const run = await woken(asleep);
    expect({ status: run.status, last: visited(run).at(-1) }).toEqual({ status: 'success', last: 'Waits for Goods' });
    expect(outputsOf(run, 'Tell Customer: Short')[0]).toHaveLength(1);
    const again = await n8n.runWorkflow(fulfillment, [event]);
    expect(visited(again).at(-1)).toBe('Waits for Goods');
    expect(await read(order)).toMatchObject({ status: 'confirmed' });
    expect(await kindsOf(order)).toEqual(['shortage_decision']);

    await receive(sku, 1);
    const tooFew = await n8n.runWorkflow(missing, [eventOf('line.back', order)]);
    expect(visited(tooFew).at(-1)).toBe('More Goods to Come');
    await receive(sku, 1);
    for (const _again of ['at first', 'after a crash']) {
      const begun = await n8n.runWorkflow(missing, [eventOf('line.back', order)]);
      expect(begun.data.resultData.error).toBeUndefined();
      expect({ status: begun.status, last: visited(begun).at(-1) }).toEqual({
        status: 'waiting',
        last: 'Pick the Rest',
      });
    }
    expect(await read(order)).toMatchObject({ status: 'processing' });
    expect(await kindsOf(order)).toEqual(['shortage_decision', 'picking']);
  });

  it('goes on by itself when the goods come while the manager thinks; what came starts nothing beside it', async () => {
    const { order, event, sku } = await shortOrder(1, 2);
    const asleep = await asked(event);
    await receive(sku, 1);
    const beside = await n8n.runWorkflow(missing, [eventOf('line.back', order)]);
    expect(visited(beside).at(-1)).toBe('More Goods to Come');
    const [task] = await tasksOf(order);
    expectStatus(await app.post(`/tasks/${task?.id}/complete`, { allDone: true }), 200);
    const run = await woken(asleep);
    expect(visited(run)).not.toContain('Tell Customer: Short');
    expect(visited(run).at(-1)).toBe('Assign Picking Task');
  });

  it('ends when nothing is left of it, and when the decision is called off', async () => {
    const first = await shortOrder(0, 1);
    const asleep = await asked(first.event);
    const [task] = await tasksOf(first.order);
    expectStatus(await app.post(`/tasks/${task?.id}/cancel`, { note: 'will phone' }), 200);
    expect(visited(await woken(asleep)).at(-1)).toBe('Waits for Goods');
    expect(await read(first.order)).toMatchObject({ status: 'confirmed' });

    const second = await shortOrder(0, 1);
    const sleeping = await asked(second.event);
    const lines = (await read(second.order)).lines as Body[];
    const all = [{ id: lines[1]?.id, resolution: 'refund' }];
    const decision = (await tasksOf(second.order))[0];
    await app.post(`/orders/${second.order.id}/short_lines`, { lines: [{ id: lines[0]?.id }], reason: 'not wanted' });
    expectStatus(await app.post(`/tasks/${decision?.id}/shortage_decision`, { lines: all, reason: 'sold out' }), 200);
    expect(await read(second.order)).toMatchObject({ status: 'cancelled' });
    expect(visited(await woken(sleeping)).at(-1)).toBe('Waits for Goods');
  });
});
