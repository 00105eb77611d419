import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { runDemo } from '../../scripts/demo/run-demo.mjs';
import { summaryLines } from '../../scripts/demo/summary.mjs';
import { seedDemoShop } from '../../scripts/launcher/demo-shop.mjs';
import { ServiceClient } from '../../scripts/launcher/service.mjs';
import { ADMIN_KEY } from '../support/app';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import type { Json } from './runs';

const LIMIT_MS = 150_000;
const SHIPPED = readdirSync(resolve(__dirname, '../../workflows')).filter((name) => name.endsWith('.json'));

/** What `npm run demo` does, with few orders: every shipped pipeline is published, and the people are played. */
describe('The demonstration, in the real n8n', () => {
  let service: ServiceProcess;
  let n8n: TestN8n;

  beforeAll(async () => {
    service = await startServiceProcess();
    const admin = new ServiceClient(service.url, ADMIN_KEY);
    await seedDemoShop(admin);
    const { key } = await admin.post('/api-keys', { name: 'pipelines', role: 'store_manager' }, 'pipelines');
    n8n = await startTestN8n({ url: service.url, apiKey: key });
    await n8n.publish(SHIPPED);
  }, 300_000);
  afterAll(async () => {
    await n8n?.remove();
    await service?.remove();
  });

  const play = async (count: number, limitMs: number): Promise<Json> =>
    runDemo({ service: { url: service.url, apiKey: ADMIN_KEY }, count, limitMs, onProgress: () => {} });
  const printed = (result: Json): string =>
    summaryLines(result, { serviceUrl: service.url, editorUrl: n8n.url }).join('\n');

  it('brings each order to the end that was expected of it, with books that balance', async () => {
    const result = await play(5, LIMIT_MS);
    expect(printed(result)).toContain('All 5 orders ended as they should');
    expect(result).toMatchObject({ run: 1, isGood: true, isWhole: true, differenceMinor: 0, pickerProblems: [] });
    expect(result.orders.filter(({ isAsExpected }: Json) => !isAsExpected)).toEqual([]);
    expect(result.mailCounts.toCustomers).toBeGreaterThanOrEqual(5);
    expect(result.daily).toMatchObject({ ordersPlaced: 5 });
  }, 240_000);

  it('may be given again, with other numbers, and says for what an order waits when the time is over', async () => {
    await n8n.kill();
    const result = await play(1, 3_000);
    expect(result).toMatchObject({ run: 2, isGood: false, isWhole: true });
    expect(result.orders).toMatchObject([
      { number: 'DEMO-2-01', status: 'pending', problem: 'waited for status shipped' },
    ]);
    expect(printed(result)).toContain('DEMO-2-01 is pending and should be completed');
  }, 120_000);
});
