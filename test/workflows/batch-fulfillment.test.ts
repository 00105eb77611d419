import { eventually } from '../support/eventually';
import { MANAGER, PipelineShop } from './pipeline-shop';
import { type Json, readRun, RUN_WITHIN_MS, untilStatus } from './runs';
import { isClosedToStrangers, Staff } from './staff-form';

const BATCH = 'olBatchFulfillment';
const FORM = 'orderloom-wave';
const PICKER = 'karim@example.com';
const ORDERS = 30;
const SHOP_WITHIN_MS = 240_000;

describe('batch-fulfillment in the real n8n', () => {
  let shop: PipelineShop;
  let staff: Staff;
  afterEach(() => shop?.close());

  async function openShop(...workflows: string[]): Promise<void> {
    shop = await PipelineShop.open(workflows);
    staff = await Staff.logIn(shop.n8n);
  }
  async function confirmed(count: number): Promise<Json[]> {
    const orders: Json[] = [];
    while (orders.length < count) {
      const order = await shop.place();
      await shop.floor.call('PUT', `/orders/${order.id}/status`, { move: 'confirm' });
      orders.push(order);
    }
    return orders;
  }
  const untilWave = (): Promise<Json> =>
    eventually(
      'the wave',
      async () => {
        const [wave] = (await shop.floor.call('GET', '/waves')).items as Json[];
        return wave && (await shop.floor.call('GET', `/waves/${wave.id}`));
      },
      RUN_WITHIN_MS,
    );
  const work = (wave: Json, verb: string, body: Json): Promise<Json> =>
    shop.floor.call('POST', `/waves/${wave.id}/${verb}`, body);
  const cancel = (order?: Json): Promise<Json> =>
    shop.floor.call('POST', `/orders/${order?.id}/cancel`, { reason: 'operational', note: 'asked', notify: false });
  const lastRun = async (): Promise<string> => (await shop.n8n.executions(BATCH))[0]?.id ?? '';
  const picked = (wave: Json): Promise<Json> => shop.floor.call('GET', `/waves/${wave.id}`);

  it(
    `picks ${ORDERS} orders together, loses three of them on the way, and ships the others`,
    async () => {
      await openShop('batch-fulfillment.json');
      const before = await shop.floor.stock();
      const orders = await confirmed(ORDERS);
      expect(await isClosedToStrangers(shop.n8n, FORM)).toBe(true);
      expect((await shop.n8n.executions(BATCH)).length).toBe(0);
      await staff.press(FORM, ['']);
      const wave = await untilWave();
      expect(wave).toMatchObject({
        assigneeEmail: PICKER,
        progress: { orders: ORDERS, units: 2 * ORDERS },
        leftOut: [],
      });
      const runId = await lastRun();
      await untilStatus(shop.n8n, runId, 'waiting');
      const line = (wave.lines as Json[])[0] ?? {};

      // One before anything was collected, one half collected, one already sorted.
      await cancel(orders[29]);
      expect((await picked(wave)).progress.units).toBe(58);
      await work(wave, 'collect', { lineId: line.id, quantity: 57 });
      await cancel(orders[28]);
      await work(wave, 'sort', { code: 'TEA-01', quantity: 2 });
      await cancel(orders[0]);
      const shrunk = await picked(wave);
      expect(shrunk).toMatchObject({ progress: { units: 54, unitsToPutBack: 1 } });
      await work(wave, 'sort', { lineId: line.id, all: true });
      await work(wave, 'put-back', { lineId: line.id });
      expect(await work(wave, 'finish', {})).toMatchObject({ status: 'done', outcome: 'done' });

      await untilStatus(shop.n8n, runId, 'success');
      await shop.untilQuiet();
      const statuses = (await Promise.all(orders.map((order) => shop.order(order)))).map(
        ({ status }) => status as string,
      );
      expect(statuses.filter((status) => status === 'shipped')).toHaveLength(27);
      expect([statuses[0], statuses[28], statuses[29]]).toEqual(['cancelled', 'cancelled', 'cancelled']);
      for (const order of orders.slice(1, 28)) {
        const times = await shop.floor.countActions(order, 'order.process', 'order.fulfill', 'order.ship');
        expect(times).toEqual({ 'order.process': 1, 'order.fulfill': 1, 'order.ship': 1 });
      }

      const putBack = (await shop.floor.tasksOf(orders[0] ?? {})).find(({ kind }) => kind === 'put_back');
      expect(putBack).toMatchObject({ status: 'open', assigneeEmail: PICKER, progress: { units: 2 } });
      await shop.floor.call('POST', `/tasks/${putBack?.id}/complete`, { allDone: true });
      const after = await shop.floor.stock();
      expect(after).toMatchObject({ reserved: 0, unavailable: 0, available: before.available - 54 });

      const toPicker = (await shop.mails(PICKER)).map(({ subject }) => subject);
      expect(toPicker.sort()).toEqual([
        `Put back: order ${orders[0]?.number}`,
        `Wave ${wave.number}: ${ORDERS} orders to pick together`,
      ]);
      const toManager = (await shop.mails(MANAGER)).map(({ subject }) => subject);
      expect(toManager.filter((subject) => subject.includes('A wave is over'))).toEqual([
        expect.stringMatching(/: A wave is over: 27 orders shipped$/),
      ]);
      expect(await shop.customerMails(orders[5] ?? {})).toHaveLength(1);
      expect(await shop.customerMails(orders[28] ?? {})).toHaveLength(0);
      const { outputsOf } = await readRun(shop.n8n, runId);
      expect(outputsOf('Left Out or Cancelled')[0]?.[0]).toHaveLength(3);
      await shop.expectBooksAgree();

      // Nothing waits any more: the next wave ends quietly.
      await staff.press(FORM, ['']);
      const quiet = await eventually('the next run', async () => {
        const id = await lastRun();
        return id === runId ? undefined : id;
      });
      const run = await untilStatus(shop.n8n, quiet, 'success');
      expect(run.outputsOf('Nothing to Pick')).toHaveLength(1);
      expect(run.outputsOf('Tell the Managers: Wave Over')).toHaveLength(0);
    },
    SHOP_WITHIN_MS,
  );

  it(
    'has packed what the store wants packed, and takes no order that is picked already or waits for goods',
    async () => {
      await openShop('batch-fulfillment.json');
      await shop.floor.call('PATCH', '/stores/main', { packing: 'required' });
      const [picked, ...orders] = await confirmed(3);
      await shop.floor.call('PUT', `/orders/${picked?.id}/status`, { move: 'process' });
      await shop.floor.call('POST', '/tasks', { kind: 'picking', orderId: picked?.id });
      await shop.floor.finish(picked ?? {});
      await staff.press(FORM, ['2']);
      const wave = await untilWave();
      expect((wave.orders as Json[]).map(({ number }) => number)).toEqual(orders.map(({ number }) => number));
      const runId = await lastRun();
      await untilStatus(shop.n8n, runId, 'waiting');
      await work(wave, 'finish', { allDone: true });
      for (const order of orders) {
        const { id } = await shop.floor.openTask(order, 'packing');
        await shop.floor.call('PUT', `/orders/${order.id}/package`, {});
        const { status } = await shop.floor.call('GET', `/tasks/${id}`);
        if (status !== 'done') await shop.floor.call('POST', `/tasks/${id}/complete`, { allDone: true });
      }
      const { outputsOf } = await untilStatus(shop.n8n, runId, 'success');
      expect(outputsOf('Fulfill Packed Order')[0]?.[0]).toHaveLength(2);
      expect(outputsOf('Person Looks at the Order')).toHaveLength(0);
      for (const order of orders) {
        await shop.untilStatus(order, 'shipped');
        await shop.expectMovedByPipeline(order, { 'order.fulfill': BATCH, 'order.ship': BATCH });
      }
      await shop.untilQuiet();
      const toManager = (await shop.mails(MANAGER)).map(({ subject }) => subject);
      expect(toManager).toContainEqual(expect.stringMatching(/A wave is over: 2 orders shipped$/));
      await shop.expectBooksAgree();
    },
    SHOP_WITHIN_MS,
  );

  it(
    'leaves an order to its own run also when that came after the wave had begun',
    async () => {
      await openShop('batch-fulfillment.json');
      const [order] = await confirmed(1);
      await staff.press(FORM, ['']);
      const wave = await untilWave();
      const runId = await lastRun();
      await untilStatus(shop.n8n, runId, 'waiting');
      // As its own run does a moment later: it finds the task open and sleeps until that is done.
      const [{ taskId }] = wave.orders as [Json];
      const own = { executionId: '9001', nodeId: 'own', round: 0, resumeUrl: `${shop.n8n.url}/webhook-waiting/9001` };
      await shop.floor.call('POST', '/waits', { ...own, items: [{ taskId }] });
      await work(wave, 'finish', { allDone: true });
      const { outputsOf } = await untilStatus(shop.n8n, runId, 'success');
      expect(outputsOf('Its Own Run Goes On')[0]?.[0]).toHaveLength(1);
      expect(await shop.order(order ?? {})).toMatchObject({ status: 'processing' });
    },
    SHOP_WITHIN_MS,
  );

  it(
    'takes over the picking of orders that a run of their own waits for, and leaves the rest to that run',
    async () => {
      await openShop('order-fulfillment.json', 'batch-fulfillment.json');
      const orders = await confirmed(2);
      for (const order of orders) await shop.floor.openTask(order);
      await shop.untilQuiet();
      await staff.press(FORM, ['']);
      const wave = await untilWave();
      expect(wave.orders).toMatchObject([
        { number: orders[0]?.number, adopted: true, awaited: true },
        { number: orders[1]?.number, adopted: true, awaited: true },
      ]);
      const runId = await lastRun();
      await untilStatus(shop.n8n, runId, 'waiting');
      await work(wave, 'finish', { allDone: true });
      const { outputsOf } = await untilStatus(shop.n8n, runId, 'success');
      expect(outputsOf('Its Own Run Goes On')[0]?.[0]).toHaveLength(2);
      expect(outputsOf('Fulfill Order')).toHaveLength(0);
      for (const order of orders) await shop.floor.finish(order, 'packing', 'pickup_dispatch');
      for (const order of orders) {
        await shop.untilStatus(order, 'shipped');
        await shop.expectMovedByPipeline(order, {
          'order.fulfill': 'olOrderFulfillment',
          'order.ship': 'olOrderFulfillment',
        });
      }
      await shop.untilQuiet();
      await shop.expectBooksAgree();
    },
    SHOP_WITHIN_MS,
  );
});
