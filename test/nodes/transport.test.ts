import { N8nRunner, workflowOf } from './n8n-runner';
import { ProblemServer } from './problem-server';

describe('The transport', () => {
  let service: ProblemServer;
  let n8n: N8nRunner;

  beforeAll(async () => {
    service = await ProblemServer.start();
    n8n = await N8nRunner.start({ url: `${service.url}/`, apiKey: 'k-1' });
  });
  afterAll(() => service.close());

  const order = { id: 'O1', number: '1001', status: 'pending', version: 1 };
  const moved = { status: 200, body: { ...order, status: 'confirmed', version: 2, changed: true } };
  const busy = { status: 503, body: { code: 'DATABASE_BUSY', detail: 'Busy. Try again.', status: 503 } };
  const move = (item: object = {}, nodeOptions = {}) =>
    n8n.runNode('updateOrderStatus', { move: 'confirm' }, [{ order, ...item }], { executionId: '77', nodeOptions });

  it('says who asks, for which run and event, and what makes a repeat harmless', async () => {
    service.willSay(moved);
    await move({ eventId: 'evt_1' }, { name: 'Confirm é' });
    const [{ method, path, headers }] = service.seen as [(typeof service.seen)[0]];
    expect({ method, path }).toEqual({ method: 'PUT', path: '/api/v1/orders/O1/status' });
    expect(headers).toMatchObject({
      authorization: 'Bearer k-1',
      'x-workflow-id': 'test',
      'x-workflow-execution-id': '77',
      'x-workflow-node': 'Confirm%20%C3%A9',
      'x-event-id': 'evt_1',
      'idempotency-key': 'move:O1:confirm:evt_1:Confirm%20%C3%A9:0',
    });
  });

  it('takes the event of the trigger when the item has lost it, and the execution when there is none', async () => {
    service.willSay(moved);
    await move();
    expect(service.seen[0]?.headers['idempotency-key']).toMatch(
      /^move:O1:confirm:execution-[0-9a-f]{8}-77:The%20updateOrderStatus:0$/,
    );
    const trigger = { ...n8n.node('orderTrigger', { events: ['order.placed'] }), name: 'New Order' };
    const forget = { ...n8n.node('noOp', {}), type: 'n8n-nodes-base.noOp', name: 'Forget' };
    const step = n8n.node('updateOrderStatus', { move: 'confirm', order: { __rl: true, mode: 'id', value: 'O1' } });
    const to = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
    const definition = workflowOf([trigger, forget, step], { 'New Order': to('Forget'), Forget: to(step.name) });
    service.willSay({ status: 200, body: order }, moved);
    await n8n.runWorkflow(definition, [{ eventId: 'evt_9', order }]);
    expect(service.seen.at(-1)?.headers).toMatchObject({
      'x-event-id': 'evt_9',
      'idempotency-key': expect.stringContaining(':evt_9:'),
    });
  });

  it('tries again with the same key while the service is busy, restarting or at work on the first try', async () => {
    const working = { status: 409, body: { code: 'IDEMPOTENCY_IN_PROGRESS', detail: 'Still running.' } };
    service.willSay(busy, 'hang up', working, moved);
    const { run, outputs } = await move();
    expect(run.status).toBe('success');
    expect(outputs[0]?.[0]?.json.order).toMatchObject({ status: 'confirmed' });
    expect(new Set(service.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(service.seen).toHaveLength(4);
  });

  it('waits as long as the service asks', async () => {
    service.willSay(
      { status: 429, headers: { 'retry-after': '1' }, body: { code: 'TOO_MANY_REQUESTS', detail: 'Slow down.' } },
      moved,
    );
    const before = Date.now();
    expect((await move()).run.status).toBe('success');
    expect(Date.now() - before).toBeGreaterThanOrEqual(950);
  });

  /** Waits between tries pass at once; what times a request out is left alone. */
  function hurry(): void {
    const setTimer = global.setTimeout;
    const isWait = (ms = 0): boolean => ms >= 300 && ms <= 5_000;
    const hurried = (run: () => void, ms?: number) => setTimer(run, isWait(ms) ? 1 : ms);
    jest.spyOn(global, 'setTimeout').mockImplementation(hurried as typeof setTimeout);
  }
  afterEach(() => void jest.restoreAllMocks());

  it('gives up in the end, with the service’s last words', async () => {
    hurry();
    service.willSay(busy);
    const { run } = await move();
    expect(run.data.resultData.error).toMatchObject({ message: 'Busy. Try again.', description: 'DATABASE_BUSY' });
    expect(service.seen.length).toBeGreaterThan(3);
  });

  it('does not repeat a refusal', async () => {
    const body = {
      code: 'VALIDATION_FAILED',
      detail: 'The request needs a correction: carrier: Name the carrier.',
      status: 422,
      requestId: 'req-7',
      errors: [{ path: 'carrier', code: 'REQUIRED', message: 'Name the carrier.' }],
    };
    service.willSay({ status: 422, body });
    const { run } = await move();
    expect(service.seen).toHaveLength(1);
    expect(run.data.resultData.error).toMatchObject({
      message: body.detail,
      description: 'VALIDATION_FAILED · carrier: Name the carrier. · Request id req-7',
      httpCode: '422',
    });
  });

  it('says where to look when nobody answers', async () => {
    hurry();
    const alone = await N8nRunner.start({ url: 'http://localhost:9', apiKey: 'k' });
    const { run } = await alone.runNode('updateOrderStatus', { move: 'confirm' }, [{ order }]);
    expect(run.data.resultData.error).toMatchObject({
      message: expect.stringMatching(/cannot be reached.*base URL/),
      context: { data: { code: 'SERVICE_UNREACHABLE', networkCode: 'ECONNREFUSED' } },
    });
  });

  it('survives an answer that is not of the service', async () => {
    service.willSay({ status: 404, body: '<html>nginx</html>', headers: { 'content-type': 'text/html' } });
    const { run } = await move();
    expect(run.data.resultData.error).toMatchObject({
      message: 'The Orderloom service answered with status 404.',
      description: 'HTTP_404',
    });
  });
});
