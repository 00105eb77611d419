import { startTestApp, type TestApp } from '../support/app';
import { bkashId, placeOrder, stockProduct } from '../support/shop';
import { N8nRunner } from './n8n-runner';

describe('The steps, against the service', () => {
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    app = await startTestApp();
    n8n = await N8nRunner.start(app);
    await stockProduct(app, {}, 500);
  });
  afterAll(() => app.close());

  const byId = (id: string) => ({ __rl: true, mode: 'id', value: id });
  const itemOf = ({ id, number, status, version }: Record<string, any>, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });
  /** A wallet order whose customer typed the transaction id at the checkout. */
  const submitted = () => placeOrder(app, { payment: { transactionId: bkashId() } });
  const cod = () => placeOrder(app, { paymentMethod: 'cod' });

  describe('Retrieve Order', () => {
    it('puts the whole order on the item and keeps what was there', async () => {
      const order = await submitted();
      const { outputs } = await n8n.runNode('retrieveOrder', { mode: 'one' }, [{ ...itemOf(order), eventId: 'evt_1' }]);
      expect(outputs[0]).toHaveLength(1);
      expect(outputs[0]?.[0]).toMatchObject({
        json: { eventId: 'evt_1', order: { id: order.id, lines: [{ sku: 'TEA-01' }] } },
        pairedItem: { item: 0 },
      });
      expect((outputs[0]?.[0]?.json.order as any).payments).toHaveLength(1);
    });

    it('finds by number, and says so when there is none', async () => {
      const order = await cod();
      const by = (value: string) =>
        n8n.runNode('retrieveOrder', { mode: 'one', order: { __rl: true, mode: 'number', value } }, [{ kept: 1 }]);
      expect((await by(`#${order.number}`)).outputs[0]?.[0]?.json).toMatchObject({ kept: 1, order: { id: order.id } });
      const { outputs } = await by('no-such');
      expect(outputs[0]).toEqual([]);
      expect(outputs[1]?.[0]?.json).toEqual({ kept: 1 });
    });

    it('lists what waits, newest first, each paired with its item', async () => {
      const [first, second] = [await cod(), await cod()];
      for (const { id } of [first, second]) await app.put(`/orders/${id}/status`, { move: 'confirm' });
      const { outputs } = await n8n.runNode('retrieveOrder', { mode: 'waiting', limit: 2 });
      expect(outputs[0]?.map(({ json }) => (json.order as any).id)).toEqual([second.id, first.id]);
      expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
    });

    it('filters, and takes times in the time zone of the workflow', async () => {
      const order = await placeOrder(app, {
        paymentMethod: 'cod',
        customer: { name: 'Nadia Khan', phone: '01811111111' },
      });
      const by = (filter: object) => n8n.runNode('retrieveOrder', { mode: 'filter', filter });
      expect((await by({ customer: 'Nadia', statuses: ['pending'] })).outputs[0]).toHaveLength(1);
      expect((await by({ customer: 'Nadia', placedFrom: '2099-01-01T00:00:00' })).outputs[1]).toHaveLength(1);
      expect((await by({ text: order.number, paymentStatus: 'cod_due' })).outputs[0]).toHaveLength(1);
    });
  });

  describe('Check Inventory', () => {
    it('counts what the order has reserved', async () => {
      const { outputs } = await n8n.runNode('checkInventory', {}, [itemOf(await cod())]);
      expect(outputs[0]?.[0]?.json).toMatchObject({ inventory: { available: true }, order: { status: 'pending' } });
    });

    it('sends a short order by its own output', async () => {
      await stockProduct(app, { sku: 'RARE-1', barcode: '8900000000001' }, 1);
      const order = await placeOrder(app, {
        paymentMethod: 'cod',
        allowBackorder: true,
        lines: [{ sku: 'RARE-1', quantity: 3 }],
      });
      const { outputs } = await n8n.runNode('checkInventory', {}, [itemOf(order)]);
      expect(outputs[1]?.[0]?.json.inventory).toMatchObject({
        available: false,
        lines: [{ sku: 'RARE-1', requested: 3 }],
      });
    });
  });

  describe('Update Order Status', () => {
    it('moves each order, and a repeat for the same event changes nothing', async () => {
      const orders = [await cod(), await cod(), await cod()];
      const items = orders.map((order, n) => itemOf(order, { eventId: `evt_move_${n}` }));
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, items);
      expect(outputs[0]?.map(({ json }) => (json.order as any).status)).toEqual([
        'confirmed',
        'confirmed',
        'confirmed',
      ]);
      expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
      const again = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, items);
      expect(again.run.status).toBe('success');
      expect((await app.get(`/orders/${orders[0]?.id}`)).body.version).toBe(
        (outputs[0]?.[0]?.json.order as any).version,
      );
    });

    it('shows the service’s own sentence when it refuses', async () => {
      const order = await submitted();
      const { run } = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, [itemOf(order)]);
      expect(run.status).toBe('error');
      expect(run.data.resultData.error).toMatchObject({
        message: expect.stringContaining('still to be paid by bkash'),
        httpCode: '409',
      });
      expect(run.data.resultData.error?.description).toMatch(/^PAYMENT_REQUIRED · .*Request id /);
    });

    it('goes on with the others on failure, with the code inside the error', async () => {
      const items = [itemOf(await submitted()), itemOf(await cod())];
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, items, {
        nodeOptions: { onError: 'continueErrorOutput' },
      });
      expect(outputs[0]).toHaveLength(1);
      expect(outputs[1]).toHaveLength(1);
      expect(outputs[1]?.[0]).toMatchObject({
        json: {
          order: { id: items[0]?.order.id },
          error: expect.stringContaining('still to be paid'),
          details: { code: 'PAYMENT_REQUIRED', status: 409 },
        },
        pairedItem: { item: 0 },
      });
    });

    it('goes on by the usual output where no other is asked for', async () => {
      const items = [itemOf(await submitted(), { kept: true }), itemOf(await cod())];
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, items, {
        nodeOptions: { onError: 'continueRegularOutput' },
      });
      expect(outputs[0]).toHaveLength(2);
      expect(outputs[0]?.[0]?.json).toMatchObject({
        kept: true,
        order: { status: 'pending' },
        details: { code: 'PAYMENT_REQUIRED' },
      });
    });

    it('previews without a trace', async () => {
      const order = await cod();
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm', previewOnly: true }, [
        itemOf(order),
      ]);
      expect(outputs[0]?.[0]?.json).toMatchObject({
        order: { status: 'pending' },
        preview: { result: { status: 'confirmed' } },
      });
      expect((await app.get(`/orders/${order.id}`)).body).toMatchObject({ status: 'pending', version: order.version });
    });

    it('refuses a stale order when asked to', async () => {
      const order = await cod();
      await app.put(`/orders/${order.id}`, { notes: 'ring twice' });
      const { run } = await n8n.runNode('updateOrderStatus', { move: 'confirm', options: { onlyIfUnchanged: true } }, [
        itemOf(order),
      ]);
      expect(run.data.resultData.error?.description).toMatch(/^VERSION_CONFLICT/);
    });

    it('sets a rule aside when a manager gives the reason, and sends none otherwise', async () => {
      const { order } = itemOf(await submitted());
      const overrides = ['payment', 'stock'];
      const mute = await n8n.runNode('updateOrderStatus', { move: 'confirm', options: { overrides } }, [{ order }]);
      expect(mute.run.data.resultData.error?.description).toContain('overrides[0].reason');
      const options = { overrides, overrideReason: 'an old customer' };
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm', options }, [{ order }]);
      expect(outputs[0]?.[0]?.json).toMatchObject({ order: { status: 'confirmed' } });
      const { items } = (await app.get(`/orders/${order.id}/history`)).body as { items: { note: string }[] };
      expect(items.map(({ note }) => note)).toContain('an old customer');
    });

    it('leaves an order that has made the move before as it is, when told to', async () => {
      const order = await cod();
      await app.put(`/orders/${order.id}/status`, { move: 'confirm' });
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm', options: { once: true } }, [
        itemOf(order),
      ]);
      expect(outputs[0]?.[0]?.json).toMatchObject({ order: { status: 'confirmed' }, move: { changed: false } });
    });

    it('sends the fields of the move, and one answer for all that is missing', async () => {
      const order = await cod();
      const item = [itemOf(order)];
      await n8n.runNode('updateOrderStatus', { move: 'confirm' }, item);
      await n8n.runNode('updateOrderStatus', { move: 'process' }, item);
      const { outputs } = await n8n.runNode(
        'updateOrderStatus',
        { move: 'partially_fulfill', reason: 'two are broken', handling: 'backorder' },
        item,
      );
      expect(outputs[0]?.[0]?.json.order).toMatchObject({
        status: 'partially_fulfilled',
        lines: [{ backorderedQuantity: 2 }],
      });
    });

    it('takes an order that is named in the node, without one on the item', async () => {
      const order = await cod();
      const { outputs } = await n8n.runNode('updateOrderStatus', { move: 'confirm', order: byId(order.id) });
      expect(outputs[0]?.[0]?.json.order).toMatchObject({ number: order.number, status: 'confirmed' });
    });

    it('says what is missing when no order is there', async () => {
      const { run } = await n8n.runNode('updateOrderStatus', { move: 'confirm' }, [{ nothing: true }]);
      expect(run.data.resultData.error?.message).toBe('There is no order on this item');
    });

    it('leaves the step in the order’s history', async () => {
      const order = await cod();
      await n8n.runNode('updateOrderStatus', { move: 'confirm' }, [itemOf(order)], { executionId: '4711' });
      const { body } = await app.get('/audit?limit=20');
      expect(JSON.stringify(body.items)).toContain('4711');
    });
  });

  describe('Mark Paid', () => {
    it('verifies the transaction id that came with the order', async () => {
      const order = await submitted();
      const { outputs } = await n8n.runNode('markPaid', { source: 'submitted' }, [itemOf(order)]);
      expect(outputs[0]?.[0]?.json).toMatchObject({
        order: { paymentStatus: 'paid', balanceDueMinor: 0 },
        payment: { status: 'recorded', method: 'bkash' },
      });
      const again = await n8n.runNode('markPaid', { source: 'submitted' }, [itemOf(order)]);
      expect(again.outputs[0]?.[0]?.json.payment).toMatchObject({ status: 'recorded' });
    });

    it('lets cash on delivery pass', async () => {
      const { outputs } = await n8n.runNode('markPaid', {}, [itemOf(await cod())]);
      expect(outputs[0]?.[0]?.json).toMatchObject({
        payment: { due: 'at hand-over' },
        order: { paymentStatus: 'cod_due' },
      });
    });

    it('sends what does not fit to a person', async () => {
      const order = await placeOrder(app);
      const missing = await n8n.runNode('markPaid', {}, [itemOf(order)]);
      expect(missing.outputs[1]?.[0]?.json.payment).toMatchObject({ code: 'TRANSACTION_ID_MISSING' });
      const pay = (options: object, transactionId = bkashId()) =>
        n8n.runNode('markPaid', { source: 'transaction', transactionId, options }, [itemOf(order)]);
      const wrong = await pay({ amountMinor: 99_000 });
      expect(wrong.outputs[1]?.[0]?.json.payment).toMatchObject({ code: 'AMOUNT_MISMATCH', differenceMinor: -1_000 });
      const malformed = await pay({}, '12');
      expect(malformed.outputs[1]?.[0]?.json.payment).toMatchObject({ code: 'TRANSACTION_ID_MALFORMED' });
      const part = await pay({ amountMinor: 99_000, acceptDifference: true });
      expect(part.outputs[0]?.[0]?.json.order).toMatchObject({
        paymentStatus: 'partially_paid',
        balanceDueMinor: 1_000,
      });
    });

    it('records cash once for one event', async () => {
      const order = await placeOrder(app, { paymentMethod: 'cash', fulfillmentMethod: 'pickup' });
      const item = [itemOf(order, { eventId: 'evt_cash' })];
      const first = await n8n.runNode('markPaid', { source: 'cash' }, item);
      const second = await n8n.runNode('markPaid', { source: 'cash' }, item);
      expect(second.outputs[0]?.[0]?.json.payment).toEqual(first.outputs[0]?.[0]?.json.payment);
      expect((await app.get(`/orders/${order.id}`)).body.payments).toHaveLength(1);
    });

    it('previews without a trace', async () => {
      const order = await submitted();
      const { outputs } = await n8n.runNode('markPaid', { previewOnly: true }, [itemOf(order)]);
      expect(outputs[0]?.[0]?.json).toMatchObject({
        order: { paymentStatus: 'pending_verification' },
        preview: { result: { status: 'recorded' } },
      });
      expect((await app.get(`/orders/${order.id}`)).body.paymentStatus).toBe('pending_verification');
    });
  });

  it('Report Incident says which run failed', async () => {
    const item = {
      execution: { id: '99', url: 'http://n8n.test/e/99', error: { message: 'Boom' }, lastNodeExecuted: 'Ship' },
      workflow: { id: 'w', name: 'W' },
    };
    const { outputs, run } = await n8n.runNode('reportIncident', {}, [item]);
    expect(run.data.resultData.error).toBeUndefined();
    expect(outputs[0]?.[0]?.json.incident).toMatchObject({
      message: 'Boom',
      node: 'Ship',
      executionId: '99',
      workflowName: 'W',
    });
  });
});
