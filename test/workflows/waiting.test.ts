import { ADMIN_KEY } from '../support/app';
import { eventually } from '../support/eventually';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { TEA } from '../support/shop';
import { ALL_WORK, fire, fixture, Floor, type Json, readRun, type Run, untilStatus, wake, wakeCalls } from './runs';

const ORDERS_AT_ONCE = 6;
const CALLS_AT_ONCE = 5;
/** Long enough for a run that was woken by mistake to show it. */
const A_WHILE_MS = 2_500;

/** One address wakes an execution, whatever it waits for; each case here is one in which that could go wrong. */
describe('Runs that wait for people, in the real n8n', () => {
  let service: ServiceProcess;
  let n8n: TestN8n;
  let floor: Floor;

  beforeAll(async () => {
    service = await startServiceProcess({ PIPELINE_STALL_MS: '5000' });
    floor = new Floor(service);
    await floor.open(TEA);
    n8n = await startTestN8n({ url: service.url, apiKey: ADMIN_KEY });
    const names = ['two-picks', 'pick-loop', 'pick-together', 'pick-and-ship'];
    await n8n.publish(names.map((name) => fixture(`${name}.json`)));
  }, 300_000);
  afterAll(async () => {
    await n8n?.remove();
    await service?.remove();
  });

  const asItems = (orders: Json[]): Json => ({ orders: orders.map(({ id }) => ({ order: { id } })) });
  const ordersOn = (outputs: Json[][] = []): string[][] => outputs.map((items) => items.map(({ order }) => order.id));
  const timesRun = (run: Run, node: string): number => run.outputsOf(node).length;
  const aWhile = (): Promise<void> => new Promise((done) => setTimeout(done, A_WHILE_MS));

  /** Asleep with so many waits made, so that the newest is the one it sleeps in. */
  async function asleepIn(id: string, waits: number): Promise<void> {
    await eventually(`wait ${waits} of execution ${id}`, async () => wakeCalls(service, id).length === waits, 180_000);
    await untilStatus(n8n, id, 'waiting');
  }

  async function expectShippedOnce(order: Json, work: readonly string[] = ['picking']): Promise<void> {
    const moves = ['order.fulfill', 'order.ship'];
    expect(await floor.countActions(order, ...moves)).toEqual({ 'order.fulfill': 1, 'order.ship': 1 });
    expect((await floor.tasksOf(order)).map(({ kind }) => kind as string).reverse()).toEqual(work);
  }

  it('do not take a late callback of an earlier wait for one of the later', async () => {
    const [first, second] = (await floor.ordersInProcess(2)) as [Json, Json];
    const id = await fire(n8n, 'testTwoPicks', 'two-picks', { first: first.id, second: second.id });
    await asleepIn(id, 1);
    await floor.finish(first);
    await asleepIn(id, 2);
    const [early] = wakeCalls(service, id);
    for (let times = 0; times < 3; times += 1) await wake(early!);
    await aWhile();
    const still = await readRun(n8n, id);
    expect({ status: still.status, bothPicked: timesRun(still, 'Both Picked') }).toEqual({
      status: 'waiting',
      bothPicked: 0,
    });
    await floor.finish(second);
    const run = await untilStatus(n8n, id, 'success');
    expect(run.outputsOf('First Picking').map(ordersOn)).toEqual([[[first.id], [], []]]);
    expect(run.outputsOf('Second Picking').map(ordersOn)).toEqual([[[second.id], [], []]]);
    expect(run.outputsOf('Both Picked')[0]?.[0]?.[0]).toMatchObject({
      order: { number: second.number },
      task: { outcome: 'done' },
    });
    expect(timesRun(run, 'Both Picked')).toBe(1);
  }, 300_000);

  it('wait for the task of every order in a loop, each once', async () => {
    const orders = await floor.ordersInProcess(3);
    const id = await fire(n8n, 'testPickLoop', 'pick-loop', asItems(orders));
    for (const [turn, order] of orders.entries()) {
      await asleepIn(id, turn + 1);
      await floor.finish(order);
    }
    const run = await untilStatus(n8n, id, 'success');
    expect(run.outputsOf('Picking').map(ordersOn)).toEqual(orders.map((order) => [[order.id], [], []]));
    expect(run.outputsOf('All Picked').map(ordersOn)).toEqual([[orders.map((order) => order.id)]]);
    for (const order of orders) expect(await floor.tasksOf(order)).toHaveLength(1);
    expect(wakeCalls(service, id).map(({ status }) => status)).toEqual(['superseded', 'superseded', 'delivered']);
  }, 300_000);

  it('go on once all of their items are done, each item by its own output with its own order', async () => {
    const [done, short, cancelled] = (await floor.ordersInProcess(3)) as [Json, Json, Json];
    const id = await fire(n8n, 'testPickTogether', 'pick-together', asItems([done, short, cancelled]));
    await asleepIn(id, 1);
    await floor.cancel(cancelled);
    await floor.finishShort(short);
    await aWhile();
    expect((await readRun(n8n, id)).status).toBe('waiting');
    await floor.finish(done);
    const run = await untilStatus(n8n, id, 'success');
    expect(run.outputsOf('Picking').map(ordersOn)).toEqual([[[done.id], [short.id], [cancelled.id]]]);
    for (const [node, order, outcome] of [
      ['Picked', done, 'done'],
      ['Short', short, 'short'],
      ['Cancelled', cancelled, 'cancelled'],
    ] as const) {
      expect(run.outputsOf(node)).toMatchObject([
        [[{ order: { id: order.id }, task: { orderId: order.id, outcome } }]],
      ]);
    }
  }, 300_000);

  it('go on once when they are called five times at once', async () => {
    const order = await floor.inProcess();
    const id = await fire(n8n, 'testPickAndShip', 'pick-and-ship', asItems([order]));
    await asleepIn(id, 1);
    const [call] = wakeCalls(service, id);
    await floor.finish(order);
    const answers = await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => wake(call!)));
    expect(answers.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    const run = await untilStatus(n8n, id, 'success');
    await aWhile();
    for (const node of ['Picking', 'Fulfill Order', 'Ship Order', 'Order Shipped']) {
      expect({ node, times: timesRun(run, node) }).toEqual({ node, times: 1 });
    }
    await expectShippedOnce(order);
  }, 300_000);

  it('are not called any more once they have ended, though nobody heard that they woke', async () => {
    const order = await floor.inProcess();
    const id = await fire(n8n, 'testPickTogether', 'pick-together', asItems([order]));
    await asleepIn(id, 1);
    const [call] = wakeCalls(service, id);
    await floor.finish(order);
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => wake(call!)));
    await untilStatus(n8n, id, 'success');
    await eventually('the wait to be over', async () => wakeCalls(service, id)[0]?.status === 'delivered', 20_000);
  }, 300_000);

  it('all go on once though n8n was killed while many of them waited', async () => {
    const orders = await floor.ordersInProcess(ORDERS_AT_ONCE);
    const ids: string[] = [];
    for (const order of orders) ids.push(await fire(n8n, 'testPickAndShip', 'pick-and-ship', asItems([order])));
    for (const id of ids) await asleepIn(id, 1);
    const before = (await n8n.executions('testPickAndShip')).length;
    await n8n.kill();
    // Half of the people finish while n8n is down, the others when it is back.
    const half = orders.length / 2;
    for (const order of orders.slice(0, half)) await floor.finish(order);
    await n8n.start();
    await Promise.all(orders.slice(half).map((order) => floor.finish(order)));
    for (const [n, id] of ids.entries()) {
      const run = await untilStatus(n8n, id, 'success');
      expect(run.outputsOf('Order Shipped').map(ordersOn)).toEqual([[[orders[n]?.id]]]);
    }
    expect((await n8n.executions('testPickAndShip')).length).toBe(before);
    for (const order of orders) await expectShippedOnce(order);
    expect(await floor.call('GET', '/integrity')).toMatchObject({ ok: true });
  }, 420_000);

  it('are started again when n8n takes the results and is killed before the next step', async () => {
    await n8n.publish(['on-error.json', 'order-fulfillment.json']);
    const order = await floor.place();
    await floor.call('PUT', `/orders/${order.id}/status`, { move: 'confirm' });
    await floor.openTask(order);
    const [asleep] = await eventually('the pipeline to wait', async () => {
      const found = await n8n.executions('olOrderFulfillment');
      return found[0]?.status === 'waiting' && found;
    });
    await floor.finish(order);
    // Looked at so often that the kill comes before the run's next step.
    for (let looks = 0; looks < 4_000 && wakeCalls(service, asleep!.id)[0]?.status !== 'delivered'; looks += 1) {
      await new Promise((done) => setTimeout(done, 5));
    }
    await n8n.kill();
    await n8n.start();
    await floor.finish(order, 'packing', 'pickup_dispatch');
    const isShipped = async (): Promise<boolean> =>
      (await floor.call('GET', `/orders/${order.id}`)).status === 'shipped';
    await eventually('the order to be shipped', isShipped, 120_000);
    await expectShippedOnce(order, ALL_WORK);
  }, 300_000);
});
