import type { TestApp } from '../../support/app';
import { DATABASES } from '../../support/databases';
import { expectIntegrity, expectStatus, move, stockProduct } from '../../support/shop';
import { type Body, orderInProcess, readOrder, startFloor } from '../floor';
import { ALL_CHECKS, lineId, openPacking, packagesOf, packedOf, pickedOrder } from './packing-floor';

describe.each(DATABASES)('A package, on %s', (kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startFloor(kind);
    await stockProduct(app, { sku: 'AIR-01', name: 'Balloon', barcode: '12345670', weightGrams: 0 }, 50);
  });
  afterAll(async () => {
    await app.settled();
    await expectIntegrity(app);
    await app.close();
  });

  const put = (order: Body, body: object = {}, options = {}) => app.put(`/orders/${order.id}/package`, body, options);

  it('holds everything that is prepared when nothing else is said, and the order counts it as packed', async () => {
    const order = await pickedOrder(app);
    const dimensions = { lengthMm: 200, widthMm: 150, heightMm: 100 };
    const more = { weightGrams: 380, dimensions, carrier: 'Pathao', trackingNumber: 'PT-1', checks: ALL_CHECKS };
    const made = expectStatus(await put(order, more), 201).body;
    expect(made).toMatchObject({
      ...{ orderId: order.id, number: 1, type: 'box', status: 'sealed', hasLeft: false, changed: true },
      ...{ weightGrams: 380, expectedGrams: 360, weightAccepted: false, dimensions, carrier: 'Pathao' },
      ...{ trackingNumber: 'PT-1', checks: ALL_CHECKS, packedBy: 'admin', inspectedAt: null },
      weightCheck: 'Its items weigh 360 g by the catalogue.',
      order: { id: order.id, status: 'processing', version: order.version + 1 },
    });
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
    expect((await readOrder(app, order.id)).stage).toBe('packed');
    expect(await packagesOf(app, order.id)).toMatchObject([{ id: made.id, items: expect.any(Array) }]);
    const again = expectStatus(await put(order, more), 200).body;
    expect(again).toMatchObject({ id: made.id, changed: false, order: { version: order.version + 1 } });
  });

  it('shares an order with others, and no unit lies in two', async () => {
    const order = await pickedOrder(app);
    const tea = lineId(order, 'TEA-01');
    expectStatus(await put(order, { items: [{ id: tea, quantity: 1 }], type: 'bag' }), 201);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 1, 'CUP-01': 0 });
    expect((await readOrder(app, order.id)).stage).toBe('packing');
    expect((await put(order, { number: 2, items: [{ id: tea, quantity: 2 }] })).body).toMatchObject({
      code: 'QUANTITY_TOO_LARGE',
      errors: [{ path: 'items[0].quantity', quantity: 1 }],
    });
    const second = expectStatus(await put(order, { number: 2, type: 'envelope' }), 201).body;
    expect(second).toMatchObject({ number: 2, type: 'envelope' });
    expect(second.items).toHaveLength(2);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
    // The first is made smaller and the second takes what it gave up.
    expectStatus(await put(order, { number: 2, items: [{ id: tea, quantity: 1 }] }), 200);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 0 });
    const third = expectStatus(await put(order, { number: 3 }), 201).body;
    expect(third.items).toMatchObject([{ sku: 'CUP-01', quantity: 1 }]);
  });

  it('is void on demand, and its number and units are free again', async () => {
    const order = await pickedOrder(app);
    const first = expectStatus(await put(order), 201).body;
    const voided = expectStatus(await app.post(`/packages/${first.id}/void`, { reason: 'torn' }), 200).body;
    expect(voided).toMatchObject({ status: 'void', voidReason: 'torn', voidedBy: 'admin', changed: true });
    expect(voided.items).toHaveLength(2);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
    const twice = expectStatus(await app.post(`/packages/${first.id}/void`, { reason: 'again' }), 200).body;
    expect(twice).toMatchObject({ voidReason: 'torn', changed: false });
    expect(expectStatus(await put(order), 201).body).toMatchObject({ number: 1, status: 'sealed' });
    expect((await packagesOf(app, order.id)).map(({ status }) => status)).toEqual(['sealed', 'void']);
  });

  it('that has left can neither be changed nor made void, and the next part begins another', async () => {
    const order = await pickedOrder(app);
    const tea = lineId(order, 'TEA-01');
    const gone = expectStatus(await put(order), 201).body;
    await move(app, order.id, 'fulfill');
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect(await packagesOf(app, order.id)).toMatchObject([{ id: gone.id, hasLeft: true }]);
    expect((await app.post(`/packages/${gone.id}/void`, { reason: 'x' })).body.code).toBe('PACKAGE_LEFT');
    expect((await put(order, { number: 1, items: [{ id: tea, quantity: 1 }] })).body.code).toBe('PACKAGE_LEFT');
    expect((await put(order)).body.code).toBe('NOTHING_TO_PACK');
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
  });

  it('of a cancelled order is void; of a resumed one too', async () => {
    const cancelled = await pickedOrder(app);
    expectStatus(await put(cancelled), 201);
    await move(app, cancelled.id, 'cancel', { reason: 'operational' });
    await app.settled();
    expect(await packagesOf(app, cancelled.id)).toMatchObject([
      { status: 'void', voidReason: 'The order was cancelled.' },
    ]);
    expect(await packedOf(app, cancelled.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
    expect((await put(cancelled)).body.code).toBe('ORDER_CLOSED');
    const resumed = await pickedOrder(app);
    expectStatus(await put(resumed), 201);
    await move(app, resumed.id, 'fulfill');
    await move(app, resumed.id, 'resume', { reason: 'check failed' });
    await app.settled();
    expect(await packagesOf(app, resumed.id)).toMatchObject([{ status: 'void' }]);
    expectStatus(await put(resumed), 201);
    await app.settled();
    expect(await packedOf(app, resumed.id)).toEqual({ 'TEA-01': 2, 'CUP-01': 1 });
  });

  it('is weighed against its items, with a way to say that it is right all the same', async () => {
    const order = await pickedOrder(app);
    const refused = await put(order, { weightGrams: 900 });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'WEIGHT_DIFFERS', weightGrams: 900, expectedGrams: 360, differencePercent: 150 },
    });
    expect(refused.body.detail).toContain('weigh it again, or accept the difference');
    expect(await packagesOf(app, order.id)).toEqual([]);
    expect((await put(order, { weightGrams: 900, acceptDifference: true })).body.code).toBe('WEIGHT_DIFFERS');
    const accepted = await put(order, { weightGrams: 900, acceptDifference: true, note: 'gift box of glass' });
    expect(accepted.body).toMatchObject({ weightAccepted: true, note: 'gift box of glass', expectedGrams: 360 });
    const balloon = await pickedOrder(app, { lines: [{ sku: 'AIR-01', quantity: 1, unitPriceMinor: 100 }] });
    const light = expectStatus(await put(balloon, { weightGrams: 900 }), 201).body;
    expect(light).toMatchObject({ expectedGrams: null, weightCheck: expect.stringContaining('no weight for AIR-01') });
  });

  it('is what the order needs before it is fulfilled where the store packs', async () => {
    const order = await pickedOrder(app);
    const tea = lineId(order, 'TEA-01');
    await setStore({ packing: 'required' });
    try {
      const fulfill = () => app.put(`/orders/${order.id}/status`, { move: 'fulfill' });
      expect((await fulfill()).body).toMatchObject({
        code: 'LINES_NOT_PACKED',
        detail: expect.stringContaining('1 × CUP-01'),
      });
      expectStatus(await put(order, { items: [{ id: tea, quantity: 2 }] }), 201);
      expect((await fulfill()).body.detail).not.toContain('TEA-01');
      const ready = await app.put(`/orders/${order.id}/status`, { move: 'ready' });
      expect(ready.body.code).toBe('LINES_NOT_PACKED');
      expectStatus(await put(order, { number: 2 }), 201);
      expectStatus(await fulfill(), 200);
      await move(app, order.id, 'ship', { carrier: 'manual' });
      await move(app, order.id, 'deliver');
    } finally {
      await setStore({ packing: 'optional' });
    }
  });

  it('is counted by the task of whoever is packing the order', async () => {
    const order = await pickedOrder(app);
    const task = await openPacking(app, order.id);
    const tea = lineId(order, 'TEA-01');
    const made = expectStatus(await put(order, { items: [{ id: tea, quantity: 2 }] }), 201).body;
    const progress = async () => (await app.get(`/tasks/${task.id}`)).body.progress.doneUnits;
    expect([made.taskId, await progress()]).toEqual([task.id, 2]);
    expectStatus(await put(order, { items: [{ id: tea, quantity: 1 }] }), 200);
    expect(await progress()).toBe(1);
    expectStatus(await app.post(`/packages/${made.id}/void`, { reason: 'wrong box' }), 200);
    expect(await progress()).toBe(0);
    expectStatus(await put(order), 201);
    expect(await progress()).toBe(3);
    const done = expectStatus(await app.post(`/tasks/${task.id}/complete`, {}), 200).body;
    expect(done).toMatchObject({ outcome: 'done', result: { packages: [{ number: 1, type: 'box', units: 3 }] } });
  });

  it('shows in a preview what would be, and keeps nothing', async () => {
    const order = await pickedOrder(app);
    const plan = expectStatus(await app.put(`/orders/${order.id}/package?dryRun=true`, {}), 201).body;
    expect(plan).toMatchObject({ dryRun: true, status: 'sealed' });
    expect(await packagesOf(app, order.id)).toEqual([]);
  });

  it('is one when several say the same at the same moment', async () => {
    const order = await pickedOrder(app);
    const answers = await Promise.all(Array.from({ length: 5 }, () => put(order)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(await packagesOf(app, order.id)).toHaveLength(1);
  });

  it('is made by those who pack and by managers, in their own stores', async () => {
    const order = await pickedOrder(app);
    for (const role of ['cashier', 'customer_service', 'reporting']) {
      expect((await put(order, {}, { apiKey: await app.keyFor(role) })).body.code).toBe('ROLE_NOT_ALLOWED');
    }
    const elsewhere = await app.keyFor('fulfillment_specialist', ['elsewhere']);
    expect((await put(order, {}, { apiKey: elsewhere })).body.code).toBe('STORE_NOT_ALLOWED');
    const made = expectStatus(await put(order, {}, { apiKey: await app.keyFor('fulfillment_specialist') }), 201).body;
    const voiding = (apiKey: string) => app.post(`/packages/${made.id}/void`, { reason: 'x' }, { apiKey });
    expect((await voiding(elsewhere)).body.code).toBe('STORE_NOT_ALLOWED');
    expect((await voiding(await app.keyFor('cashier'))).body.code).toBe('ROLE_NOT_ALLOWED');
    expectStatus(await voiding(await app.keyFor('store_manager')), 200);
  });

  it('is refused in words for every request that cannot be meant', async () => {
    const order = await pickedOrder(app);
    const other = await pickedOrder(app);
    const [tea, foreign] = [lineId(order, 'TEA-01'), lineId(other, 'TEA-01')];
    const size = { lengthMm: 1, widthMm: 1, heightMm: 1 };
    const refusals: [object, number, string, string?][] = [
      [{ weightGrams: -1 }, 422, 'VALIDATION_FAILED', 'weightGrams'],
      [{ weightGrams: 0 }, 422, 'VALIDATION_FAILED', 'weightGrams'],
      [{ weightGrams: 1.5 }, 422, 'VALIDATION_FAILED', 'weightGrams'],
      [{ weightGrams: 1_000_001 }, 422, 'VALIDATION_FAILED', 'weightGrams'],
      [{ type: 'crate' }, 422, 'VALIDATION_FAILED', 'type'],
      [{ dimensions: { ...size, heightMm: -5 } }, 422, 'VALIDATION_FAILED', 'dimensions.heightMm'],
      [{ dimensions: { lengthMm: 1 } }, 422, 'VALIDATION_FAILED', 'dimensions.widthMm'],
      [{ number: 0 }, 422, 'VALIDATION_FAILED', 'number'],
      [{ number: 3 }, 422, 'PACKAGE_NUMBER_GAP', 'number'],
      [{ items: [] }, 422, 'VALIDATION_FAILED', 'items'],
      [{ items: [{ id: tea, quantity: 0 }] }, 422, 'VALIDATION_FAILED', 'items[0].quantity'],
      [{ items: [{ id: tea, quantity: 3 }] }, 422, 'QUANTITY_TOO_LARGE', 'items[0].quantity'],
      [{ items: [{ id: foreign, quantity: 1 }] }, 422, 'LINE_UNKNOWN', 'items[0].id'],
      [{ items: [1, 2].map(() => ({ id: tea, quantity: 1 })) }, 422, 'VALIDATION_FAILED', 'items'],
      [{ checks: { condition: true } }, 409, 'CHECKS_OPEN', 'checks.allItems'],
      [{ checks: { colour: true } }, 422, 'VALIDATION_FAILED'],
      [{ colour: 'red' }, 422, 'VALIDATION_FAILED'],
      [{ note: 'x'.repeat(1001) }, 422, 'VALIDATION_FAILED', 'note'],
      [{ carrier: '' }, 422, 'VALIDATION_FAILED', 'carrier'],
    ];
    for (const [body, status, code, path] of refusals) {
      const answer = await put(order, body);
      expect([body, answer.status, answer.body.code]).toEqual([body, status, code]);
      if (path) expect((answer.body.errors as Body[]).map((error) => error.path)).toContain(path);
    }
    expect((await app.put('/orders/no-such/package', {})).status).toBe(404);
    expect((await app.post('/packages/no-such/void', { reason: 'x' })).body.code).toBe('PACKAGE_NOT_FOUND');
    expect((await app.post('/packages/no-such/void', {})).status).toBe(422);
    const unpicked = await orderInProcess(app);
    expect((await put(unpicked)).body.code).toBe('NOTHING_TO_PACK');
    expect(await packagesOf(app, order.id)).toEqual([]);
    expect(await packedOf(app, order.id)).toEqual({ 'TEA-01': 0, 'CUP-01': 0 });
  });

  it('keeps its units prepared: nobody can say that less was picked', async () => {
    const order = await pickedOrder(app);
    const tea = lineId(order, 'TEA-01');
    expectStatus(await put(order, { items: [{ id: tea, quantity: 2 }] }), 201);
    const fewer = await app.put(`/orders/${order.id}/items/${tea}/status`, { status: 'prepared', quantity: 1 });
    expect(fewer).toMatchObject({ status: 422, body: { code: 'QUANTITY_TOO_LARGE' } });
  });

  async function setStore(change: object): Promise<void> {
    expectStatus(await app.call('PATCH', '/stores/main', change), 200);
  }
});
