import { eventually } from '../support/eventually';
import { type TestN8n, startTestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { ADMIN_KEY } from '../support/app';
import { bkashId, buildOrder, TEA } from '../support/shop';

const FULFILLMENT = 'olOrderFulfillment';
const RUN_WITHIN_MS = 180_000;

/** The main job in the real n8n: an order arrives, is paid, confirmed, picked by a person and shipped. */
describe('The pipelines in the real n8n', () => {
  let service: ServiceProcess;
  let n8n: TestN8n;

  beforeAll(async () => {
    service = await startServiceProcess({ PIPELINE_STALL_MS: '5000' });
    n8n = await startTestN8n({ url: service.url, apiKey: ADMIN_KEY });
    await service.call('POST', '/users', { name: 'Karim', email: 'karim@example.com', role: 'fulfillment_specialist' });
    await service.call('POST', '/products', TEA);
    await service.call('POST', '/inventory/receipts', {
      lines: [{ sku: 'TEA-01', quantity: 100, unitCostMinor: 30_000 }],
      reference: 'PO-7',
    });
    await n8n.publish(['on-error.json', 'order-received.json', 'order-fulfillment.json']);
  }, 240_000);
  afterAll(async () => {
    await n8n?.remove();
    await service?.remove();
  });

  async function place(overrides: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const answer = await service.call(
      'POST',
      '/orders',
      buildOrder({ payment: { transactionId: bkashId() }, ...overrides }),
    );
    expect(answer.status).toBe(201);
    return answer.body;
  }

  function order(id: string): Promise<Record<string, any>> {
    return service.call('GET', `/orders/${id}`).then(({ body }) => body);
  }

  function openTask(orderId: string): Promise<Record<string, any>> {
    return eventually(
      'the picking task',
      async () => {
        const { body } = await service.call('GET', `/tasks?orderId=${orderId}`);
        return (body.items as Record<string, any>[]).find(
          ({ kind, status }) => kind === 'picking' && status === 'open',
        );
      },
      RUN_WITHIN_MS,
    );
  }

  /** The run waits for the picker once it says so itself. */
  function waiting(): Promise<unknown> {
    return eventually('the run to wait', async () =>
      (await n8n.executions(FULFILLMENT)).find(({ status }) => status === 'waiting'),
    );
  }

  async function finish(task: Record<string, any>): Promise<void> {
    const answer = await service.call('POST', `/tasks/${task.id}/complete`, { allDone: true });
    expect(answer.status).toBe(200);
  }

  /** Shipped once, one task, one effect each, and the ledger agrees. */
  async function expectShippedOnce(orderId: string): Promise<void> {
    await eventually('the order to be shipped', async () => (await order(orderId)).status === 'shipped', RUN_WITHIN_MS);
    const { body: history } = await service.call('GET', `/orders/${orderId}/history`);
    const actions = (history.items as { action: string }[]).map(({ action }) => action);
    for (const action of [
      'order.place',
      'payment.recorded',
      'order.confirm',
      'order.process',
      'order.fulfill',
      'order.ship',
    ]) {
      expect({ action, times: actions.filter((one) => one === action).length }).toEqual({ action, times: 1 });
    }
    const { body: tasks } = await service.call('GET', `/tasks?orderId=${orderId}`);
    expect((tasks.items as unknown[]).length).toBe(1);
    const { body: integrity } = await service.call('GET', '/integrity');
    expect(integrity).toMatchObject({ ok: true });
  }

  it('knows every node of ours', async () => {
    const names = (await n8n.nodeTypes()).map(({ name }) => name);
    for (const node of [
      'orderTrigger',
      'retrieveOrder',
      'checkInventory',
      'updateOrderStatus',
      'assignPickingTask',
      'markPaid',
    ]) {
      expect(names).toContain(`n8n-nodes-orderloom.${node}`);
    }
  });

  it('takes a wallet order from placed to shipped once the picker has finished', async () => {
    const { id } = await place();
    const task = await openTask(id);
    expect(await order(id)).toMatchObject({ status: 'processing', paymentStatus: 'paid' });
    await waiting();
    await finish(task);
    await expectShippedOnce(id);
    const mails = await eventually('the picker’s mail', async () => {
      const { items } = (await (await fetch(`${service.url}/mailbox.json`)).json()) as { items: { subject: string }[] };
      return items.filter(({ subject }) => subject.includes(String(task.orderNumber ?? ''))).length > 0 && items;
    });
    expect(mails).toHaveLength(1);
    const { body: audit } = await service.call('GET', `/audit?orderId=${id}`);
    expect(JSON.stringify(audit)).toContain(FULFILLMENT);
  }, 240_000);

  it('takes a cash-on-delivery order to shipped', async () => {
    const answer = await service.call('POST', '/orders', buildOrder({ paymentMethod: 'cod' }));
    const task = await openTask(answer.body.id);
    await finish(task);
    await eventually(
      'the order to be shipped',
      async () => (await order(answer.body.id)).status === 'shipped',
      RUN_WITHIN_MS,
    );
    expect(await order(answer.body.id)).toMatchObject({ paymentStatus: 'cod_due' });
  }, 240_000);

  it('goes on after n8n was killed while the run waited', async () => {
    const { id } = await place();
    const task = await openTask(id);
    await waiting();
    await n8n.kill();
    await finish(task);
    await n8n.start();
    await expectShippedOnce(id);
  }, 300_000);

  it('goes on after n8n was killed in mid-step', async () => {
    const { id } = await place();
    await eventually('the order to be confirmed', async () => (await order(id)).status !== 'pending', RUN_WITHIN_MS);
    await n8n.kill();
    await n8n.start();
    await finish(await openTask(id));
    await expectShippedOnce(id);
  }, 300_000);

  it('goes on after the service was killed while the run waited', async () => {
    const { id } = await place();
    const task = await openTask(id);
    await waiting();
    await service.kill();
    await service.start();
    await finish(task);
    await expectShippedOnce(id);
  }, 300_000);

  it('delivers what it owes once n8n, which was down when the order came, is back', async () => {
    await n8n.kill();
    const { id } = await place();
    await n8n.start();
    await finish(await openTask(id));
    await expectShippedOnce(id);
  }, 300_000);
});
