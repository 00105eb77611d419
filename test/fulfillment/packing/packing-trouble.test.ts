import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move } from '../../support/shop';
import { type Body, lineOf, PICKER, startFloor } from '../floor';
import { CHECKER, lineId, openPacking, packagesOf, packedOf, pickedOrder, submit, TICKED } from './packing-floor';

describe.each(DATABASES)('Trouble while packing, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
    expectStatus(await app.post('/users', CHECKER), 201);
    const manager = { name: 'Nadia Islam', email: 'manager@example.com', role: 'store_manager', storeIds: [] };
    expectStatus(await app.post('/users', manager), 201);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  const setStore = async (change: object): Promise<void> => {
    expectStatus(await app.call('PATCH', '/stores/main', change), 200);
  };
  async function counted(): Promise<{ order: Body; task: Body; box: Body }> {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id, { assigneeEmail: PICKER.email });
    for (const line of task.lines as Body[]) await submit(app, task, 'tick', { lineId: line.id, quantity: 'all' });
    return { order, task, box: (await packagesOf(app, order.id))[0] as Body };
  }
  const seal = (task: Body, box: Body, more: Record<string, string> = {}) =>
    submit(app, task, 'seal', { packageId: box.id as string, type: 'box', note: '', ...TICKED, ...more });

  it('goods that have left meanwhile are not packed, and their packing ends by itself', async () => {
    const { order, task, box } = await counted();
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect((await seal(task, box)).status).not.toBe(303);
    await app.settled();
    const ended = { status: 'cancelled', outcome: 'cancelled', note: 'The goods left before this was finished.' };
    expect((await app.get(`/tasks/${task.id}`)).body).toMatchObject(ended);
    expect(await packagesOf(app, order.id)).toMatchObject([{ status: 'void' }]);
    await move(app, order.id, 'deliver');
  });

  it('goods that are collected while a check of them is open need no check any more', async () => {
    const order = await pickedOrder(app, { fulfillmentMethod: 'pickup', shippingAddress: undefined });
    await setStore({ qualityCheck: 'required' });
    expectStatus(await app.put(`/orders/${order.id}/package`, {}), 201);
    await setStore({ qualityCheck: 'none' });
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ready');
    await move(app, order.id, 'complete');
    await app.settled();
    const { items } = (await app.get(`/tasks?orderId=${order.id}&kind=quality_check`)).body;
    expect(items).toMatchObject([{ status: 'cancelled' }]);
  });

  it('what a program packed is a packing that is done, once, for whoever asks for one', async () => {
    const order = await pickedOrder(app);
    const ask = (event: string) => app.post('/tasks', { kind: 'packing', orderId: order.id, event });
    expectStatus(await app.put(`/orders/${order.id}/package`, { type: 'bag' }), 201);
    const done = expectStatus(await ask('run-1'), 201).body;
    expect(done).toMatchObject({ status: 'done', outcome: 'done', result: { packages: [{ type: 'bag', units: 3 }] } });
    expect(expectStatus(await ask('run-1'), 200).body.id).toBe(done.id);
    expect((await ask('run-2')).body).toMatchObject({ code: 'NOTHING_TO_PACK', lastTaskId: done.id });
  });

  it('an order that is resumed is unpacked at once: nothing of before goes on with it', async () => {
    await setStore({ packing: 'required' });
    try {
      const order = await pickedOrder(app);
      const old = expectStatus(await app.put(`/orders/${order.id}/package`, {}), 201).body;
      await move(app, order.id, 'fulfill');
      await move(app, order.id, 'resume', { reason: 'check failed' });
      const fulfill = () => app.put(`/orders/${order.id}/status`, { move: 'fulfill' });
      expect((await fulfill()).body.code).toBe('LINES_NOT_PACKED');
      const fresh = expectStatus(await app.put(`/orders/${order.id}/package`, {}), 201).body;
      expect(fresh.id).not.toBe(old.id);
      expectStatus(await fulfill(), 200);
      await app.settled();
      expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
      expect(await packagesOf(app, order.id)).toMatchObject([
        { id: fresh.id, status: 'sealed' },
        { id: old.id, status: 'void', voidReason: 'Work on the order starts again.' },
      ]);
    } finally {
      await setStore({ packing: 'optional' });
    }
  });

  it('somebody asked to cancel: everything stays as it is until that is decided', async () => {
    const { order, task, box } = await counted();
    const hold = await app.post(`/orders/${order.id}/holds`, { reason: 'cancellation_requested' });
    for (const [form, fields] of [
      ['unpack', { packageId: box.id as string }],
      ['new_package', { type: 'bag' }],
      ['finish', { confirmed: 'yes' }],
    ] as const) {
      expect([form, (await submit(app, task, form, fields)).said]).toEqual([
        form,
        expect.stringContaining('Stop: somebody'),
      ]);
    }
    expect((await seal(task, box)).status).toBe(409);
    expect((await app.put(`/orders/${order.id}/package`, {})).body.code).toBe('ORDER_ON_HOLD');
    expect(await packagesOf(app, order.id)).toMatchObject([{ status: 'open' }]);
    expectStatus(await app.call('DELETE', `/orders/${order.id}/holds/${hold.body.handle}`), 200);
    expect((await seal(task, box, { finish: 'yes' })).status).toBe(303);
  });

  it('two people at once: a scan each, one package, no unit twice', async () => {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id);
    const scan = () => app.post(`/tasks/${task.id}/scan`, { code: 'TEA-01' });
    const answers = await Promise.all(Array.from({ length: 5 }, scan));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409, 409]);
    expect(await packagesOf(app, order.id)).toMatchObject([{ number: 1, items: [{ sku: 'TEA-01', quantity: 2 }] }]);
  });

  it('a program and a person at once: both count, and nothing is packed twice', async () => {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id);
    const tea = lineOf(task, 'TEA-01').id as string;
    const put = () => app.put(`/orders/${order.id}/package`, { items: [{ id: lineId(order, 'TEA-01'), quantity: 2 }] });
    const tick = () => submit(app, task, 'tick', { lineId: tea, quantity: 'one' });
    await Promise.all([put(), tick(), tick(), put()]);
    const units = (await packagesOf(app, order.id)).flatMap(({ items }) => items as Body[]);
    const sum = units.reduce((total, { quantity }) => total + (quantity as number), 0);
    const { progress } = (await app.get(`/tasks/${task.id}`)).body;
    expect([sum <= 2, progress.doneUnits]).toEqual([true, sum]);
  });

  it('a package that is opened again keeps a fulfilled order from leaving where the store packs', async () => {
    await setStore({ packing: 'required' });
    try {
      const { order, task, box } = await counted();
      await seal(task, box);
      await move(app, order.id, 'fulfill');
      await submit(app, task, 'reopen', { packageId: box.id as string });
      const ship = () => app.put(`/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
      expect((await ship()).body.code).toBe('LINES_NOT_PACKED');
      await seal(task, box, { finish: 'yes' });
      expectStatus(await ship(), 200);
    } finally {
      await setStore({ packing: 'optional' });
    }
  });

  it('a packing that changed hands is checked by neither of the two', async () => {
    await setStore({ qualityCheck: 'required' });
    try {
      const { order, task, box } = await counted();
      await seal(task, box);
      const given = expectStatus(
        await app.post(`/tasks/${task.id}/assign`, { assigneeEmail: CHECKER.email }),
        200,
      ).body;
      expect((await submit(app, given, 'finish', { confirmed: 'yes' })).status).toBe(303);
      const { items } = (await app.get(`/tasks?orderId=${order.id}&kind=quality_check`)).body;
      expect(items).toMatchObject([{ assigneeEmail: 'manager@example.com' }]);
      const late = await submit(app, task, 'reopen', { packageId: box.id as string });
      expect(late.status).toBe(403);
    } finally {
      await setStore({ qualityCheck: 'none' });
    }
  });

  it('a unit that is damaged at the bench ends the packing short, with the rest packed', async () => {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id);
    const [tea, cup] = [lineOf(task, 'TEA-01').id as string, lineOf(task, 'CUP-01').id as string];
    await submit(app, task, 'tick', { lineId: tea, quantity: 'all' });
    await submit(app, task, 'short', { lineId: cup, reason: 'damaged', note: 'handle is off' });
    const [box] = await packagesOf(app, order.id);
    await seal(task, box as Body, { finish: 'yes' });
    expect((await app.get(`/tasks/${task.id}`)).body).toMatchObject({
      outcome: 'short',
      result: { packages: [{ units: 2 }] },
    });
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 0 });
    expect((await openPacking(app, order.id)).lines).toMatchObject([{ sku: 'CUP-01', quantity: 1 }]);
  });
});
