import { startTestApp, type TestApp } from '../support/app';
import { bkashId, expectIntegrity, pay, placeOrder, shipOrder, stockProduct } from '../support/shop';
import { N8nRunner } from './n8n-runner';
import { ProblemServer } from './problem-server';

type Body = Record<string, any>;

describe('Cancel Order and Refund Order, against the service', () => {
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    app = await startTestApp();
    n8n = await N8nRunner.start(app);
    await stockProduct(app, {}, 500);
  });
  afterEach(() => expectIntegrity(app));
  afterAll(() => app.close());

  const itemOf = ({ id, number, status, version }: Body, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });
  const cod = () => placeOrder(app, { paymentMethod: 'cod' });
  const read = async ({ id }: Body): Promise<Body> => (await app.get(`/orders/${id}`)).body;
  /** What the first item on an output carries. */
  const jsonOn = (outputs: unknown[][], output: number): Body => (outputs[output]?.[0] as Body | undefined)?.json;

  describe('Cancel Order', () => {
    const cancel = (items: Body[], parameters: Body = {}) => n8n.runNode('cancelOrder', parameters, items);

    it('cancels each order and carries its case on, once for an event', async () => {
      const orders = [await cod(), await cod()];
      const items = orders.map((order, n) => itemOf(order, { eventId: `evt_cancel_${n}`, kept: true }));
      const { outputs, run } = await cancel(items, { note: 'the shop is closing' });
      expect(run.status).toBe('success');
      expect(outputs.map((items) => items.length)).toEqual([2, 0, 0]);
      expect(jsonOn(outputs, 0)).toMatchObject({
        kept: true,
        order: { id: orders[0]!.id, status: 'cancelled' },
        cancellation: { status: 'open', reason: 'operational', note: 'the shop is closing', changed: true },
      });
      expect(jsonOn(outputs, 0).order.case).toBeUndefined();
      const again = await cancel(items.map((item) => ({ ...item, eventId: 'evt_other' })));
      expect(jsonOn(again.outputs, 0).cancellation).toMatchObject({
        id: jsonOn(outputs, 0).cancellation.id,
        changed: false,
      });
    });

    it('says who asked and when, in the time zone of the workflow', async () => {
      const order = await cod();
      const { outputs } = await cancel([itemOf(order)], {
        reason: 'customer_requested',
        customerContact: '01700000000',
        requestedAt: '2026-01-05T08:00:00',
        restock: false,
        notify: false,
      });
      const { cancellation } = jsonOn(outputs, 0);
      expect(cancellation).toMatchObject({ customerContact: '01700000000', restock: false, status: 'completed' });
      expect(cancellation.requestedAt).toMatch(/^2026-01-0[45]T/);
    });

    it('sends by Refused what the business refuses, with its facts', async () => {
      const shipped = await cod();
      await shipOrder(app, shipped);
      const { outputs, run } = await cancel([itemOf(shipped), itemOf(await cod())]);
      expect(run.status).toBe('success');
      expect(outputs.map((items) => items.length)).toEqual([1, 0, 1]);
      expect(jsonOn(outputs, 2)).toMatchObject({
        order: { id: shipped.id, status: 'shipped' },
        cancellation: {
          refused: true,
          code: 'ORDER_SHIPPED',
          status: 409,
          detail: expect.stringContaining('Recall it'),
          instead: { move: 'fail_delivery', reason: 'recalled' },
        },
      });
    });

    it('sends by Refused what the key’s role may not do', async () => {
      const floor = await N8nRunner.start({ url: app.url, apiKey: await app.keyFor('cashier') });
      const { outputs } = await floor.runNode('cancelOrder', {}, [itemOf(await cod())]);
      expect(jsonOn(outputs, 2).cancellation).toMatchObject({ code: 'ROLE_NOT_ALLOWED', status: 403 });
    });

    it('fails when a field is missing, which is the workflow’s own mistake', async () => {
      const { run } = await cancel([itemOf(await cod())], {
        reason: 'customer_requested',
        customerContact: '={{ $json.nowhere }}',
        requestedAt: '2026-01-05T08:00:00',
      });
      expect(run.status).toBe('error');
      expect(run.data.resultData.error?.message).toContain('phone or e-mail');
    });

    it('sends by Needs Approval what somebody must decide on first', async () => {
      const server = await ProblemServer.start();
      server.willSay({ status: 202, body: { approval: { id: 'approval-1', status: 'requested' } } });
      const asking = await N8nRunner.start({ url: server.url, apiKey: 'any' });
      const { outputs } = await asking.runNode('cancelOrder', {}, [
        itemOf({ id: 'order-1', number: '1', status: 'processing', version: 3 }),
      ]);
      expect(jsonOn(outputs, 1)).toMatchObject({
        order: { id: 'order-1', status: 'processing' },
        cancellation: { approval: { id: 'approval-1', status: 'requested' } },
      });
      await server.close();
    });

    it('sends by Needs Approval what the floor asks for, and what is asked because somebody works on it', async () => {
      const order = await cod();
      await app.put(`/orders/${order.id}/status`, { move: 'process' });
      const task = { kind: 'picking', orderId: order.id, assigneeEmail: 'picker@example.com' };
      expect((await app.post('/tasks', task)).status).toBe(201);
      const floor = await N8nRunner.start({ url: app.url, apiKey: await app.keyFor('fulfillment_specialist') });
      const byFloor = await floor.runNode('cancelOrder', { note: 'all broken' }, [itemOf(order)]);
      const { cancellation } = jsonOn(byFloor.outputs, 1);
      expect(cancellation).toMatchObject({
        approval: { status: 'requested' },
        request: { id: cancellation.approval.id, note: 'all broken', askedByRole: 'fulfillment_specialist' },
      });
      const asking = { underWay: 'ask', requesterEmail: 'desk@example.com' };
      const byDesk = await cancel([itemOf(order), itemOf(await cod())], asking);
      expect(byDesk.outputs.map((items) => items.length)).toEqual([1, 1, 0]);
      expect(jsonOn(byDesk.outputs, 1)).toMatchObject({
        order: { id: order.id, status: 'processing' },
        cancellation: { approval: cancellation.approval },
      });
      expect(jsonOn(byDesk.outputs, 0)).toMatchObject({
        order: { status: 'cancelled' },
        cancellation: { changed: true },
      });
    });

    it('shows what it would do', async () => {
      const order = await cod();
      const { outputs } = await cancel([itemOf(order)], { previewOnly: true });
      expect(jsonOn(outputs, 0).preview.effects.movements).not.toEqual([]);
      expect((await read(order)).status).toBe('pending');
    });
  });

  describe('Refund Order', () => {
    const refund = (items: Body[], parameters: Body = {}) => n8n.runNode('refundOrder', parameters, items);
    async function owed(): Promise<Body> {
      const order = await placeOrder(app);
      await pay(app, order.id);
      return (await app.post(`/orders/${order.id}/cancel`, { reason: 'inventory' })).body;
    }

    it('lets an order that owes nothing pass', async () => {
      const { outputs } = await refund([itemOf(await cod())]);
      expect(jsonOn(outputs, 0).refund).toEqual({ due: 'nothing' });
      const { outputs: seen } = await refund([itemOf(await cod())], { previewOnly: true });
      expect(jsonOn(seen, 0)).toMatchObject({ preview: { effects: {}, result: { due: 'nothing' } } });
      expect(jsonOn(seen, 0).refund).toBeUndefined();
    });

    it('decides, and later records that the money was sent, as one refund', async () => {
      const order = await owed();
      const { outputs: first } = await refund([itemOf(order, { eventId: 'evt_refund' })], {
        options: { reason: 'order cancelled', note: 'same number' },
      });
      expect(jsonOn(first, 0)).toMatchObject({
        order: { paymentStatus: 'refund_due' },
        refund: { status: 'approved', amountMinor: 100_000, reason: 'order cancelled' },
      });
      const { outputs: again } = await refund([itemOf(order)]);
      expect(jsonOn(again, 0).refund.id).toBe(jsonOn(first, 0).refund.id);
      const transactionId = bkashId();
      const sent = { execution: 'now', transactionId };
      const { outputs } = await refund([itemOf(order)], sent);
      expect(jsonOn(outputs, 0)).toMatchObject({
        order: { id: order.id, paymentStatus: 'refunded', refundsPayableMinor: 0 },
        refund: { id: jsonOn(first, 0).refund.id, status: 'settled', method: 'bkash', transactionId },
      });
      const { outputs: repeated } = await refund([itemOf(order)], sent);
      expect(jsonOn(repeated, 0).refund).toMatchObject({ status: 'settled', transactionId });
      expect((await read(order)).refunds).toHaveLength(1);
    });

    it('gives back a part in cash, and the rest later', async () => {
      const order = await owed();
      const { outputs } = await refund([itemOf(order)], { execution: 'now', method: 'cash', amountMinor: 40_000 });
      expect(jsonOn(outputs, 0)).toMatchObject({ refund: { status: 'settled', amountMinor: 40_000, method: 'cash' } });
      await refund([itemOf(order)], { execution: 'now', method: 'cash' });
      expect(await read(order)).toMatchObject({ refundsPayableMinor: 0, refundedMinor: 100_000 });
    });

    it('sends by Failed what does not fit, and what a person could not send', async () => {
      const order = await owed();
      const { outputs: large } = await refund([itemOf(order)], { amountMinor: 100_001 });
      expect(jsonOn(large, 1).refund).toMatchObject({ code: 'REFUND_TOO_LARGE', refundableMinor: 100_000 });
      const { outputs: missing } = await refund([itemOf(order)], { execution: 'now' });
      expect(jsonOn(missing, 1).refund.code).toBe('TRANSACTION_ID_MISSING');
      const [{ id }] = (await read(order)).refunds;
      await app.post(`/refunds/${id}/execute`, { result: 'failed', reason: 'wallet closed' });
      const { outputs: failed } = await refund([itemOf(order)]);
      expect(jsonOn(failed, 1).refund).toMatchObject({ status: 'failed', failure: 'wallet closed' });
    });

    it('shows what it would do', async () => {
      const order = await owed();
      const { outputs } = await refund([itemOf(order)], { previewOnly: true });
      expect(jsonOn(outputs, 0).preview.result).toMatchObject({ status: 'approved', amountMinor: 100_000 });
      expect((await read(order)).refunds).toEqual([]);
    });
  });

  it('Update Order Status says who asked for a cancellation', async () => {
    const { outputs } = await n8n.runNode(
      'updateOrderStatus',
      {
        move: 'cancel',
        reason: 'customer_requested',
        customerContact: 'a@b.example',
        requestedAt: '2026-01-05T08:00:00',
      },
      [itemOf(await cod())],
    );
    expect(jsonOn(outputs, 0)).toMatchObject({ order: { status: 'cancelled' }, cancellation: { status: 'open' } });
  });
});
