import { MovableClock } from '../../server/platform/clock';
import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectStatus, move, pay, placeOrder } from '../support/shop';
import { type Body, mailsTo, openPicking, readOrder, startFloor } from './floor';
import { SleepingRun } from './sleeping-run';

describe.each(DATABASES)('Recovery, on %s', (kind) => {
  const STALL_MS = 120_000;
  const clock = new MovableClock();
  let app: TestApp;
  const asked: { eventId: string; attempt: number; orderId: string }[] = [];
  const reviewed: Body[] = [];

  beforeAll(async () => {
    app = await startFloor(kind, { clock });
    const { subscriptions } = app.service.workroom.registry;
    subscriptions.push(
      {
        topic: 'pipeline.stalled',
        name: 'test.stalled',
        handle: async (_job, { data }) => void asked.push(data as never),
      },
      { topic: 'order.review', name: 'test.review', handle: async (_job, { data }) => void reviewed.push(data) },
      { topic: 'order.*', name: 'test.orders', handle: async (_job, event) => void events.push(event) },
    );
  });
  afterAll(() => app.close());
  const events: { id: string; topic: string; orderId?: string }[] = [];

  /** A confirmed order and the event that started its pipeline. */
  async function confirmedOrder(): Promise<{ order: Body; eventId: string }> {
    const order = await placeOrder(app, { lines: [{ sku: 'TEA-01', quantity: 1 }] });
    await pay(app, order.id);
    if ((await readOrder(app, order.id)).status === 'pending') await move(app, order.id, 'confirm');
    await app.settled();
    const event = events.find(({ topic, orderId }) => topic === 'order.confirmed' && orderId === order.id);
    return { order, eventId: event?.id ?? '' };
  }

  /** The restarts asked for an order's run so far. */
  function restarts({ id }: Body): { eventId: string; attempt: number }[] {
    return asked.filter(({ orderId }) => orderId === id);
  }

  /** How the commands of a run name it. */
  const named = ({ eventId, execution }: { eventId: string; execution: string }, node: string) => ({
    headers: {
      'x-workflow-id': 'flow-1',
      'x-workflow-execution-id': execution,
      'x-workflow-node': node,
      'x-event-id': `evt_${eventId}`,
    },
  });

  /** A step of the run: it moves the order on. */
  async function step(
    orderId: string,
    name: string,
    run: { eventId: string; execution: string },
    fields = {},
  ): Promise<void> {
    expectStatus(await app.put(`/orders/${orderId}/status`, { move: name, ...fields }, named(run, name)), 200);
  }

  async function tell(orderId: string, run: { eventId: string; execution: string }): Promise<void> {
    const message = { orderId, message: 'shipped' };
    expectStatus(await app.post('/notifications/customer', message, named(run, 'Tell Customer')), 201);
  }

  async function later(ms: number): Promise<void> {
    clock.advance(ms);
    const { registry } = app.service.workroom;
    const sweep = registry.sweeps.find(({ name }) => name === 'fulfillment.stalls');
    await sweep?.run(app.service.workroom.jobContext('test'));
    await app.settled();
  }

  describe('a run that stands still', () => {
    it('gets its starting event again, three times at most, and then a person is told', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x1' });
      await later(STALL_MS - 1);
      expect(restarts(order)).toEqual([]);
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await later(STALL_MS);
        expect(restarts(order).at(-1)).toMatchObject({ eventId, orderId: order.id, attempt });
      }
      await later(STALL_MS);
      await later(STALL_MS);
      expect(restarts(order)).toHaveLength(3);
      const { items } = (await app.get(`/incidents?orderId=${order.id}`)).body;
      expect(items).toMatchObject([{ kind: 'stalled', status: 'open', eventId, executionId: 'x1', node: 'process' }]);
      expect(reviewed.filter((data) => data.order.id === order.id)).toMatchObject([
        { reason: 'pipeline_stalled', incidentId: items[0].id, order: { id: order.id } },
      ]);
      const resolved = await app.post(`/incidents/${items[0].id}/resolve`, { note: 'moved by hand' });
      expect(resolved.body).toMatchObject({ status: 'resolved', note: 'moved by hand' });
    });

    it('is left alone while a task is open, and restarted when that is done and nothing follows', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x2' });
      const task = await openPicking(app, order.id);
      await later(10 * STALL_MS);
      expect(restarts(order)).toEqual([]);
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      await later(10 * STALL_MS);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
    });

    it('has its time again from when it was woken, and is restarted when nothing follows', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x5' });
      const task = await openPicking(app, order.id);
      const n8n = await SleepingRun.start();
      const waiting = { executionId: 'x5', nodeId: 'node-1', round: 0, resumeUrl: n8n.resumeUrl('x5') };
      expectStatus(await app.post('/waits', { ...waiting, items: [{ taskId: task.id }] }), 201);
      await later(100 * STALL_MS);
      await app.post(`/tasks/${task.id}/complete`, { allDone: true });
      await app.settled();
      expect(n8n.callsFor('x5')).toHaveLength(1);
      await later(STALL_MS - 1);
      expect(restarts(order)).toEqual([]);
      // n8n took the results and was killed before the next step.
      await later(1);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      await n8n.stop();
    });

    it('is left alone while its order is held', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x3' });
      await app.post(`/orders/${order.id}/holds`, { reason: 'fraud', note: 'look at it' });
      await later(10 * STALL_MS);
      expect(restarts(order)).toEqual([]);
    });

    it('is finished once the order has left what its topic begins with', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x4' });
      const { lines } = await readOrder(app, order.id);
      await app.put(`/orders/${order.id}/items/${lines[0].id}/status`, { status: 'prepared' });
      await step(order.id, 'fulfill', { eventId, execution: 'x4' });
      await step(order.id, 'ship', { eventId, execution: 'x4' }, { carrier: 'manual' });
      clock.advance(1);
      await tell(order.id, { eventId, execution: 'x4' });
      await later(10 * STALL_MS);
      expect(restarts(order)).toEqual([]);
    });

    it('is started once more when nothing was heard after its last move: the customer may not have been told', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x6' });
      const { lines } = await readOrder(app, order.id);
      await app.put(`/orders/${order.id}/items/${lines[0].id}/status`, { status: 'prepared' });
      await step(order.id, 'fulfill', { eventId, execution: 'x6' });
      await step(order.id, 'ship', { eventId, execution: 'x6' }, { carrier: 'manual' });
      await later(STALL_MS);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      // The steps that are done answer as they did, and only the last one does something.
      await tell(order.id, { eventId, execution: 'x7' });
      await later(10 * STALL_MS);
      expect(restarts(order)).toHaveLength(1);
    });

    it('is not started again for an order that somebody else has moved since', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'x8' });
      await move(app, order.id, 'cancel', { reason: 'operational', notes: 'sold out' });
      await later(10 * STALL_MS);
      expect(restarts(order)).toEqual([]);
    });
  });

  describe('an incident', () => {
    const failure = {
      workflowId: 'flow-1',
      workflowName: 'Order fulfillment',
      node: 'Create Label',
      message: 'No zone',
    };

    it('finds the order of the run it names, restarts it at once, and is resolved when the run gets through', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'y1' });
      const told = await app.post('/incidents', {
        ...failure,
        executionId: 'y1',
        executionUrl: 'http://n8n/executions/y1',
      });
      expect(told.status).toBe(201);
      expect(told.body).toMatchObject({ kind: 'failed', status: 'open', orderId: order.id, eventId });
      expect((await app.post('/incidents', { ...failure, executionId: 'y1' })).status).toBe(200);
      await later(0);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      await later(1000);
      expect(restarts(order)).toHaveLength(1);
      await step(order.id, 'cancel', { eventId, execution: 'y2' }, { reason: 'operational' });
      await later(STALL_MS);
      expect((await app.get(`/incidents?orderId=${order.id}`)).body.items).toMatchObject([{ status: 'resolved' }]);
    });

    it('of an execution that another has overtaken is known by it, and resolved with the run', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'z1' });
      await later(STALL_MS);
      expect(restarts(order)).toHaveLength(1);
      const { lines } = await readOrder(app, order.id);
      const path = `/orders/${order.id}/items/${lines[0].id}/status`;
      await app.put(path, { status: 'prepared' }, named({ eventId, execution: 'z2' }, 'Assign Picking Task'));
      const told = await app.post('/incidents', { ...failure, executionId: 'z1' });
      expect(told.body).toMatchObject({ status: 'retrying', orderId: order.id, eventId });
      await later(0);
      expect(restarts(order)).toHaveLength(1);
      await step(order.id, 'cancel', { eventId, execution: 'z2' }, { reason: 'operational' });
      await later(STALL_MS);
      expect((await app.get(`/incidents?orderId=${order.id}`)).body.items).toMatchObject([{ status: 'resolved' }]);
    });

    it('of an execution whose successor got through is mended already when n8n tells of it', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'z3' });
      await step(order.id, 'cancel', { eventId, execution: 'z4' }, { reason: 'operational' });
      await later(STALL_MS);
      const told = await app.post('/incidents', { ...failure, executionId: 'z3' });
      expect(told.body).toMatchObject({ status: 'resolved', orderId: order.id, eventId });
      await later(STALL_MS);
      expect(restarts(order)).toEqual([]);
    });

    it('restarts a run although a task is open: the execution that waited for it is gone', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'y3' });
      await openPicking(app, order.id);
      await app.post('/incidents', { ...failure, executionId: 'y3' });
      await later(0);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      await later(10 * STALL_MS);
      expect(restarts(order)).toHaveLength(1);
    });

    it('of a run that was taken for finished starts it again, and is resolved when it fails no more', async () => {
      const { order, eventId } = await confirmedOrder();
      await step(order.id, 'process', { eventId, execution: 'y5' });
      const { lines } = await readOrder(app, order.id);
      await app.put(`/orders/${order.id}/items/${lines[0].id}/status`, { status: 'prepared' });
      await step(order.id, 'fulfill', { eventId, execution: 'y5' });
      await step(order.id, 'ship', { eventId, execution: 'y5' }, { carrier: 'manual' });
      clock.advance(1);
      await tell(order.id, { eventId, execution: 'y5' });
      await later(2 * STALL_MS);
      expect(restarts(order)).toEqual([]);
      await app.post('/incidents', { ...failure, executionId: 'y5' });
      await later(0);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      await later(2 * STALL_MS);
      expect(restarts(order)).toHaveLength(1);
      expect((await app.get(`/incidents?orderId=${order.id}`)).body.items).toMatchObject([{ status: 'resolved' }]);
    });

    it('of a run that began with the end of its order is not excused by that end', async () => {
      const { order } = await confirmedOrder();
      await move(app, order.id, 'cancel', { reason: 'operational', notes: 'sold out' });
      await app.settled();
      const { id: eventId } = events.find((one) => one.topic === 'order.cancelled' && one.orderId === order.id)!;
      const refund = (): Promise<unknown> =>
        app.post(`/orders/${order.id}/refund`, {}, named({ eventId, execution: 'y6' }, 'Refund Order'));
      expect(await refund()).toMatchObject({ status: 201 });
      clock.advance(1);
      await app.post('/incidents', { ...failure, executionId: 'y6' });
      await later(0);
      expect(restarts(order)).toMatchObject([{ eventId, attempt: 1 }]);
      clock.advance(1);
      await app.post('/incidents', { ...failure, eventId: `evt_${eventId}`, executionId: 'y7' });
      await later(STALL_MS);
      expect(restarts(order)).toHaveLength(2);
      await later(2 * STALL_MS);
      const { items } = (await app.get(`/incidents?orderId=${order.id}`)).body;
      expect(items).toMatchObject([{ status: 'resolved' }, { status: 'resolved' }]);
      expect(restarts(order)).toHaveLength(2);
    });

    it('is kept though nothing is known of the run or the order it names', async () => {
      const told = await app.post('/incidents', {
        ...failure,
        executionId: 'stranger',
        orderId: 'number:none',
        message: 'x'.repeat(9000),
      });
      expect(told.status).toBe(201);
      expect(told.body).toMatchObject({ orderId: null, eventId: null });
      await later(STALL_MS);
      expect((await app.get('/incidents?status=open')).body.items[0]).toMatchObject({ id: told.body.id });
    });
  });

  describe('a late task', () => {
    it('is told once, reminds the person, and an hour later the managers', async () => {
      const { order } = await confirmedOrder();
      await move(app, order.id, 'process');
      const dueAt = new Date(Date.parse(clock.now()) + 60_000).toISOString();
      const task = await openPicking(app, order.id, { dueAt, assigneeEmail: 'late@example.com' });
      const { registry } = app.service.workroom;
      await app.post('/users', { name: 'Mona', email: 'mona@example.com', role: 'store_manager', storeIds: [] });
      const overdue = registry.sweeps.find(({ name }) => name === 'fulfillment.overdue');
      for (const ms of [30_000, 40_000, 60_000, 3_600_000, 3_600_000]) {
        await app.settled();
        clock.advance(ms);
        await overdue?.run(app.service.workroom.jobContext('test'));
      }
      await app.settled();
      const subjects = async (email: string): Promise<string[]> =>
        (await mailsTo(app, email)).map(({ subject }) => subject);
      const { orderNumber } = task;
      expect(await subjects('late@example.com')).toEqual([
        `Late: Picking, order ${orderNumber}`,
        `Picking: order ${orderNumber}`,
      ]);
      expect(await subjects('mona@example.com')).toEqual([`Still not done: Picking, order ${orderNumber}`]);
      expect((await app.get(`/tasks/${task.id}`)).body.overdueAt).not.toBeNull();
    });
  });
});
