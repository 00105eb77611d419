import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, stockProduct } from '../support/shop';
import { transactionsDuring } from '../support/transactions';
import { type Body, openPicking, orderInProcess, PICKER, readOrder, startFloor } from './floor';
import { SleepingRun } from './sleeping-run';
import { confirmedOrders, inWave, itemOf, startWave } from './wave-floor';

describe.each(DATABASES)('What a wave costs the database, on %s', (kind) => {
  let app: TestApp;
  let n8n: SleepingRun;
  beforeAll(async () => {
    n8n = await SleepingRun.start();
    app = await startFloor(kind);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
    await n8n.stop();
  });

  const waveOf = async (orders: number): Promise<Body> => {
    const units = Array.from({ length: orders }, () => ({ 'TEA-01': 1, 'CUP-01': 2 }));
    return startWave(app, await confirmedOrders(app, units), { assigneeEmail: PICKER.email });
  };
  const costOf = async (work: () => Promise<unknown>): Promise<number> => {
    await app.settled();
    const transactions = await transactionsDuring(work);
    const own = transactions.filter((statements) => statements.some((sql) => /^(UPDATE|INSERT INTO) waves /.test(sql)));
    expect(own).toHaveLength(1);
    return own[0]?.length ?? 0;
  };
  /** What it costs to give back, adopt, hand over, sort and finish a wave of so many orders. */
  const costsOf = async (orders: number): Promise<Record<string, number>> => {
    const given = await waveOf(orders);
    const cancel = await costOf(() => inWave(app, given.id, 'cancel', {}));
    const orderIds = (given.orders as Body[]).map(({ orderId }) => orderId as string);
    let first: Body = {};
    const adopt = await costOf(async () => {
      first = expectStatus(await app.post('/waves', { orderIds, assigneeEmail: PICKER.email }), 201).body;
    });
    const assign = await costOf(() => inWave(app, first.id, 'assign', { assigneeEmail: 'other@example.com' }));
    const finishAtOnce = await costOf(() => inWave(app, first.id, 'finish', { allDone: true }));
    const second = await waveOf(orders);
    const [tea, cup] = ['TEA-01', 'CUP-01'].map((sku) => itemOf(second, sku).id as string);
    const sort = await costOf(() => inWave(app, second.id, 'sort', { lineId: tea, quantity: orders }));
    await inWave(app, second.id, 'sort', { lineId: cup, quantity: 2 * orders });
    const finishSorted = await costOf(() => inWave(app, second.id, 'finish', {}));
    return { cancel, adopt, assign, finishAtOnce, sort, finishSorted };
  };
  /** What it costs to finish a wave of so many orders when half of the jam is lost meanwhile, so that their lines wait for it. */
  const costOfLoss = async (orders: number): Promise<number> => {
    const sku = `JAM-${orders}`;
    await stockProduct(app, { sku, name: 'Jam', barcode: `40063813339${orders + 10}`, shelf: 'B-1' }, 2 * orders);
    const units = Array.from({ length: orders }, () => ({ 'TEA-01': 1, [sku]: 2 }));
    const wave = await startWave(app, await confirmedOrders(app, units), { assigneeEmail: PICKER.email });
    const counted = { lines: [{ sku, delta: -orders, reason: 'count' }] };
    expectStatus(await app.post('/inventory/adjustments', counted), 201);
    await app.settled();
    const cost = await costOf(() => inWave(app, wave.id, 'finish', { allDone: true }));
    const waiting = (wave.orders as Body[]).map(async ({ orderId, taskId }) => {
      const [, jam] = (await readOrder(app, orderId)).lines as Body[];
      const { lines } = (await app.get(`/tasks/${taskId}`)).body as Body;
      const listed = (lines as Body[]).find((line) => line.sku === sku)?.quantity ?? 0;
      expect([jam?.preparedQuantity, jam?.backorderedQuantity]).toEqual([listed, 2 - listed]);
      return 2 - listed;
    });
    expect((await Promise.all(waiting)).reduce((sum, lost) => sum + lost, 0)).toBe(orders);
    return cost;
  };

  it('asks as little for thirty orders as for three', async () => {
    expect(await costsOf(30)).toEqual(await costsOf(3));
  }, 60_000);

  it('asks as little for fifteen lines that shrank or went as for three', async () => {
    expect(await costOfLoss(29)).toBe(await costOfLoss(5));
  }, 60_000);

  it('writes each order’s own history all the same: what was picked, and that its task is done', async () => {
    const wave = await waveOf(12);
    await inWave(app, wave.id, 'finish', { allDone: true });
    for (const { orderId, taskId, number } of wave.orders as Body[]) {
      const { lines, version } = await readOrder(app, orderId);
      expect((lines as Body[]).map(({ preparedQuantity }) => preparedQuantity)).toEqual([1, 2]);
      const { items } = (await app.get(`/audit?orderId=${orderId}`)).body as { items: Body[] };
      const [task, order] = ['task.complete', 'order.prepare'].map((wanted) =>
        items.filter(({ action }) => action === wanted),
      );
      expect([number, task?.map(({ subject }) => subject.id), order?.length]).toEqual([number, [taskId], 1]);
      expect((await app.get(`/tasks/${taskId}`)).body).toMatchObject({ status: 'done', outcome: 'done' });
      // Prepared once: an order that was read before knows that it has changed.
      const again = await app.post(`/tasks/${taskId}/complete`, { allDone: true });
      expect([again.body.changed, (await readOrder(app, orderId)).version]).toEqual([false, version]);
    }
  });

  it('calls back each run that slept on one of the orders, and the wave’s own once all are done', async () => {
    const wave = await waveOf(3);
    const taskIds = (wave.orders as Body[]).map(({ taskId }) => taskId as string);
    const sleep = async (executionId: string, ids: string[]): Promise<void> => {
      const items = ids.map((taskId) => ({ taskId }));
      const wait = { executionId, nodeId: 'n', round: 0, resumeUrl: n8n.resumeUrl(executionId), items };
      expect((await app.post('/waits', wait)).status).toBeLessThan(300);
    };
    const other = await openPicking(app, (await orderInProcess(app)).id);
    await sleep('run-wave', taskIds);
    await sleep('run-order', taskIds.slice(1, 2));
    // A run that waits for something else as well sleeps on.
    await sleep('run-both', [taskIds[0] ?? '', other.id]);
    await inWave(app, wave.id, 'finish', { allDone: true });
    await app.settled();
    const outcomes = (run: string): unknown[] =>
      n8n.callsFor(run).map(({ body }) => (body.results as Body[]).map(({ outcome }) => outcome as string));
    expect([outcomes('run-wave'), outcomes('run-order')]).toEqual([[['done', 'done', 'done']], [['done']]]);
    expect(n8n.callsFor('run-both')).toEqual([]);
    expectStatus(await app.post(`/tasks/${other.id}/complete`, { allDone: true }), 200);
    await app.settled();
    expect(outcomes('run-both')).toEqual([['done', 'done']]);
  });
});
