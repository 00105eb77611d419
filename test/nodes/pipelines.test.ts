import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IRun, IWorkflowBase } from 'n8n-workflow';
import type { TestApp } from '../support/app';
import { bkashId, expectIntegrity, placeOrder, stockOf } from '../support/shop';
import { openFloor, type TestFloor } from './floor';
import { type N8nRunner, outputsOf } from './n8n-runner';

const FOLDER = join(__dirname, '../../workflows');
const shipped = (file: string): IWorkflowBase => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const received = shipped('order-received.json');
const payments = shipped('payment-verification.json');
const fulfillment = shipped('order-fulfillment.json');
const cancellation = shipped('order-cancellation.json');
const report = shipped('daily-report.json');

/** What is waited longer is no pause before another attempt but the end of a request. */
const LONGEST_RETRY_MS = 5_000;

describe('The shipped pipelines', () => {
  let floor: TestFloor;
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    floor = await openFloor(100);
    ({ app, n8n } = floor);
  });
  afterAll(() => floor.close());

  let events = 0;
  /** What the Order Trigger puts on an item. */
  const eventOf = (event: string, { id, number, status, version }: Record<string, any>): IDataObject => ({
    eventId: `evt_pipeline_${(events += 1)}`,
    event,
    occurredAt: '2026-11-20T09:00:00Z',
    order: { id, number, status, version },
  });
  const visited = (run: IRun) => Object.keys(run.data.resultData.runData);
  const statusOf = async (id: string) => (await app.get(`/orders/${id}`)).body.status;

  it('order-received confirms what is paid or payable, once for an event', async () => {
    const wallet = await placeOrder(app, { payment: { transactionId: bkashId() } });
    const cod = await placeOrder(app, { paymentMethod: 'cod' });
    for (const order of [wallet, cod]) {
      const event = eventOf('order.placed', order);
      const run = await n8n.runWorkflow(received, [event]);
      expect(run.data.resultData.error).toBeUndefined();
      expect(visited(run)).toContain('Order Confirmed');
      const { version } = (await app.get(`/orders/${order.id}`)).body;
      expect((await n8n.runWorkflow(received, [event])).status).toBe('success');
      expect((await app.get(`/orders/${order.id}`)).body).toMatchObject({ status: 'confirmed', version });
    }
  });

  it('order-received tells who has not paid how to, and waits', async () => {
    const order = await placeOrder(app);
    const run = await n8n.runWorkflow(received, [eventOf('order.placed', order)]);
    expect(run.data.resultData.error).toBeUndefined();
    expect(visited(run).at(-1)).toBe('Customer Pays');
    expect(await statusOf(order.id)).toBe('pending');
  });

  it('payment-verification confirms what is paid, waits for the rest, and leaves alone what is confirmed', async () => {
    const order = await placeOrder(app);
    const payment = { method: 'bkash', acceptDifference: true };
    const ends: unknown[] = [];
    for (const amountMinor of [1000, order.totalMinor - 1000, undefined]) {
      if (amountMinor) {
        const body = { ...payment, transactionId: bkashId(), amountMinor };
        expect((await app.post(`/orders/${order.id}/payments`, body)).status).toBe(201);
      }
      const run = await n8n.runWorkflow(payments, [eventOf('payment.recorded', order)]);
      expect(run.data.resultData.error).toBeUndefined();
      ends.push(visited(run).at(-1));
    }
    expect(ends).toEqual(['Rest Is Still Due', 'Order Confirmed', 'Nothing Left to Do']);
    expect(await statusOf(order.id)).toBe('confirmed');
  });

  it('order-cancellation decides the refund and tells the customer, once for an event', async () => {
    const order = await placeOrder(app);
    await app.post(`/orders/${order.id}/payments`, { method: 'bkash', transactionId: bkashId() });
    await app.post(`/orders/${order.id}/cancel`, { reason: 'operational', note: 'sold out' });
    const event = eventOf('order.cancelled', order);
    for (const changed of [true, false]) {
      const run = await n8n.runWorkflow(cancellation, [event]);
      expect(run.data.resultData.error).toBeUndefined();
      expect(visited(run).at(-1)).toBe('Customer Knows');
      const [[item]] = outputsOf(run, 'Customer Knows') as [{ json: IDataObject }[]];
      expect(item?.json).toMatchObject({ refund: { amountMinor: order.totalMinor }, order: { status: 'cancelled' } });
      expect(item?.json.refund).toMatchObject(changed ? { changed } : { status: 'approved' });
    }
    expect((await app.get(`/orders/${order.id}`)).body.refunds).toHaveLength(1);
  });

  it('daily-report emails the figures of the day that is over, once', async () => {
    for (const changed of [true, false]) {
      const run = await n8n.runWorkflow(report, [{}]);
      expect(run.data.resultData.error).toBeUndefined();
      const [[item]] = outputsOf(run, 'Report Is Sent') as [{ json: IDataObject }[]];
      expect(item?.json).toMatchObject({ summary: { isOver: true }, notification: { message: 'report', changed } });
    }
  });

  async function confirmed(overrides: IDataObject = {}): Promise<IDataObject> {
    const order = await placeOrder(app, { paymentMethod: 'cod', ...overrides });
    return eventOf('order.confirmed', (await app.put(`/orders/${order.id}/status`, { move: 'confirm' })).body);
  }
  const ALL_WORK = ['picking', 'packing', 'pickup_dispatch'];
  async function finish(
    { order }: IDataObject,
    kind: string,
    body: object = { allDone: true },
    at = floor,
  ): Promise<void> {
    const { items } = (await at.app.get(`/tasks?orderId=${(order as any).id}&status=open&kind=${kind}`)).body;
    const { status, body: answer } = await at.app.post(`/tasks/${items[0]?.id}/complete`, body);
    if (status !== 200) throw new Error(`${kind}: ${JSON.stringify(answer)}`);
  }
  /** People do one thing after another, and the run goes on after each. */
  async function workThrough(event: IDataObject, asleep: IRun, kinds: readonly string[], at = floor): Promise<IRun> {
    let run = asleep;
    for (const kind of kinds) {
      expect(run.status).toBe('waiting');
      await finish(event, kind, undefined, at);
      run = (await at.n8n.resume(fulfillment, run, await at.callBack())).run as IRun;
      expect(run.data.resultData.error).toBeUndefined();
    }
    return run;
  }

  it('order-fulfillment waits for everybody who works on the order and ships; the books agree', async () => {
    const before = await stockOf(app);
    const event = await confirmed();
    const asleep = await n8n.runWorkflow(fulfillment, [event]);
    expect(asleep.status).toBe('waiting');
    const run = await workThrough(event, asleep, ALL_WORK);
    expect(visited(run).at(-1)).toBe('Order Shipped');
    expect(outputsOf(run, 'Order Shipped')[0]?.[0]?.json).toMatchObject({
      eventId: event.eventId,
      order: { status: 'shipped' },
      checklist: { status: 'done', progress: { percent: 100 }, lines: [{ sku: 'TEA-01', doneQuantity: 2 }] },
      task: { kind: 'pickup_dispatch', outcome: 'done' },
      consignment: { courier: 'steadfast', trackingCode: expect.any(String) },
      label: { status: 'active' },
      notification: { message: 'shipped' },
    });
    expect(await stockOf(app)).toMatchObject({ onHand: before.onHand - 2, outgoing: before.outgoing + 2 });
    await expectIntegrity(app);
  });

  it('order-fulfillment makes the label for a label printer where no browser prints one', async () => {
    const browserless = await openFloor(10, { CHROMIUM_PATH: '/no/such/browser' });
    try {
      const order = await placeOrder(browserless.app, { paymentMethod: 'cod' });
      const path = `/orders/${order.id}`;
      const event = eventOf('order.confirmed', (await browserless.app.put(`${path}/status`, { move: 'confirm' })).body);
      const asleep = await browserless.n8n.runWorkflow(fulfillment, [event]);
      const setTimer = global.setTimeout;
      jest
        .spyOn(global, 'setTimeout')
        .mockImplementation(((run: () => void, ms = 0) =>
          setTimer(run, ms > LONGEST_RETRY_MS ? ms : Math.min(ms, 50))) as typeof setTimeout);
      const run = await workThrough(event, asleep, ALL_WORK, browserless);
      jest.restoreAllMocks();
      const [[item]] = outputsOf(run, 'Order Shipped') as [{ binary?: IDataObject; json: IDataObject }[]];
      expect(item?.json).toMatchObject({ order: { status: 'shipped' }, label: { status: 'active' } });
      expect((await browserless.app.get(path)).body.labels).toHaveLength(1);
    } finally {
      await browserless.close();
    }
  });

  it('order-fulfillment walks through what is done when its event comes again', async () => {
    const event = await confirmed();
    for (const kind of ALL_WORK) {
      const crashed = await n8n.runWorkflow(fulfillment, [event]);
      expect(crashed.data.resultData.error).toBeUndefined();
      expect(crashed.status).toBe('waiting');
      await finish(event, kind);
    }
    const again = await n8n.runWorkflow(fulfillment, [event]);
    expect(again.data.resultData.error).toBeUndefined();
    expect(visited(again).at(-1)).toBe('Order Shipped');
    const oncemore = await n8n.runWorkflow(fulfillment, [event]);
    expect(oncemore.data.resultData.error).toBeUndefined();
    expect(await statusOf((event.order as any).id)).toBe('shipped');
    await expectIntegrity(app);
  });

  it('order-fulfillment makes an order for pickup ready', async () => {
    const event = await confirmed({ fulfillmentMethod: 'pickup', paymentMethod: 'cash' });
    const asleep = await n8n.runWorkflow(fulfillment, [event]);
    const run = await workThrough(event, asleep, ['picking', 'packing']);
    expect(visited(run).at(-1)).toBe('Ready for the Customer');
    expect(await statusOf((event.order as any).id)).toBe('ready_for_pickup');
  });

  it('order-fulfillment ends where a picker is short, since that starts a pipeline of its own', async () => {
    const event = await confirmed();
    const asleep = await n8n.runWorkflow(fulfillment, [event]);
    const [{ id }] = (await app.get(`/tasks?orderId=${(event.order as any).id}`)).body.items;
    const { lines } = (await app.get(`/tasks/${id}`)).body;
    await finish(event, 'picking', { lines: [{ id: lines[0].id, doneQuantity: 1, shortReason: 'not_found' }] });
    const { run } = await n8n.resume(fulfillment, asleep, await floor.callBack());
    expect(visited(run as IRun).at(-1)).toBe('Shortage Takes Over');
    expect(await statusOf((event.order as any).id)).toBe('processing');
  });

  it('on-error reports a run that failed, and one that could not start', async () => {
    const onError = shipped('on-error.json');
    const failed = {
      execution: {
        id: '231',
        url: 'http://n8n.test/workflow/1/executions/231',
        lastNodeExecuted: 'Ship Order',
        error: { message: 'On hold' },
        mode: 'trigger',
      },
      workflow: { id: 'olOrderFulfillment', name: fulfillment.name },
    };
    const unstarted = { trigger: { error: { message: 'No such key' }, mode: 'trigger' }, workflow: failed.workflow };
    for (const item of [failed, unstarted])
      expect((await n8n.runWorkflow(onError, [item])).data.resultData.error).toBeUndefined();
    const { items } = (await app.get('/incidents')).body;
    expect(items).toMatchObject([
      { message: 'No such key' },
      { message: 'On hold', executionId: '231', node: 'Ship Order' },
    ]);
  });
});
