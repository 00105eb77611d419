import { ADMIN_KEY } from '../support/app';
import { eventually } from '../support/eventually';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { TEA } from '../support/shop';
import { fire, fixture, Floor, type Json, untilStatus } from './runs';

describe('Refusals of the service, in the real n8n', () => {
  let service: ServiceProcess;
  let n8n: TestN8n;
  let floor: Floor;

  beforeAll(async () => {
    service = await startServiceProcess();
    floor = new Floor(service);
    await floor.open(TEA);
    n8n = await startTestN8n({ url: service.url, apiKey: ADMIN_KEY });
    await n8n.publish(['on-error.json', fixture('ship.json'), fixture('confirm-or-go-on.json')]);
  }, 300_000);
  afterAll(async () => {
    await n8n?.remove();
    await service?.remove();
  });

  const asItems = (orders: Json[]): Json => ({ orders: orders.map(({ id }) => ({ order: { id } })) });

  /** What the service says to anybody who asks for this. */
  async function refusalOf(order: Json, move: string): Promise<{ detail: string; code: string }> {
    const { status, body } = await service.call('PUT', `/orders/${order.id}/status`, { move, carrier: 'manual' });
    expect(status).toBeGreaterThanOrEqual(400);
    return body as { detail: string; code: string };
  }

  it('show as its own sentence and code, and put the run on the list of exceptions', async () => {
    const order = await floor.place();
    const refusal = await refusalOf(order, 'ship');
    const id = await fire(n8n, 'testShip', 'ship', asItems([order]));
    const run = await untilStatus(n8n, id, 'error');
    expect(run.error?.message).toBe(refusal.detail);
    expect(run.error?.description).toContain(refusal.code);
    expect(run.error?.node?.name).toBe('Ship Order');
    const incident = await eventually('the incident', async () => {
      const { items } = await floor.call('GET', '/incidents');
      return (items as Json[]).find(({ executionId }) => executionId === id);
    });
    expect(incident).toMatchObject({
      kind: 'failed',
      status: 'open',
      workflowId: 'testShip',
      workflowName: 'Ship orders',
      node: 'Ship Order',
      message: refusal.detail,
    });
    expect(incident.executionUrl).toContain(`/workflow/testShip/executions/${id}`);
  }, 300_000);

  it('stay with their item where the step is told to continue', async () => {
    const [good, bad] = [await floor.place(), await floor.inProcess()];
    const id = await fire(n8n, 'testConfirmOrGoOn', 'confirm-or-go-on', asItems([bad, good]));
    const run = await untilStatus(n8n, id, 'success');
    const refusal = await refusalOf(bad, 'confirm');
    const [[items]] = run.outputsOf('Tried') as [[Json[]]];
    expect(items).toMatchObject([
      { order: { id: bad.id }, error: refusal.detail, details: { code: refusal.code } },
      { order: { id: good.id, status: 'confirmed' }, move: { name: 'confirm', changed: true } },
    ]);
    expect(items[1]).not.toHaveProperty('error');
    const { items: incidents } = await floor.call('GET', '/incidents');
    expect((incidents as Json[]).map(({ executionId }) => executionId)).not.toContain(id);
  }, 300_000);
});
