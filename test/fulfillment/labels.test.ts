import { MovableClock } from '../../server/platform/clock';
import { fetchPaper, fulfilledOrder, labelled } from '../documents/parcels';
import type { TestApp } from '../support/app';
import { DATABASES } from '../support/databases';
import { expectIntegrity, expectStatus, move, placeOrder, stockProduct } from '../support/shop';
import { type Body, orderInProcess, readOrder, startFloor } from './floor';

describe.each(DATABASES)('A label, on %s', (kind) => {
  let app: TestApp;
  const clock = new MovableClock();
  beforeAll(async () => {
    app = await startFloor(kind, { clock });
  });
  afterAll(async () => {
    await expectIntegrity(app);
    await app.close();
  });

  const label = (order: Body, body: object = {}, options = {}) => app.post(`/orders/${order.id}/labels`, body, options);
  const labelsOf = async (order: Body): Promise<Body[]> => (await readOrder(app, order.id)).labels as Body[];
  const eventsOf = (order: Body, topic: string) =>
    app.service.workroom
      .reader(app.service.workroom.systemCaller('test'))
      .select('SELECT id FROM outbox WHERE order_id = :id AND name = :topic', { id: order.id, topic });

  it('is made once for a parcel, however often and in whatever form it is asked for', async () => {
    const order = await fulfilledOrder(app);
    const made = expectStatus(await label(order, { format: 'pdf' }), 201).body;
    expect(made).toMatchObject({
      orderId: order.id,
      orderNumber: order.number,
      status: 'active',
      format: 'pdf',
      reprints: 0,
      changed: true,
      documentUrl: `http://orders.example/api/v1/orders/${order.id}/documents/label.pdf`,
      order: { id: order.id, number: order.number, status: 'fulfilled', version: order.version },
    });
    const again = expectStatus(await app.post(`/orders/number:${order.number}/labels`, { format: 'zpl' }), 200).body;
    expect(again).toMatchObject({ id: made.id, format: 'zpl', changed: false });
    expect(again.documentUrl).toMatch(/label\.zpl$/);
    expect(await labelsOf(order)).toMatchObject([{ id: made.id, status: 'active' }]);
  });

  it('is one when several ask at the same moment', async () => {
    const order = await fulfilledOrder(app);
    const answers = await Promise.all(Array.from({ length: 6 }, () => label(order)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await labelsOf(order)).toHaveLength(1);
  });

  it('that is void makes room for a new one, and stays in the history', async () => {
    const { label: first, ...order } = await labelled(app);
    const voided = expectStatus(await app.post(`/labels/${first.id}/void`, { reason: 'smudged' }), 200).body;
    expect(voided).toMatchObject({ status: 'voided', voidReason: 'smudged', voidedBy: 'admin', documentUrl: null });
    const twice = expectStatus(await app.post(`/labels/${first.id}/void`, { reason: 'again' }), 200).body;
    expect(twice).toMatchObject({ status: 'voided', voidReason: 'smudged' });
    const second = expectStatus(await label(order as Body), 201).body;
    expect(second.id).not.toBe(first.id);
    expect(await labelsOf(order as Body)).toMatchObject([{ status: 'voided' }, { id: second.id, status: 'active' }]);
    const history = (await app.get(`/orders/${order.id}/history`)).body.items as Body[];
    expect(history.map(({ action }) => action).filter((action) => action.startsWith('label.'))).toEqual([
      'label.create',
      'label.void',
      'label.create',
    ]);
    expect(history.find(({ action }) => action === 'label.void')).toMatchObject({ note: 'smudged' });
  });

  it('is refused while the order is on hold, and made when the hold is released', async () => {
    const order = await fulfilledOrder(app);
    const hold = await app.post(`/orders/${order.id}/holds`, { reason: 'address', note: 'which floor?' });
    expect(await label(order)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ON_HOLD', handle: hold.body.handle, detail: expect.stringContaining('which floor?') },
    });
    expectStatus(await app.call('DELETE', `/orders/${order.id}/holds/${hold.body.handle}`), 200);
    expectStatus(await label(order), 201);
  });

  it('is made while an order is worked on, and otherwise the refusal names the way out', async () => {
    const pending = await placeOrder(app);
    expect((await label(pending)).body).toMatchObject({
      code: 'LABEL_NOT_POSSIBLE',
      orderStatus: 'pending',
      detail: expect.stringContaining('Confirm and process it first'),
    });
    expectStatus(await label(await orderInProcess(app)), 201);
    const waiting = await fulfilledOrder(app);
    await move(app, waiting.id, 'await_handoff', { method: 'courier', service: 'Pathao' });
    expectStatus(await label(waiting), 201);
    const shipped = await fulfilledOrder(app);
    await move(app, shipped.id, 'ship', { carrier: 'manual' });
    expect((await label(shipped)).body).toMatchObject({
      code: 'LABEL_NOT_POSSIBLE',
      detail: expect.stringContaining('on its way'),
    });
    expect(await labelsOf(shipped)).toEqual([]);
  });

  it('stays the same one for a run that asks again after the parcel has left', async () => {
    const { label: made, ...order } = await labelled(app);
    await move(app, order.id, 'ship', { carrier: 'manual' });
    expect((await label(order as Body)).body).toMatchObject({ id: made.id, status: 'active', changed: false });
  });

  it('is for parcels: an order that its customer collects has none', async () => {
    for (const fulfillmentMethod of ['pickup', 'curbside']) {
      const order = await orderInProcess(app, { fulfillmentMethod, shippingAddress: undefined });
      expect(await label(order)).toMatchObject({ status: 409, body: { code: 'NOT_FOR_DELIVERY', fulfillmentMethod } });
    }
  });

  it('of an order that is cancelled is void', async () => {
    const { label: made, ...order } = await labelled(app);
    await move(app, order.id, 'cancel', { reason: 'operational' });
    await app.settled();
    expect(await labelsOf(order as Body)).toMatchObject([
      { id: made.id, status: 'voided', voidReason: 'The order was cancelled.' },
    ]);
    expect((await label(order as Body)).body).toMatchObject({ code: 'LABEL_NOT_POSSIBLE', orderStatus: 'cancelled' });
  });

  it('with an old address on paper is void; one that is not printed yet takes the new address', async () => {
    const printed = await labelled(app);
    const unprinted = await labelled(app);
    await fetchPaper(app, printed.id, 'label.zpl');
    for (const { id } of [printed, unprinted]) {
      clock.advance(1000);
      const shippingAddress = { line1: 'House 99', city: 'Sylhet', country: 'BD' };
      expectStatus(await app.put(`/orders/${id}`, { shippingAddress }), 200);
    }
    await app.settled();
    expect(await labelsOf(printed)).toMatchObject([{ status: 'voided' }]);
    expect(await labelsOf(unprinted)).toMatchObject([{ status: 'active' }]);
    expect((await fetchPaper(app, unprinted.id, 'label.zpl')).text).toContain('House 99');
  });

  it('tells who listens, once, and counts what is printed again', async () => {
    const order = await labelled(app);
    await label(order);
    expect(await eventsOf(order, 'label.created')).toHaveLength((await eventsOf(order, 'order.fulfilled')).length);
    const reprints = async () => (await labelsOf(order))[0]?.reprints;
    await fetchPaper(app, order.id, 'label');
    expect((await labelsOf(order))[0]).toMatchObject({ reprints: 0, printedAt: null });
    await fetchPaper(app, order.id, 'label.zpl');
    expect(await reprints()).toBe(0);
    await fetchPaper(app, order.id, 'label.zpl');
    expect(await reprints()).toBe(1);
    for (const _again of [1, 2]) await fetchPaper(app, order.id, 'label.zpl', { event: 'evt_of_one_run' });
    expect(await reprints()).toBe(2);
    const { items } = (await app.get(`/orders/${order.id}/history`)).body as { items: Body[] };
    expect(items.filter(({ action }) => action === 'label.reprint')).toHaveLength(2);
  });

  it('shows in a preview what would be made, and keeps nothing', async () => {
    const order = await fulfilledOrder(app);
    const plan = expectStatus(await app.post(`/orders/${order.id}/labels?dryRun=true`, {}), 201).body;
    expect(plan).toMatchObject({ dryRun: true, status: 'active', effects: { events: [{ topic: 'label.created' }] } });
    expect(await labelsOf(order)).toEqual([]);
  });

  it('is made by those who pack and by managers, in their own stores', async () => {
    const order = await fulfilledOrder(app);
    for (const role of ['cashier', 'customer_service', 'reporting']) {
      const refused = await label(order, {}, { apiKey: await app.keyFor(role) });
      expect(refused).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_ALLOWED', permission: 'label.create' } });
    }
    const elsewhere = await app.keyFor('fulfillment_specialist', ['elsewhere']);
    expect((await label(order, {}, { apiKey: elsewhere })).body.code).toBe('STORE_NOT_ALLOWED');
    const made = expectStatus(await label(order, {}, { apiKey: await app.keyFor('fulfillment_specialist') }), 201).body;
    const voiding = (apiKey: string) => app.post(`/labels/${made.id}/void`, { reason: 'torn' }, { apiKey });
    expect((await voiding(elsewhere)).body.code).toBe('STORE_NOT_ALLOWED');
    expect((await voiding(await app.keyFor('cashier'))).body.code).toBe('ROLE_NOT_ALLOWED');
    expectStatus(await voiding(await app.keyFor('store_manager')), 200);
  });

  it('is refused in words for every request that cannot be meant', async () => {
    const order = await fulfilledOrder(app);
    const refusals: [() => Promise<{ status: number; body: Body }>, number, string, string?][] = [
      [() => label(order, { format: 'png' }), 422, 'VALIDATION_FAILED', 'format'],
      [() => label(order, { format: 5 }), 422, 'VALIDATION_FAILED', 'format'],
      [() => label(order, { colour: 'red' }), 422, 'VALIDATION_FAILED'],
      [() => label(order, [] as object), 422, 'VALIDATION_FAILED'],
      [() => label(order, {}, { key: null }), 400, 'IDEMPOTENCY_KEY_MISSING'],
      [() => app.post('/orders/no-such/labels', {}), 404, 'ORDER_NOT_FOUND'],
      [() => app.post(`/orders/${'x'.repeat(81)}/labels`, {}), 422, 'VALIDATION_FAILED', 'id'],
      [() => app.post('/labels/no-such/void', { reason: 'x' }), 404, 'LABEL_NOT_FOUND'],
      [() => app.post('/labels/no-such/void', {}), 422, 'VALIDATION_FAILED', 'reason'],
      [() => app.post('/labels/no-such/void', { reason: ' ' }), 422, 'VALIDATION_FAILED', 'reason'],
      [() => app.post('/labels/no-such/void', { reason: 'x'.repeat(501) }), 422, 'VALIDATION_FAILED', 'reason'],
    ];
    for (const [ask, status, code, path] of refusals) {
      const answer = await ask();
      expect(answer).toMatchObject({ status, body: { code } });
      if (path) expect((answer.body.errors as Body[]).map((error) => error.path)).toContain(path);
    }
    expect(await labelsOf(order)).toEqual([]);
  });

  it('may be made of confirmed orders where the store ships unpicked ones', async () => {
    const store = { id: 'quick', name: 'Quick', currency: 'BDT', timezone: 'Asia/Dhaka', preparation: 'optional' };
    await app.post('/stores', store);
    await stockProduct(app, { sku: 'QUICK-1', barcode: '1', storeId: 'quick' } as object, 0);
    const body = {
      storeId: 'quick',
      paymentMethod: 'cod',
      lines: [{ sku: 'QUICK-1', quantity: 1 }],
      allowBackorder: true,
    };
    const order = await placeOrder(app, body);
    await move(app, order.id, 'confirm');
    expectStatus(await label(order), 201);
  });
});
