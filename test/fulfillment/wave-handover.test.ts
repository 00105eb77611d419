import { MovableClock } from '../../server/platform/clock';
import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus } from '../support/shop';
import { type Body, mailsTo, openPicking, orderInProcess, PICKER, reach, startFloor } from './floor';
import { confirmedOrders, inWave, itemOf, readWave, slotOf, startWave } from './wave-floor';

const MINUTE_MS = 60_000;
const SECOND = { ...PICKER, name: 'Rina Das', email: 'rina@example.com' };

describe.each(DATABASES)('Giving a wave to somebody else, on %s', (kind) => {
  let app: TestApp;
  const clock = new MovableClock();
  beforeAll(async () => {
    app = await startFloor(kind, { clock });
    expectStatus(await app.post('/users', SECOND), 201);
    const manager = { name: 'Mina', email: 'mina@example.com', role: 'store_manager', storeIds: [] };
    expectStatus(await app.post('/users', manager), 201);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  const assign = (wave: Body, body: Record<string, unknown>, more = {}) =>
    app.post(`/waves/${wave.id}/assign`, body, more);
  const given = async (wave: Body, body: Record<string, unknown>): Promise<Body> =>
    expectStatus(await assign(wave, body), 200).body;
  const taskOf = async (id: string): Promise<Body> => expectStatus(await app.get(`/tasks/${id}`), 200).body;
  const open = (link: string): Promise<Response> => fetch(reach(app, link));
  const waveOf = async (units: Record<string, number>[], more = {}): Promise<Body> =>
    startWave(app, await confirmedOrders(app, units), { assigneeEmail: PICKER.email, ...more });
  const auditOf = async (id: string): Promise<Body[]> => {
    const { items } = (await app.get('/audit?limit=200')).body as { items: Body[] };
    return items.filter(({ action, subject }) => /\.assign$/.test(action as string) && subject.id === id);
  };

  it('keeps what was collected and sorted, and takes the orders’ tasks along', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }, { 'TEA-01': 2, 'CUP-01': 1 }]);
    await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
    await inWave(app, wave.id, 'collect', { code: 'TEA-01' });
    await inWave(app, wave.id, 'short', { lineId: itemOf(wave, 'CUP-01').id, reason: 'damaged' });
    const before = await readWave(app, wave.id);
    const taskId = slotOf(wave, 2).taskId as string;
    const taskBefore = await taskOf(taskId);
    const after = await given(wave, { assigneeEmail: 'Rina@Example.com' });
    expect(after).toMatchObject({ changed: true, assigneeName: SECOND.name, assigneeEmail: SECOND.email });
    expect(after.version).toBe((before.version as number) + 1);
    for (const part of ['number', 'status', 'progress', 'lines', 'orders', 'leftOut'] as const) {
      expect(after[part]).toEqual(before[part]);
    }
    const task = await taskOf(taskId);
    expect(task).toMatchObject({ assigneeEmail: SECOND.email, dueAt: null, wave: { id: wave.id, slot: 2 } });
    expect([task.url === taskBefore.url, (await open(taskBefore.url)).status]).toEqual([false, 403]);
    await inWave(app, wave.id, 'sort', { lineId: itemOf(wave, 'TEA-01').id, all: true });
    const finished = await inWave(app, wave.id, 'finish', { allDone: true });
    expect(finished).toMatchObject({ outcome: 'short', progress: { sortedUnits: 3 } });
  });

  it('ends the old link at once, which says who is not meant any more, and mails a new one', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }], { assigneeEmail: 'first-holder@example.com' });
    const { url } = await given(wave, { assigneeEmail: 'next-holder@example.com' });
    const sentence = `Wave ${wave.number} was given to somebody else; there is nothing more to do here.`;
    const body = new URLSearchParams({ code: 'TEA-01', clientActionId: 'late-1' });
    const late = await fetch(`${reach(app, wave.url)}/collect`, { method: 'POST', body });
    for (const answer of [await open(wave.url), late]) {
      expect([answer.status, answer.headers.get('x-task-state')]).toEqual([403, 'gone']);
      expect(await answer.text()).toContain(`role="alert">${sentence}</p>`);
    }
    expect((await readWave(app, wave.id)).progress).toMatchObject({ collectedUnits: 0 });
    const [mail, ...others] = await mailsTo(app, 'next-holder@example.com');
    expect([mail?.links, others]).toEqual([expect.arrayContaining([url]), []]);
    expect((await open(url)).status).toBe(200);
    expect(await mailsTo(app, 'first-holder@example.com')).toHaveLength(1);
    // Given back, the first holder gets a link of their own; both older ones stay dead.
    const back = await given(wave, { assigneeEmail: 'first-holder@example.com' });
    for (const link of [wave.url, url]) expect((await open(link)).status).toBe(403);
    expect((await open(back.url)).status).toBe(200);
    await inWave(app, wave.id, 'finish', { allDone: true });
    expect(await (await open(wave.url)).text()).toContain(sentence);
  });

  it('writes down who had it and who has it, and tells the pipelines of each order’s task', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const body = { assigneeEmail: SECOND.email };
    const { events } = (await app.post(`/waves/${wave.id}/assign?dryRun=true`, body)).body.effects as {
      events: Body[];
    };
    const told = events.filter(({ topic }) => topic === 'task.assigned').map(({ orderId }) => orderId as string);
    expect(told.sort()).toEqual((wave.orders as Body[]).map(({ orderId }) => orderId as string).sort());
    await given(wave, body);
    expect(await auditOf(wave.id)).toMatchObject([
      { action: 'wave.assign', before: { assignee: PICKER.name }, after: { assignee: SECOND.name } },
    ]);
    for (const { taskId } of wave.orders as Body[]) {
      const [row] = await auditOf(taskId);
      expect(row).toMatchObject({ before: { assignee: PICKER.name }, after: { assignee: SECOND.name } });
    }
  });

  it('goes by role to the one with the least to do, not to who has it, unless there is nobody else', async () => {
    const busy = { ...PICKER, name: 'Busy', email: 'busy@example.com' };
    expectStatus(await app.post('/users', busy), 201);
    for (const assigneeEmail of [busy.email, PICKER.email]) {
      await openPicking(app, (await orderInProcess(app)).id, { assigneeEmail });
    }
    const wave = await waveOf([{ 'TEA-01': 1 }], { assigneeEmail: SECOND.email });
    const idle = { ...PICKER, name: 'Idle', email: 'idle@example.com' };
    expectStatus(await app.post('/users', idle), 201);
    expect(await given(wave, { role: 'fulfillment_specialist' })).toMatchObject({ assigneeEmail: idle.email });
    // Idle would be the least loaded still, and is who has it.
    expect((await given(wave, { role: 'fulfillment_specialist' })).assigneeEmail).not.toBe(idle.email);
    expect(await given(wave, { role: 'store_manager' })).toMatchObject({ assigneeEmail: 'mina@example.com' });
    expect(await given(wave, { role: 'store_manager' })).toMatchObject({ changed: false });
  });

  it('changes nothing when the same person is named, and mails again only for another due time', async () => {
    const email = 'same@example.com';
    const wave = await waveOf([{ 'TEA-01': 1 }], { assigneeEmail: email, dueAt: '2031-01-01T10:00:00.000Z' });
    const before = await readWave(app, wave.id);
    const again = await given(wave, { assigneeEmail: email, dueAt: '2031-01-01T10:00:00Z' });
    expect(again).toEqual({ ...before, changed: false });
    expect([await auditOf(wave.id), await mailsTo(app, email)]).toEqual([[], [expect.anything()]]);
    const later = await given(wave, { assigneeEmail: email, dueAt: '2031-01-01T12:00:00Z' });
    expect(later).toMatchObject({ changed: true, dueAt: '2031-01-01T12:00:00.000Z', url: wave.url });
    expect(await mailsTo(app, email)).toHaveLength(2);
  });

  it('leaves the wave with who has it when only more time is given, by the link they have', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }], { dueAt: '2031-01-01T10:00:00.000Z' });
    const later = await given(wave, { dueAt: '2031-01-01T12:00:00Z' });
    const same = { assigneeEmail: PICKER.email, assigneeName: PICKER.name, url: wave.url };
    expect(later).toMatchObject({ changed: true, dueAt: '2031-01-01T12:00:00.000Z', ...same });
    expect((await open(wave.url)).status).toBe(200);
    expect(await taskOf(slotOf(wave, 1).taskId)).toMatchObject({ assigneeEmail: PICKER.email });
    const { body } = await assign(wave, {});
    expect(body.errors).toMatchObject([{ path: 'assigneeEmail', message: expect.stringContaining('dueAt') }]);
  });

  it('counts once however often it is sent', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }]);
    const send = () => assign(wave, { role: 'fulfillment_specialist' }, { key: `hand-over-${wave.id}` });
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ body }) => body.url as string)).size).toBe(1);
    expect(await auditOf(wave.id)).toHaveLength(1);
  });

  it('is refused once the wave is closed, also for the person who had it', async () => {
    const done = await waveOf([{ 'TEA-01': 1 }]);
    await inWave(app, done.id, 'finish', { allDone: true });
    const cancelled = await waveOf([{ 'TEA-01': 1 }]);
    await inWave(app, cancelled.id, 'cancel', {});
    for (const wave of [done, cancelled]) {
      for (const assigneeEmail of [SECOND.email, PICKER.email]) {
        const answer = await assign(wave, { assigneeEmail });
        expect([answer.status, answer.body.code]).toEqual([409, 'WAVE_CLOSED']);
      }
      expect(await auditOf(wave.id)).toEqual([]);
    }
  });

  it('leaves the tasks of orders alone that are out of the wave already', async () => {
    const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, orders, { assigneeEmail: PICKER.email });
    const own = slotOf(wave, 1).taskId as string;
    expectStatus(await app.post(`/tasks/${own}/complete`, { allDone: true }), 200);
    await given(wave, { assigneeEmail: SECOND.email });
    expect([await taskOf(own), await auditOf(own)]).toMatchObject([
      { assigneeEmail: PICKER.email, status: 'done' },
      [],
    ]);
    expect(await taskOf(slotOf(wave, 2).taskId)).toMatchObject({ assigneeEmail: SECOND.email });
  });

  it('gives adopted tasks back to whom they belonged when it is cancelled, the others stay with who has it now', async () => {
    const adopted = await orderInProcess(app);
    const task = await openPicking(app, adopted.id, { assigneeEmail: 'owner@example.com' });
    const [fresh] = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
    const wave = await startWave(app, [adopted, fresh as Body], { assigneeEmail: PICKER.email });
    await given(wave, { assigneeEmail: SECOND.email });
    await inWave(app, wave.id, 'cancel', {});
    expect(await taskOf(task.id)).toMatchObject({ assigneeEmail: 'owner@example.com', wave: null });
    expect(await taskOf(slotOf(wave, 2).taskId)).toMatchObject({ assigneeEmail: SECOND.email, wave: null });
  });

  it('gives who has it now a reminder of their own, and the managers one, when it is late', async () => {
    const dueAt = new Date(Date.parse(clock.now()) + 10 * MINUTE_MS).toISOString();
    const wave = await waveOf([{ 'TEA-01': 1 }], { assigneeEmail: 'late-1@example.com', dueAt });
    const sweep = async (): Promise<void> => {
      const late = app.service.workroom.registry.sweeps.find(({ name }) => name === 'fulfillment.late_waves');
      await late?.run(app.service.workroom.jobContext('late'));
    };
    const lateMails = async (to: string): Promise<number> =>
      (await mailsTo(app, to)).filter(({ subject }) => subject === `Late: wave ${wave.number}`).length;
    clock.advance(11 * MINUTE_MS);
    await sweep();
    expect(await given(wave, { assigneeEmail: 'late-2@example.com' })).toMatchObject({ overdueAt: null });
    await sweep();
    await sweep();
    expect([await lateMails('late-1@example.com'), await lateMails('late-2@example.com')]).toEqual([1, 1]);
    clock.advance(61 * MINUTE_MS);
    await sweep();
    const told = (await mailsTo(app, 'mina@example.com')).filter(({ subject }) =>
      (subject as string).includes(`wave ${wave.number}`),
    );
    expect(told).toHaveLength(1);
  });

  it.each([
    ['an address that is none', { assigneeEmail: 'nobody' }, 422, 'VALIDATION_FAILED'],
    ['a role there is not', { role: 'captain' }, 422, 'VALIDATION_FAILED'],
    ['a time that is none', { dueAt: 'soon' }, 422, 'VALIDATION_FAILED'],
    ['nothing at all', {}, 422, 'VALIDATION_FAILED'],
    ['a field there is not', { assignee: 'x' }, 422, 'VALIDATION_FAILED'],
    ['a role nobody has', { role: 'customer_service' }, 409, 'ASSIGNEE_NOT_FOUND'],
  ])('refuses %s, and the wave stays with whom it was', async (_what, body, status, code) => {
    const wave = await waveOf([{ 'TEA-01': 1 }]);
    const before = await readWave(app, wave.id);
    const answer = await assign(wave, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((answer.body.message ?? answer.body.detail) as string).toMatch(/\w{3,}/);
    expect(await readWave(app, wave.id)).toEqual(before);
    expect((await open(wave.url)).status).toBe(200);
  });

  it('is for whom tasks are: the floor and managers, in their own store', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }]);
    for (const role of ['cashier', 'customer_service', 'reporting'] as const) {
      const answer = await assign(wave, { assigneeEmail: SECOND.email }, { apiKey: await app.keyFor(role) });
      expect([answer.status, answer.body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
    }
    const floor = await app.keyFor('fulfillment_specialist');
    expect((await assign(wave, { assigneeEmail: SECOND.email }, { apiKey: floor })).status).toBe(200);
    expect((await app.post('/waves/none/assign', { role: 'cashier' })).body.code).toBe('WAVE_NOT_FOUND');
  });

  it('previews a hand-over and leaves nothing behind', async () => {
    const wave = await waveOf([{ 'TEA-01': 1 }]);
    const before = await readWave(app, wave.id);
    const preview = await app.post(`/waves/${wave.id}/assign?dryRun=true`, { assigneeEmail: SECOND.email });
    expect(preview.body).toMatchObject({ dryRun: true, effects: { messages: [{ template: 'emails/wave-assigned' }] } });
    expect(await readWave(app, wave.id)).toEqual(before);
    expect((await open(wave.url)).status).toBe(200);
  });
});
