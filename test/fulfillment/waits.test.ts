import { MovableClock } from '../../server/platform/clock';
import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectStatus, move } from '../support/shop';
import { type Body, lineOf, openPicking, orderInProcess, startFloor } from './floor';
import { SleepingRun } from './sleeping-run';

describe.each(DATABASES)('Waits, on %s', (kind) => {
  const SECOND_MS = 1000;
  const clock = new MovableClock();
  let app: TestApp;
  let n8n: SleepingRun;
  let runs = 0;

  beforeAll(async () => {
    n8n = await SleepingRun.start();
    app = await startFloor(kind, { clock });
  });
  afterAll(async () => {
    await app.close();
    await n8n.stop();
  });

  function nextRun(): string {
    runs += 1;
    return `run-${runs}`;
  }

  async function newTask(): Promise<Body> {
    return openPicking(app, (await orderInProcess(app)).id);
  }

  function wait(executionId: string, taskIds: string[], more: Record<string, unknown> = {}): Promise<Body> {
    const items = taskIds.map((taskId) => ({ taskId }));
    const body = { executionId, nodeId: 'node-1', round: 0, resumeUrl: n8n.resumeUrl(executionId), items, ...more };
    return app.post('/waits', body).then((answer) => ({ ...answer.body, status: answer.status }));
  }

  async function finish(task: Body): Promise<void> {
    expectStatus(await app.post(`/tasks/${task.id}/complete`, { allDone: true }), 200);
    await app.settled();
  }

  /** Lets so much time pass, step by step, and what is due happen. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 5) {
      clock.advance(5 * SECOND_MS);
      await app.settled();
    }
  }

  describe('a run that waits for tasks', () => {
    it('is called back once, at the very address it gave, when the last of them is closed', async () => {
      const run = nextRun();
      const [first, second, third] = [await newTask(), await newTask(), await newTask()];
      const made = await wait(run, [third.id, first.id, second.id]);
      expect(made).toMatchObject({ status: 201, current: true, done: false });
      await finish(first);
      await app.post(`/tasks/${second.id}/cancel`, { note: 'not today' });
      await app.settled();
      expect(n8n.callsFor(run)).toEqual([]);
      const lines = [
        { id: lineOf(third, 'CUP-01').id, doneQuantity: 1 },
        { id: lineOf(third, 'TEA-01').id, doneQuantity: 0, shortReason: 'not_found' },
      ];
      expectStatus(await app.post(`/tasks/${third.id}/complete`, { lines }), 200);
      await app.settled();
      const results = [
        { taskId: third.id, outcome: 'short' },
        { taskId: first.id, outcome: 'done' },
        { taskId: second.id, outcome: 'cancelled' },
      ];
      expect(n8n.callsFor(run)).toEqual([
        { path: new URL(n8n.resumeUrl(run)).pathname + '?signature=a%2Bb%3D&x=1', body: { waitId: made.id, results } },
      ]);
      expect((await app.get(`/waits/${made.id}`)).body).toMatchObject({
        id: made.id,
        current: true,
        done: true,
        results,
      });
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(1);
    });

    it('gets the results at once when everything is closed already, and is not called', async () => {
      const run = nextRun();
      const task = await newTask();
      await finish(task);
      const made = await wait(run, [task.id]);
      expect(made).toMatchObject({
        done: true,
        results: [{ taskId: task.id, outcome: 'done', task: { orderId: task.orderId, outcome: 'done' } }],
      });
      await app.settled();
      expect(n8n.callsFor(run)).toEqual([]);
    });

    it('is asked again while n8n says 409, is down or fails, until it answers', async () => {
      const run = nextRun();
      const task = await newTask();
      n8n.answer(409, 500, 409, 503);
      const made = await wait(run, [task.id]);
      await finish(task);
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(5);
      expect(new Set(n8n.callsFor(run).map(({ body }) => body.waitId))).toEqual(new Set([made.id]));
    });

    it('is not woken while n8n starts, which would take it for a run that crashed', async () => {
      const run = nextRun();
      const task = await newTask();
      n8n.readiness = 503;
      await wait(run, [task.id]);
      await finish(task);
      await pass(10);
      expect(n8n.callsFor(run)).toEqual([]);
      n8n.readiness = 200;
      await pass(10);
      expect(n8n.callsFor(run)).toHaveLength(1);
    });

    it('is not asked again once it has ended, which it can only have done awake', async () => {
      const run = nextRun();
      const task = await newTask();
      n8n.answer(500);
      n8n.answerEnded(run);
      await wait(run, [task.id]);
      await finish(task);
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(2);
    });

    it.each([401, 404])('is not asked again after %i; a person is told', async (status) => {
      const run = nextRun();
      const task = await newTask();
      n8n.answer(status);
      await wait(run, [task.id]);
      await finish(task);
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(1);
      const { items } = (await app.get('/incidents?status=open&kind=unresumed')).body;
      expect(items[0]).toMatchObject({
        executionId: run,
        message: `The paused run ${run} could not be woken: HTTP ${status}.`,
      });
    });

    it('asks for the same wait again and gets it, not a second one', async () => {
      const run = nextRun();
      const task = await newTask();
      const made = await wait(run, [task.id]);
      const again = await wait(run, [task.id]);
      expect([again.status, again.id]).toEqual([200, made.id]);
      await finish(task);
      expect(n8n.callsFor(run)).toHaveLength(1);
    });

    it('that asks again after the end is told by that answer, and not called any more', async () => {
      const run = nextRun();
      const task = await newTask();
      n8n.answer(409);
      await wait(run, [task.id]);
      await finish(task);
      expect(await wait(run, [task.id])).toMatchObject({ done: true });
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(1);
    });

    it('lets the later wait of a loop take the place of the earlier one', async () => {
      const run = nextRun();
      const [first, second] = [await newTask(), await newTask()];
      const earlier = await wait(run, [first.id]);
      const later = await wait(run, [second.id], { round: 1 });
      expect((await app.get(`/waits/${earlier.id}`)).body.current).toBe(false);
      await finish(first);
      expect(n8n.callsFor(run)).toEqual([]);
      await finish(second);
      expect(n8n.callsFor(run).map(({ body }) => body.waitId)).toEqual([later.id]);
    });

    it('is another one when an n8n that was set up anew gives its number again', async () => {
      const run = nextRun();
      const [old, fresh] = [await newTask(), await newTask()];
      const earlier = await wait(run, [old.id]);
      const later = await wait(run, [fresh.id]);
      expect(later).toMatchObject({ status: 201, current: true, done: false, results: [{ taskId: fresh.id }] });
      expect((await app.get(`/waits/${earlier.id}`)).body.current).toBe(false);
      const back = await wait(run, [old.id]);
      expect(back).toMatchObject({ status: 201, current: true });
      expect(new Set([earlier.id, later.id, back.id]).size).toBe(3);
      await finish(fresh);
      await finish(old);
      expect(n8n.callsFor(run).map(({ body }) => body.waitId)).toEqual([back.id]);
    });

    it('that acts by itself is taken for awake, though its answer was lost', async () => {
      const run = nextRun();
      const task = await newTask();
      n8n.answer(500);
      await wait(run, [task.id]);
      await finish(task);
      const order = await orderInProcess(app);
      const headers = { 'x-workflow-execution-id': run };
      expectStatus(await app.post('/tasks', { kind: 'picking', orderId: order.id }, { headers }), 201);
      await pass(30);
      expect(n8n.callsFor(run)).toHaveLength(1);
    });

    it('hears of five tasks that finish at the same moment once', async () => {
      const run = nextRun();
      const tasks = await Promise.all(Array.from({ length: 5 }, () => newTask()));
      await wait(
        run,
        tasks.map(({ id }) => String(id)),
      );
      await Promise.all(tasks.map(({ id }) => app.post(`/tasks/${id}/complete`, { allDone: true })));
      await app.settled();
      expect(n8n.callsFor(run)).toHaveLength(1);
      expect(n8n.callsFor(run)[0]?.body.results).toHaveLength(5);
    });

    it('goes on by "cancelled" when the order is cancelled', async () => {
      const run = nextRun();
      const order = await orderInProcess(app);
      const task = await openPicking(app, order.id);
      await wait(run, [task.id]);
      await move(app, order.id, 'cancel', { reason: 'operational' });
      await app.settled();
      expect(n8n.callsFor(run)[0]?.body.results).toEqual([{ taskId: task.id, outcome: 'cancelled' }]);
    });

    it.each([
      ['a task there is not', { items: [{ taskId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }] }, 404, 'TASK_NOT_FOUND'],
      ['nothing to wait for', { items: [] }, 422, 'VALIDATION_FAILED'],
      ['an address that is none', { resumeUrl: 'file:///etc/passwd' }, 422, 'VALIDATION_FAILED'],
    ])('is refused with %s', async (_what, fields, status, code) => {
      const answer = await wait(nextRun(), ['x'], fields);
      expect([answer.status, answer.code]).toEqual([status, code]);
    });
  });
});
