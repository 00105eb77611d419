import { connect, createServer, type Server } from 'node:net';
import { ADMIN_KEY } from '../support/app';
import { DATABASES, emptyDatabase } from '../support/databases';
import { freePort, type ServiceProcess, startServiceProcess } from '../support/service-process';
import { bkashId, buildOrder, TEA } from '../support/shop';

/**
 * The worst moment to die is after the commit and before the caller hears of it. The wire here carries requests to the
 * service and kills the service at the first byte of its reply, which never reaches the caller.
 */
async function wireThatKills(service: ServiceProcess): Promise<{ url: string; server: Server }> {
  const port = await freePort();
  const server = createServer((client) => {
    const upstream = connect(service.port, 'localhost');
    client.pipe(upstream);
    upstream.once('data', () => {
      void service.kill();
      client.destroy();
      upstream.destroy();
    });
    for (const end of [client, upstream]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${port}`, server };
}

const LEASE_LAPSES_MS = 90_000;

describe.each(DATABASES)('A service killed between commit and reply, on %s', (kind) => {
  let service: ServiceProcess;
  let wire: Awaited<ReturnType<typeof wireThatKills>>;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let keys = 0;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    service = await startServiceProcess(kind === 'mysql' ? { DATABASE_URL: database.url } : {});
    wire = await wireThatKills(service);
  });
  afterAll(async () => {
    wire.server.close();
    await service.remove();
    await database.drop();
  });

  /** Sends a write whose reply is lost with the service, starts the service again and sends the write three times more. */
  async function survives(method: string, path: string, body: unknown): Promise<Record<string, any>> {
    keys += 1;
    const key = `killed-${keys}`;
    const lost = fetch(`${wire.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        'idempotency-key': key,
        'content-type': 'application/json',
        connection: 'close',
      },
      body: JSON.stringify(body),
    });
    await expect(lost).rejects.toThrow();
    await service.kill();
    await service.start();
    const answers = [];
    for (let again = 0; again < 3; again += 1) answers.push(await service.call(method, path, body, { key }));
    for (const answer of answers) {
      expect({ path, status: answer.status < 300, body: answer.body }).toMatchObject({ status: true });
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
      expect(answer.body).toEqual(answers[0]?.body);
    }
    return answers[0]?.body ?? {};
  }

  /** What a killed process had claimed is taken up when its lease has lapsed. */
  async function mailsWithin(timeoutMs: number): Promise<unknown[]> {
    for (const until = Date.now() + timeoutMs; ;) {
      const { items } = (await (await fetch(`${service.url}/mailbox.json`)).json()) as { items: unknown[] };
      if (items.length > 0 || Date.now() > until) return items;
      await new Promise((done) => setTimeout(done, 250));
    }
  }

  it('has done everything once, and says so when it is asked again', async () => {
    await survives('POST', '/products', TEA);
    await survives('POST', '/inventory/receipts', {
      lines: [{ sku: 'TEA-01', quantity: 50, unitCostMinor: 30_000 }],
      reference: 'PO-7',
    });
    const order = await survives('POST', '/orders', buildOrder());
    await survives('POST', `/orders/${order.id}/payments`, { method: 'bkash', transactionId: bkashId() });
    await survives('PUT', `/orders/${order.id}/status`, { move: 'confirm' });
    await survives('PUT', `/orders/${order.id}/status`, { move: 'process' });
    const task = await survives('POST', '/tasks', {
      kind: 'picking',
      orderId: order.id,
      assigneeEmail: 'picker@example.com',
    });
    await survives('POST', `/tasks/${task.id}/complete`, { allDone: true });
    await survives('PUT', `/orders/${order.id}/status`, { move: 'fulfill' });
    await survives('PUT', `/orders/${order.id}/status`, { move: 'ship', carrier: 'manual' });
    await survives('PUT', `/orders/${order.id}/status`, { move: 'deliver' });

    const { body: done } = await service.call('GET', `/orders/${order.id}`);
    expect(done).toMatchObject({ status: 'completed', paymentStatus: 'paid' });
    const { body: stock } = await service.call('GET', '/inventory?sku=TEA-01');
    expect(stock.items[0]).toMatchObject({ onHand: 48, reserved: 0, outgoing: 0, total: 48 });
    const { body: books } = await service.call('GET', '/accounting/trial-balance');
    expect(books.totalDebitMinor).toBe(books.totalCreditMinor);
    const { body: integrity } = await service.call('GET', '/integrity');
    expect(integrity).toMatchObject({ ok: true });
    expect(await mailsWithin(LEASE_LAPSES_MS)).toHaveLength(1);
  }, 180_000);
});
