import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { pay, placeOrder, stockProduct } from '../support/shop';

/** n8n may take an event and die before its run's first step; then no step ever tells us that the run exists. */
describe('A run that nobody has seen', () => {
  let app: TestApp;
  let receiver: Server;
  const received: string[] = [];

  beforeAll(async () => {
    app = await startTestApp({ env: { PIPELINE_STALL_MS: '500' } });
    receiver = createServer((request, response) => {
      received.push(String(request.headers['webhook-id']));
      response.end('{}');
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await app.close();
    receiver.close();
  });

  it('is started again by the same event', async () => {
    const { port } = receiver.address() as AddressInfo;
    await app.post('/webhooks', { url: `http://127.0.0.1:${port}/`, events: ['order.confirmed'] });
    await stockProduct(app);
    const order = await placeOrder(app);
    await pay(app, order.id);
    await app.put(`/orders/${order.id}/status`, { move: 'confirm' });
    await eventually('the event to come again', async () => received.length >= 2, 30_000);
    expect(new Set(received).size).toBe(1);
  });
});
