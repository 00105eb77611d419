import { fulfilledOrder } from '../documents/parcels';
import { type Body, orderInProcess, startFloor } from '../fulfillment/floor';
import type { TestApp } from '../support/app';
import { expectStatus, placeOrder, prepareAll } from '../support/shop';
import { N8nRunner } from './n8n-runner';
import { ProblemServer } from './problem-server';

describe('The step Create Label', () => {
  let app: TestApp;
  let n8n: N8nRunner;

  beforeAll(async () => {
    app = await startFloor('sqlite', { env: { CHROMIUM_PATH: '/no/such/chromium' } });
    n8n = await N8nRunner.start(app);
  });
  afterAll(() => app.close());
  afterEach(() => void jest.restoreAllMocks());

  const itemOf = ({ id, number, status, version }: Body, more = {}) => ({
    order: { id, number, status, version },
    ...more,
  });
  const labelsOf = async ({ id }: Body): Promise<Body[]> => (await app.get(`/orders/${id}`)).body.labels as Body[];
  const invoice = { data: 'aGk=', mimeType: 'text/plain', fileName: 'hi.txt' };

  /** Waits between tries pass at once. */
  function hurry(): void {
    const setTimer = global.setTimeout;
    const isWait = (ms = 0): boolean => ms >= 300 && ms <= 5_000;
    const hurried = (run: () => void, ms?: number) => setTimer(run, isWait(ms) ? 1 : ms);
    jest.spyOn(global, 'setTimeout').mockImplementation(hurried as typeof setTimeout);
  }

  it('labels each order, and adds the file to those that came with the item', async () => {
    const orders = [await fulfilledOrder(app), await fulfilledOrder(app)];
    const items = orders.map((order, n) => itemOf(order, { eventId: `evt_${n}`, kept: n }));
    const { outputs } = await n8n.runNode('createLabel', { format: 'zpl' }, items, { binary: { invoice } });
    expect(outputs[0]).toHaveLength(2);
    for (const [n, order] of orders.entries()) {
      expect(outputs[0]?.[n]).toMatchObject({
        json: {
          kept: n,
          eventId: `evt_${n}`,
          order: { id: order.id, number: order.number, status: 'fulfilled' },
          label: { orderId: order.id, status: 'active', format: 'zpl', reprints: 0, changed: true },
        },
        binary: {
          invoice: { fileName: 'hi.txt' },
          label: { fileName: `label-${order.number}.zpl`, mimeType: 'application/zpl' },
        },
        pairedItem: { item: n },
      });
      const text = Buffer.from(outputs[0]?.[n]?.binary?.label?.data ?? '', 'base64').toString('utf8');
      expect(text).toContain(`^FD${order.number}^FS`);
    }
  });

  it('labels the package that is named, and says which there is not', async () => {
    const order = await orderInProcess(app);
    await prepareAll(app, order);
    const [line] = order.lines as Body[];
    expectStatus(await app.put(`/orders/${order.id}/package`, { items: [{ id: line?.id, quantity: 1 }] }), 201);
    expectStatus(await app.put(`/orders/${order.id}/package`, { number: 2 }), 201);
    const run = (packageNumber: number, more = {}) =>
      n8n.runNode('createLabel', { format: 'zpl', options: { packageNumber } }, [itemOf(order)], more);
    for (const number of [2, 1, 2]) {
      const [[item]] = (await run(number)).outputs;
      expect(item?.json.label).toMatchObject({ packageNumber: number });
      expect(item?.binary?.label?.fileName).toBe(`label-${order.number}-${number}.zpl`);
    }
    expect(await labelsOf(order)).toHaveLength(2);
    const [[refused]] = (await run(3, { nodeOptions: { onError: 'continueRegularOutput' } })).outputs;
    expect(String(refused?.json.error)).toContain('The order has no package 3');
  });

  it('is the same label for the same run, and a new one after it was voided', async () => {
    const order = await fulfilledOrder(app);
    const run = async () => {
      const { outputs } = await n8n.runNode('createLabel', { format: 'zpl' }, [
        itemOf(order, { eventId: 'evt_again' }),
      ]);
      return outputs[0]?.[0]?.json.label as Body;
    };
    const first = await run();
    expect((await run()).id).toBe(first.id);
    expect(await labelsOf(order)).toMatchObject([{ reprints: 0 }]);
    expectStatus(await app.post(`/labels/${first.id}/void`, { reason: 'torn' }), 200);
    const second = await run();
    expect(second).toMatchObject({ status: 'active', changed: true });
    expect(second.id).not.toBe(first.id);
    expect(await labelsOf(order)).toMatchObject([{ status: 'voided' }, { id: second.id, status: 'active' }]);
  });

  it('finds the order by its number', async () => {
    const order = await fulfilledOrder(app);
    const parameters = { format: 'zpl', order: { __rl: true, mode: 'number', value: order.number } };
    const { outputs } = await n8n.runNode('createLabel', parameters, [{ kept: 1 }]);
    expect(outputs[0]?.[0]?.json).toMatchObject({ kept: 1, order: { id: order.id }, label: { orderId: order.id } });
  });

  it('shows in a preview what it would make, and makes nothing', async () => {
    const order = await orderInProcess(app);
    const { outputs } = await n8n.runNode('createLabel', { previewOnly: true }, [itemOf(order)]);
    expect(outputs[0]?.[0]?.json).toMatchObject({
      order: { id: order.id },
      preview: { effects: { events: [{ topic: 'label.created' }] }, result: { status: 'active' } },
    });
    expect(outputs[0]?.[0]?.binary).toBeUndefined();
    expect(await labelsOf(order)).toEqual([]);
  });

  it('goes on with the others when one gets no label, with the service’s code and sentence', async () => {
    const items = [itemOf(await placeOrder(app)), itemOf(await fulfilledOrder(app))];
    const { outputs } = await n8n.runNode('createLabel', { format: 'zpl' }, items, {
      nodeOptions: { onError: 'continueErrorOutput' },
    });
    expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
    expect(outputs[1]?.[0]?.json).toMatchObject({
      error: expect.stringContaining('Confirm and process it first'),
      details: { code: 'LABEL_NOT_POSSIBLE' },
    });
  });

  it('says which setting is missing when the service has no browser for PDFs', async () => {
    hurry();
    const { run } = await n8n.runNode('createLabel', {}, [itemOf(await fulfilledOrder(app))]);
    expect(run.data.resultData.error).toMatchObject({
      message: expect.stringContaining('CHROMIUM_PATH'),
      description: expect.stringContaining('PDF_UNAVAILABLE'),
      httpCode: '503',
    });
  });

  it('asks again for the file while the service is busy', async () => {
    hurry();
    const service = await ProblemServer.start();
    const alone = await N8nRunner.start({ url: service.url, apiKey: 'k' });
    const order = { id: 'O1', number: '1001', status: 'fulfilled', version: 4, labels: [] };
    const busy = { status: 503, headers: { 'retry-after': '1' }, body: { code: 'PDF_BUSY', detail: 'Busy.' } };
    const label = { id: 'L1', status: 'active', format: 'pdf', order };
    const headers = { 'content-type': 'application/pdf', 'content-disposition': 'inline; filename="label-1001.pdf"' };
    service.willSay({ status: 200, body: order }, { status: 201, body: label }, busy, busy, {
      status: 200,
      headers,
      body: '%PDF-1.4',
    });
    const { outputs } = await alone.runNode('createLabel', {}, [{ order }]);
    expect(outputs[0]?.[0]?.binary?.label).toMatchObject({ fileName: 'label-1001.pdf', mimeType: 'application/pdf' });
    expect(service.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/orders/O1',
      'POST /api/v1/orders/O1/labels',
      ...Array.from({ length: 3 }, () => 'GET /api/v1/orders/O1/documents/label.pdf?label=L1'),
    ]);
    expect(service.seen[1]?.headers['idempotency-key']).toBe('label:O1:pdf:1');
    await service.close();
  });
});
