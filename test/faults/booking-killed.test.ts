import { DATABASES, emptyDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import { buildOrder, TEA } from '../support/shop';

/** An attempt that was cut off is taken up when its lease has lapsed. */
const LEASE_LAPSES_MS = 90_000;

describe.each(DATABASES)('A service killed while it books a parcel, on %s', (kind) => {
  let service: ServiceProcess;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(kind);
    const env = { STEADFAST_TIMEOUT_MS: '2000', ...(kind === 'mysql' ? { DATABASE_URL: database.url } : {}) };
    service = await startServiceProcess(env);
  });
  afterAll(async () => {
    await service.remove();
    await database.drop();
  });

  const control = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${service.url}/sandbox/steadfast/control${path}`, init);
  const parcels = async () => ((await (await control('/parcels')).json()) as { items: { invoice: string }[] }).items;

  it(
    'finds the parcel again at the courier, and ships the order as it was asked to',
    async () => {
      await service.call('POST', '/products', TEA);
      const lines = [{ sku: TEA.sku, quantity: 10, unitCostMinor: 100 }];
      await service.call('POST', '/inventory/receipts', { lines, reference: 'PO-1' });
      const { body: order } = await service.call('POST', '/orders', buildOrder({ paymentMethod: 'cod' }));
      await service.call('PUT', `/orders/${order.id}/status`, { move: 'process' });
      const line = `/orders/${order.id}/items/${order.lines[0].id}/status`;
      await service.call('PUT', line, { status: 'prepared' });
      await service.call('PUT', `/orders/${order.id}/status`, { move: 'fulfill' });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ faults: [{ kind: 'slow', delayMs: 1500 }] });
      await control('/faults', { method: 'PUT', headers, body });

      const path = `/orders/${order.id}/consignments`;
      const key = 'booked-and-killed';
      const lost = service.call('POST', path, { courier: 'steadfast', ship: true }, { key }).catch(() => 'lost');
      await eventually('the parcel at the courier', async () => (await parcels()).length > 0);
      await service.kill();
      expect(await lost).toBe('lost');
      await service.start();

      const booked = await eventually(
        'the booking',
        async () => {
          const answer = await service.call('POST', path, { courier: 'steadfast', ship: true }, { key });
          return answer.status === 201 && answer.body;
        },
        LEASE_LAPSES_MS,
      );
      expect(booked).toMatchObject({ status: 'in_review', attempts: 2, reference: order.number });
      expect(await parcels()).toHaveLength(1);
      expect((await service.call('GET', `/orders/${order.id}`)).body.status).toBe('shipped');
    },
    LEASE_LAPSES_MS + 30_000,
  );
});
