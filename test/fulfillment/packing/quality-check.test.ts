import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move } from '../../support/shop';
import { type Body, mailsTo, PICKER, readOrder, startFloor } from '../floor';
import { CHECKER, openPacking, openPage, packagesOf, packedOf, pickedOrder, submit, TICKED } from './packing-floor';

const BOSS = { name: 'Mina', email: 'quality-boss@example.com', role: 'store_manager', storeIds: [] };

describe.each(DATABASES)('The quality check, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
    expectStatus(await app.post('/users', CHECKER), 201);
    await setStore({ packing: 'required', qualityCheck: 'required' });
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  async function setStore(change: object): Promise<void> {
    expectStatus(await app.call('PATCH', '/stores/main', change), 200);
  }
  const read = async (task: Body): Promise<Body> => expectStatus(await app.get(`/tasks/${task.id}`), 200).body;
  const checkOf = async (orderId: string): Promise<Body | undefined> => {
    const { items } = (await app.get(`/tasks?orderId=${orderId}&kind=quality_check&status=open`)).body;
    return items[0] ? read(items[0]) : undefined;
  };
  const fulfill = (order: Body) => app.put(`/orders/${order.id}/status`, { move: 'fulfill' });

  /** Packed and sealed by the picker, whose task now waits. */
  async function packed(): Promise<{ order: Body; task: Body; check: Body }> {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id, { assigneeEmail: PICKER.email });
    for (const line of task.lines as Body[]) await submit(app, task, 'tick', { lineId: line.id, quantity: 'all' });
    await sealAll(order, task);
    return { order, task, check: (await checkOf(order.id)) as Body };
  }
  async function sealAll(order: Body, task: Body): Promise<void> {
    const [box] = await packagesOf(app, order.id);
    const sizes = { weightGrams: '', lengthMm: '', widthMm: '', heightMm: '' };
    const fields = { packageId: box?.id as string, type: 'box', ...sizes, note: '', finish: 'yes', ...TICKED };
    expect((await submit(app, task, 'seal', fields)).status).toBe(303);
  }

  it('is asked of somebody who did not pack, and the packing stays open until it passes', async () => {
    const { order, task, check } = await packed();
    expect(check).toMatchObject({ assigneeEmail: CHECKER.email, round: 1, instructions: 'call first' });
    expect(await read(task)).toMatchObject({ status: 'in_progress', outcome: null });
    expect(await openPage(app, task)).toContain('Salma Khatun looks at it now');
    expect((await fulfill(order)).body).toMatchObject({
      code: 'QUALITY_CHECK_OPEN',
      detail: expect.stringContaining('package 1'),
    });
    const html = await openPage(app, check);
    for (const shown of ['Package 1: box', 'Green tea 100 g', 'Packed by Karim Uddin', 'Goods are undamaged'])
      expect(html).toContain(shown);
    expect((await submit(app, check, 'passed', { note: '' })).status).toBe(303);
    expect(await read(check)).toMatchObject({ status: 'done', result: { passed: true } });
    expect(await read(task)).toMatchObject({ status: 'done', outcome: 'done', result: { packages: [{ units: 3 }] } });
    expect(await packagesOf(app, order.id)).toMatchObject([{ inspectedBy: 'Salma Khatun', packedBy: 'Karim Uddin' }]);
    expectStatus(await fulfill(order), 200);
    const { items } = (await app.get(`/audit?orderId=${order.id}`)).body;
    expect((items as Body[]).find((row) => row.action === 'package.inspect')).toMatchObject({
      actor: { name: 'Salma Khatun' },
      after: { passed: true, packedBy: 'Karim Uddin', inspectedBy: 'Salma Khatun' },
    });
  });

  it('that does not pass opens the packages again, and tells the packer why', async () => {
    const { order, task, check } = await packed();
    const silent = await submit(app, check, 'not_passed', { note: ' ' });
    expect([silent.status, silent.said]).toEqual([422, 'Say what is wrong, so that it can be put right.']);
    expect((await submit(app, check, 'not_passed', { note: 'cup is not wrapped' })).status).toBe(303);
    expect(await packagesOf(app, order.id)).toMatchObject([{ status: 'open', items: [{}, {}] }]);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
    expect(await read(task)).toMatchObject({ status: 'in_progress' });
    const [mail] = await mailsTo(app, PICKER.email);
    expect(mail?.subject).toContain(`Put right: packages of order ${order.number}`);
    expect(JSON.stringify(mail)).toContain('cup is not wrapped');
    expect(await openPage(app, check)).toContain('The packer has been told what to put right.');
    await sealAll(order, task);
    const second = (await checkOf(order.id)) as Body;
    expect([second.round, second.id === check.id]).toEqual([2, false]);
    expectStatus(await app.post(`/tasks/${second.id}/inspection`, { passed: true }), 200);
    expect(await read(task)).toMatchObject({ status: 'done', outcome: 'done' });
  });

  it('is refused from the packer, also when it is given to them by mistake', async () => {
    const { check } = await packed();
    const given = expectStatus(await app.post(`/tasks/${check.id}/assign`, { assigneeEmail: PICKER.email }), 200).body;
    const refused = await submit(app, given, 'passed', { note: '' });
    expect([refused.status, refused.said]).toEqual([
      409,
      expect.stringContaining('Whoever packed cannot check it too.'),
    ]);
    expect(refused.html).not.toContain('/api/');
    expect(await read(check)).toMatchObject({ status: 'open' });
    const order = await pickedOrder(app);
    const apiKey = await app.keyFor('fulfillment_specialist');
    expectStatus(await app.put(`/orders/${order.id}/package`, {}, { apiKey }), 201);
    const own = (await checkOf(order.id)) as Body;
    const inspect = (key: string) => app.post(`/tasks/${own.id}/inspection`, { passed: true }, { apiKey: key });
    expect((await inspect(apiKey)).body.code).toBe('CHECKER_IS_PACKER');
    expectStatus(await inspect(await app.keyFor('store_manager')), 200);
    expectStatus(await fulfill(order), 200);
  });

  it('of what a program packed, when it does not pass, has the goods packed anew', async () => {
    const order = await pickedOrder(app);
    const apiKey = await app.keyFor('fulfillment_specialist');
    expectStatus(await app.put(`/orders/${order.id}/package`, {}, { apiKey }), 201);
    const check = (await checkOf(order.id)) as Body;
    expectStatus(await app.post('/users', BOSS), 201);
    expectStatus(await app.post(`/tasks/${check.id}/inspection`, { passed: false, note: 'w'.repeat(1000) }), 200);
    const [voided] = await packagesOf(app, order.id);
    expect([voided?.status, voided?.voidReason]).toEqual([
      'void',
      expect.stringMatching(/^The quality check found: w+$/),
    ]);
    await app.settled();
    expect(await openPage(app, check)).toContain('a manager has been told what is wrong');
    const [mail] = await mailsTo(app, BOSS.email);
    expect(mail?.subject).toContain(`order ${order.number}`);
    expect([mail?.text, mail?.links]).toEqual([expect.stringContaining('Nobody has its packing.'), []]);
    expect((await openPacking(app, order.id)).progress.units).toBe(3);
  });

  it('ends with its order, and with the packing that a manager ends', async () => {
    const cancelled = await packed();
    await move(app, cancelled.order.id, 'cancel', { reason: 'operational' });
    await app.settled();
    const tasks = (await readOrder(app, cancelled.order.id)).tasks as Body[];
    const closed = tasks.filter((one) => one.kind === 'packing' || one.kind === 'quality_check');
    expect(closed.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    const ended = await packed();
    expectStatus(await app.post(`/tasks/${ended.task.id}/cancel`, {}), 200);
    expect(await read(ended.check)).toMatchObject({ status: 'cancelled' });
  });

  it('passes what it saw: a package that was opened meanwhile waits for another look', async () => {
    const { order, task, check } = await packed();
    const [box] = await packagesOf(app, order.id);
    await submit(app, task, 'reopen', { packageId: box?.id as string });
    expect((await submit(app, check, 'passed', { note: '' })).status).toBe(303);
    expect(await read(task)).toMatchObject({ status: 'in_progress' });
    await sealAll(order, task);
    expect(await read((await checkOf(order.id)) as Body)).toMatchObject({ round: 2, status: 'open' });
  });

  it('needs a verdict, in words that can be meant', async () => {
    const { task, check } = await packed();
    const inspect = (body: object, id = check.id as string) => app.post(`/tasks/${id}/inspection`, body);
    expect((await app.post(`/tasks/${check.id}/complete`, { allDone: true })).body.code).toBe('VERDICT_MISSING');
    expect((await inspect({})).body.errors[0].path).toBe('passed');
    expect((await inspect({ passed: 'yes' })).status).toBe(422);
    expect((await inspect({ passed: false })).body.errors[0].path).toBe('note');
    expect((await inspect({ passed: true }, task.id as string)).body.code).toBe('NOT_A_QUALITY_CHECK');
    expect((await inspect({ passed: true }, 'no-such')).body.code).toBe('TASK_NOT_FOUND');
    expect((await app.post('/tasks', { kind: 'quality_check', orderId: check.orderId })).status).toBe(422);
    expect(await read(check)).toMatchObject({ status: 'open', version: check.version });
    expectStatus(await inspect({ passed: true }), 200);
    expect((await inspect({ passed: true })).body).toMatchObject({ changed: false });
  });
});

describe('A shop with one packer', () => {
  it('has its manager check, and says what to do when there is nobody else', async () => {
    const app = await startFloor();
    try {
      expectStatus(await app.call('PATCH', '/stores/main', { qualityCheck: 'required' }), 200);
      const order = await pickedOrder(app);
      const task = await openPacking(app, order.id);
      const finish = () => app.post(`/tasks/${task.id}/complete`, { allDone: true });
      expect(await finish()).toMatchObject({ status: 409, body: { code: 'NO_CHECKER' } });
      expect((await app.get(`/tasks/${task.id}`)).body).toMatchObject({ status: 'open', version: 1 });
      const manager = { name: 'Nadia Islam', email: 'manager@example.com', role: 'store_manager', storeIds: [] };
      expectStatus(await app.post('/users', manager), 201);
      expect(expectStatus(await finish(), 200).body).toMatchObject({ status: 'in_progress', outcome: null });
      const { items } = (await app.get(`/tasks?orderId=${order.id}&kind=quality_check`)).body;
      expect(items).toMatchObject([{ assigneeEmail: manager.email }]);
    } finally {
      await app.close();
    }
  });
});
