import { ADMIN_KEY } from '../support/app';
import { eventually } from '../support/eventually';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { TEA } from '../support/shop';
import { fire, fixture, Floor, type Json, readRun, RUN_WITHIN_MS, type Run, wakeCalls } from './runs';

const RUNS = 50;
const AT_ONCE = 5;
const STEPS = ['Picking', 'Fulfill Order', 'Ship Order', 'Order Shipped'];

/** The people of a whole warehouse have work open when the machine goes down. */
describe('Fifty runs that wait, in the real n8n', () => {
  let service: ServiceProcess;
  let n8n: TestN8n;
  let floor: Floor;

  beforeAll(async () => {
    service = await startServiceProcess({ PIPELINE_STALL_MS: '600000' });
    floor = new Floor(service);
    await floor.open(TEA);
    n8n = await startTestN8n({ url: service.url, apiKey: ADMIN_KEY });
    await n8n.publish([fixture('pick-and-ship.json')]);
  }, 300_000);
  afterAll(async () => {
    await n8n?.remove();
    await service?.remove();
  });

  const ended = (id: string): Promise<Run> =>
    eventually(
      `execution ${id} to end`,
      async () => {
        const run = await readRun(n8n, id);
        if (run.status !== 'success') throw new Error(`It is ${run.status}: ${run.error?.message ?? ''}`);
        return run;
      },
      RUN_WITHIN_MS,
    );

  async function inTurns(orders: readonly Json[], work: (order: Json) => Promise<void>): Promise<void> {
    for (let from = 0; from < orders.length; from += AT_ONCE) {
      await Promise.all(orders.slice(from, from + AT_ONCE).map(work));
    }
  }

  it('survive the kill of n8n and of the service, and go on exactly once each', async () => {
    const orders = await floor.ordersInProcess(RUNS);
    const ids: string[] = [];
    for (const { id } of orders) {
      ids.push(await fire(n8n, 'testPickAndShip', 'pick-and-ship', { orders: [{ order: { id } }] }));
    }
    const isAsleep = async (id: string): Promise<boolean> =>
      wakeCalls(service, id).length === 1 && (await readRun(n8n, id)).status === 'waiting';
    for (const id of ids) await eventually(`execution ${id} to sleep`, () => isAsleep(id), RUN_WITHIN_MS);
    const tasksBefore = await Promise.all(orders.map((order) => floor.openTask(order)));

    await Promise.all([n8n.kill(), service.kill()]);
    await service.start();
    // Half of the people finish while n8n is down, the others when it is back.
    await inTurns(orders.slice(0, RUNS / 2), (order) => floor.finish(order));
    await n8n.start();
    await inTurns(orders.slice(RUNS / 2), (order) => floor.finish(order));

    for (const [n, id] of ids.entries()) {
      const run = await ended(id);
      const times = STEPS.map((step) => run.outputsOf(step).length);
      expect({ id, times, shipped: run.outputsOf('Order Shipped')[0]?.[0]?.[0]?.order.id }).toEqual({
        id,
        times: STEPS.map(() => 1),
        shipped: orders[n]?.id,
      });
      expect(wakeCalls(service, id).map(({ status }) => status)).toEqual(['delivered']);
    }
    for (const [n, order] of orders.entries()) {
      expect(await floor.countActions(order, 'order.fulfill', 'order.ship')).toEqual({
        'order.fulfill': 1,
        'order.ship': 1,
      });
      expect((await floor.tasksOf(order)).map(({ id }) => id as string)).toEqual([tasksBefore[n]?.id]);
    }
    const { items } = await floor.call('GET', '/incidents');
    expect(items).toEqual([]);
    expect(await floor.call('GET', '/integrity')).toMatchObject({ ok: true });
  }, 560_000);
});
