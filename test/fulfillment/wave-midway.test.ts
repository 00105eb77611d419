import { MovableClock } from '../../server/platform/clock';
import { type TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, stockOf, stockProduct } from '../support/shop';
import { type Body, mailsTo, PICKER, reach, readOrder, startFloor } from './floor';
import { confirmedOrders, inWave, itemOf, readWave, slotOf, startWave } from './wave-floor';

const MINUTE_MS = 60_000;

describe.each(DATABASES)('What happens to a wave meanwhile, on %s', (kind) => {
  let app: TestApp;
  const clock = new MovableClock();
  beforeAll(async () => {
    app = await startFloor(kind, { clock });
    expectStatus(
      await app.post('/users', { name: 'Mina', email: 'mina@example.com', role: 'store_manager', storeIds: [] }),
      201,
    );
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  const cancelOrder = async ({ id }: Body): Promise<void> => {
    const body = { reason: 'operational', note: 'asked by the manager', notify: false };
    expectStatus(await app.post(`/orders/${id}/cancel`, body), 200);
  };
  const tasksOf = async ({ id }: Body): Promise<Body[]> => (await app.get(`/tasks?orderId=${id}`)).body.items;

  it('a cancelled order takes its items out at once: before collecting, half collected, and already sorted', async () => {
    const before = await stockOf(app);
    const [a, b, c, d] = await confirmedOrders(app, [
      { 'TEA-01': 2 },
      { 'TEA-01': 3 },
      { 'TEA-01': 4 },
      { 'TEA-01': 1 },
    ]);
    const wave = await startWave(app, [a, b, c, d] as Body[], { assigneeEmail: 'midway@example.com' });
    const tea = itemOf(wave, 'TEA-01').id;
    await cancelOrder(d as Body);
    expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({ quantity: 9, toCollect: 9, toPutBack: 0 });
    await inWave(app, wave.id, 'collect', { lineId: tea, quantity: 7 });
    await cancelOrder(c as Body);
    const shrunk = await readWave(app, wave.id);
    expect(itemOf(shrunk, 'TEA-01')).toMatchObject({ quantity: 5, collectedQuantity: 5, toCollect: 0, toPutBack: 2 });
    expect(slotOf(shrunk, 3)).toMatchObject({ status: 'cancelled', units: 0 });
    for (let n = 0; n < 2; n += 1) await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
    await cancelOrder(a as Body);
    await app.settled();
    // What lies in the cancelled order's slot is a put-back task's; the rest goes where it is needed.
    const [putBack] = (await tasksOf(a as Body)).filter((task) => task.kind === 'put_back');
    expect(putBack).toMatchObject({ status: 'open', assigneeEmail: 'midway@example.com', progress: { units: 2 } });
    expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({ quantity: 3, inHand: 3, toPutBack: 2 });
    await inWave(app, wave.id, 'sort', { lineId: tea, all: true });
    const early = await app.post(`/waves/${wave.id}/finish`, {});
    expect([early.status, early.body.code, early.body.lines]).toMatchObject([
      409,
      'WAVE_PUT_BACK_OPEN',
      [{ sku: 'TEA-01', shelf: 'A-3', quantity: 2 }],
    ]);
    await inWave(app, wave.id, 'put-back', { lineId: tea });
    expect((await app.post(`/waves/${wave.id}/put-back`, { lineId: tea })).body.code).toBe('NOTHING_TO_PUT_BACK');
    const finished = await inWave(app, wave.id, 'finish', {});
    expect((finished.orders as Body[]).map(({ status }) => status)).toEqual([
      'cancelled',
      'done',
      'cancelled',
      'cancelled',
    ]);
    expect(finished.outcome).toBe('done');
    expectStatus(await app.post(`/tasks/${putBack?.id}/complete`, { allDone: true }), 200);
    expect((await readOrder(app, b?.id)).lines[0].preparedQuantity).toBe(3);
    const after = await stockOf(app);
    expect([after.onHand, after.reserved]).toEqual([before.onHand, before.reserved + 3]);
    // Nothing by itself for orders that were picked together, but the one put-back.
    expect((await mailsTo(app, 'midway@example.com')).map(({ subject }) => subject).sort()).toEqual([
      `Put back: order ${a?.number}`,
      `Wave ${wave.number}: 4 orders to pick together`,
    ]);
  });

  it('refuses to put goods into the slot of a cancelled order, and undoes what still can be undone', async () => {
    const [a, b] = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, [a, b] as Body[]);
    await inWave(app, wave.id, 'sort', { code: 'TEA-01', slot: 2 });
    await inWave(app, wave.id, 'sort', { code: 'TEA-01', slot: 1 });
    await cancelOrder(a as Body);
    const refused = await app.post(`/waves/${wave.id}/sort`, { code: 'TEA-01', slot: 1 });
    expect([refused.status, refused.body.code]).toEqual([409, 'SLOT_CLOSED']);
    const surplus = await app.post(`/waves/${wave.id}/sort`, { code: 'TEA-01' });
    expect([surplus.body.code, surplus.body.detail]).toEqual([
      'SCAN_TOO_MANY',
      expect.stringContaining('Put this one back on shelf A-3'),
    ]);
    await app.settled();
    const undone = await inWave(app, wave.id, 'undo', {});
    expect(undone.action.placed).toEqual([{ slot: 2, orderNumber: b?.number, units: -1 }]);
  });

  it('does not call missing what came to wait for goods meanwhile', async () => {
    const product = { sku: 'JAM-01', name: 'Jam', barcode: '4006381333948', shelf: 'B-1' };
    await stockProduct(app, product, 4);
    const [a, b] = await confirmedOrders(app, [{ 'JAM-01': 2 }, { 'JAM-01': 2, 'CUP-01': 1 }]);
    const wave = await startWave(app, [a, b] as Body[]);
    const counted = { lines: [{ sku: 'JAM-01', delta: -1, reason: 'count' }] };
    expectStatus(await app.post('/inventory/adjustments', counted), 201);
    await app.settled();
    expect(itemOf(await readWave(app, wave.id), 'JAM-01')).toMatchObject({ quantity: 3, toCollect: 3 });
    const finished = await inWave(app, wave.id, 'finish', { allDone: true });
    expect(finished).toMatchObject({
      outcome: 'done',
      orders: [{ status: 'done' }, { status: 'done', sortedUnits: 2 }],
    });
    expect((await readOrder(app, b?.id)).lines).toMatchObject([{ preparedQuantity: 1, backorderedQuantity: 1 }, {}]);
  });

  it('closes also the task of an order that went on without it, and has put back what lay in its slot', async () => {
    const [a] = await confirmedOrders(app, [{ 'TEA-01': 2 }]);
    const wave = await startWave(app, [a] as Body[]);
    await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
    const [line] = (await readOrder(app, a?.id)).lines as Body[];
    await move(app, a?.id, 'partially_fulfill', {
      reason: 'short',
      lines: [{ id: line?.id, handling: 'backorder' }],
    });
    await inWave(app, wave.id, 'finish', {});
    const tasks = await tasksOf(a as Body);
    expect(tasks.map((task) => [task.kind, task.status, task.outcome])).toEqual([
      ['put_back', 'open', null],
      ['picking', 'done', 'done'],
    ]);
  });

  it('is finished without the order whose picking was cancelled by itself', async () => {
    const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, orders);
    expectStatus(await app.post(`/tasks/${slotOf(wave, 1).taskId}/cancel`, { note: 'picked by the manager' }), 200);
    expect(slotOf(await readWave(app, wave.id), 1)).toMatchObject({ status: 'cancelled' });
    const finished = await inWave(app, wave.id, 'finish', { allDone: true });
    expect(finished).toMatchObject({ outcome: 'done', progress: { sortedUnits: 1 } });
    const prepared = async (order: Body | undefined): Promise<unknown> =>
      ((await readOrder(app, order?.id)).lines as Body[]).map(({ preparedQuantity }) => preparedQuantity as number);
    expect([await prepared(orders[0]), await prepared(orders[1])]).toEqual([[0], [1]]);
  });

  it('says which order is held, and picks it all the same', async () => {
    const [a] = await confirmedOrders(app, [{ 'TEA-01': 1 }]);
    const wave = await startWave(app, [a] as Body[]);
    expectStatus(await app.post(`/orders/${a?.id}/holds`, { reason: 'address', note: 'which street?' }), 201);
    expect(slotOf(await readWave(app, wave.id), 1)).toMatchObject({ status: 'held', heldFor: 'address' });
    const finished = await inWave(app, wave.id, 'finish', { allDone: true });
    expect(slotOf(finished, 1)).toMatchObject({ status: 'done', heldFor: null });
  });

  it('leaves everything as it is for an order that somebody asked to cancel, until that is decided', async () => {
    const [a, b] = await confirmedOrders(app, [{ 'TEA-01': 3 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, [a, b] as Body[]);
    const tea = itemOf(wave, 'TEA-01').id;
    await inWave(app, wave.id, 'collect', { lineId: tea, quantity: 3 });
    await inWave(app, wave.id, 'sort', { code: 'TEA-01' });
    const asked = { reason: 'operational', note: 'no van today', requesterEmail: 'asker@example.com' };
    const apiKey = await app.keyFor('store_manager');
    expectStatus(await app.post(`/orders/${a?.id}/cancellation_requests`, asked, { apiKey }), 202);
    const [request] = (await app.get(`/cancellation-requests?orderId=${a?.id}`)).body.items;
    const resting = await readWave(app, wave.id);
    expect(slotOf(resting, 1)).toMatchObject({ status: 'held', heldFor: 'cancellation_requested', sortedUnits: 1 });
    expect(itemOf(resting, 'TEA-01')).toMatchObject({ quantity: 2, toCollect: 0, inHand: 1, toPutBack: 1 });
    const page = await (await fetch(`${reach(app, wave.url)}?step=sort`)).text();
    for (const shown of ['Stop: somebody asked to cancel this order.', 'Keep aside: 1 × TEA-01', '1 → Slot 2'])
      expect(page).toContain(shown);
    expect(page).not.toContain('no longer needed');
    const refused = await app.post(`/waves/${wave.id}/sort`, { code: 'TEA-01', slot: 1 });
    expect([refused.status, refused.body.code]).toEqual([409, 'ORDER_ON_HOLD']);
    expect((await inWave(app, wave.id, 'sort', { code: 'TEA-01' })).action.placed).toMatchObject([{ slot: 2 }]);
    const full = await app.post(`/waves/${wave.id}/sort`, { code: 'TEA-01' });
    expect([full.status, full.body.code]).toEqual([409, 'SCAN_TOO_MANY']);
    // The last that can be taken back is not what lies in its slot.
    expect((await inWave(app, wave.id, 'undo', {})).action.placed).toMatchObject([{ slot: 2, units: -1 }]);
    const collected = await inWave(app, wave.id, 'undo', {});
    expect(collected.action).toMatchObject({ kind: 'undo', placed: [], collectedChange: -3 });
    await inWave(app, wave.id, 'collect', { lineId: tea, all: true });
    const decision = { decision: 'reject', note: 'a van was found' };
    expectStatus(await app.post(`/cancellation-requests/${request.id}/decision`, decision), 200);
    expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({ quantity: 4, sortedQuantity: 1 });
    expect(await inWave(app, wave.id, 'finish', { allDone: true })).toMatchObject({ outcome: 'done' });
    expect((await readOrder(app, a?.id)).lines[0].preparedQuantity).toBe(3);
  });

  it('counts with an order that somebody picked by itself', async () => {
    const [a, b] = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 1 }]);
    const wave = await startWave(app, [a, b] as Body[]);
    expectStatus(await app.post(`/tasks/${slotOf(wave, 1).taskId}/complete`, { allDone: true }), 200);
    expect(itemOf(await readWave(app, wave.id), 'TEA-01')).toMatchObject({
      quantity: 3,
      sortedQuantity: 2,
      toCollect: 1,
    });
    expect(await inWave(app, wave.id, 'finish', { allDone: true })).toMatchObject({ outcome: 'done' });
  });

  it('keeps goods in their slot when a wave is cancelled, and mails each order’s picking again', async () => {
    const [a, b] = await confirmedOrders(app, [{ 'TEA-01': 2 }, { 'TEA-01': 1 }]);
    const email = 'cancel-wave@example.com';
    const wave = await startWave(app, [a, b] as Body[], { assigneeEmail: email, dueAt: '2027-01-01T10:00:00Z' });
    await inWave(app, wave.id, 'sort', { code: 'TEA-01', clientActionId: 'before-the-end' });
    await inWave(app, wave.id, 'cancel', { note: 'shift is over' });
    expect(await inWave(app, wave.id, 'cancel', {})).toMatchObject({ changed: false });
    const [task] = await tasksOf(a as Body);
    expect(task).toMatchObject({ wave: null, assigneeEmail: email, progress: { doneUnits: 1 }, dueAt: '2027-01-01T10:00:00.000Z' }); // prettier-ignore
    const subjects = (await mailsTo(app, email)).map(({ subject }) => subject as string);
    expect(new Set(subjects)).toEqual(
      new Set([
        `Picking: order ${a?.number}`,
        `Picking: order ${b?.number}`,
        `Wave ${wave.number}: 2 orders to pick together`,
      ]),
    );
    const repeated = await inWave(app, wave.id, 'sort', { code: 'TEA-01', clientActionId: 'before-the-end' });
    expect(repeated.action.placed).toMatchObject([{ slot: 1, units: 1 }]);
    for (const verb of ['collect', 'sort']) {
      const late = await app.post(`/waves/${wave.id}/${verb}`, { code: 'TEA-01' });
      expect([late.status, late.body.code]).toEqual([409, 'WAVE_CLOSED']);
    }
    expect((await app.post(`/waves/${wave.id}/finish`, {})).body.code).toBe('WAVE_CLOSED');
    // Picked singly again, they may come into another wave as long as nobody has begun.
    const next = await startWave(app, [b] as Body[]);
    expect(slotOf(next, 1)).toMatchObject({ adopted: true });
  });

  it('reminds once of a late wave, not once for each order, and then tells the managers', async () => {
    const email = 'late-wave@example.com';
    const orders = await confirmedOrders(app, [{ 'TEA-01': 1 }, { 'TEA-01': 1 }]);
    const dueAt = new Date(Date.parse(clock.now()) + 10 * MINUTE_MS).toISOString();
    const wave = await startWave(app, orders, { assigneeEmail: email, dueAt });
    const sweep = async (): Promise<void> => {
      for (const name of ['fulfillment.late_waves', 'fulfillment.overdue']) {
        const found = app.service.workroom.registry.sweeps.find((one) => one.name === name);
        await found?.run(app.service.workroom.jobContext(name));
      }
    };
    clock.advance(11 * MINUTE_MS);
    await sweep();
    await sweep();
    const subjects = async (to: string) => (await mailsTo(app, to)).map(({ subject }) => subject as string);
    expect((await subjects(email)).filter((subject) => subject.startsWith('Late'))).toEqual([
      `Late: wave ${wave.number}`,
    ]);
    expect(await subjects('mina@example.com')).not.toContain(`Late: wave ${wave.number}`);
    clock.advance(61 * MINUTE_MS);
    await sweep();
    await sweep();
    expect(
      (await subjects('mina@example.com')).filter((subject) => subject.includes(`wave ${wave.number}`)),
    ).toHaveLength(1);
    expect((await subjects(email)).filter((subject) => subject.startsWith('Late'))).toHaveLength(1);
    expect((await readWave(app, wave.id)).overdueAt).not.toBeNull();
  });

  it('starts and finishes a wave of a hundred orders', async () => {
    const orders = await confirmedOrders(
      app,
      Array.from({ length: 100 }, () => ({ 'TEA-01': 1 })),
    );
    const wave = await startWave(app, orders, { assigneeEmail: PICKER.email });
    expect(wave.progress).toMatchObject({ orders: 100, units: 100 });
    const finished = await inWave(app, wave.id, 'finish', { allDone: true });
    expect((finished.orders as Body[]).every(({ status }) => status === 'done')).toBe(true);
  }, 60_000);
});
