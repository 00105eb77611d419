import { resolve } from 'node:path';
import { runDemo } from '../../scripts/demo/run-demo.mjs';
import { summaryLines } from '../../scripts/demo/summary.mjs';
import { readDemoShop, seedDemoShop } from '../../scripts/launcher/demo-shop.mjs';
import { ServiceClient } from '../../scripts/launcher/service.mjs';
import { shippedFiles } from '../../scripts/launcher/workflows.mjs';
import { ADMIN_KEY } from '../support/app';
import { startTestN8n, type TestN8n } from '../support/n8n';
import { type ServiceProcess, startServiceProcess } from '../support/service-process';
import type { Json } from './runs';

const LIMIT_MS = 200_000;

/** What `npm run demo` does in one of the demo shops, with few orders: its pipelines are published, its people played. */
class Demonstration {
  private constructor(
    private readonly shop: Json,
    readonly service: ServiceProcess,
    readonly n8n: TestN8n,
  ) {}

  static async open(folder: string): Promise<Demonstration> {
    const shop: Json = readDemoShop(resolve(__dirname, '../..', folder));
    const service = await startServiceProcess();
    const admin = new ServiceClient(service.url, ADMIN_KEY);
    await seedDemoShop(admin, shop);
    const { key } = await admin.post('/api-keys', { name: 'pipelines', role: 'store_manager' }, 'pipelines');
    const n8n = await startTestN8n({ url: service.url, apiKey: key });
    await n8n.publish(shippedFiles(shop.pipelines));
    return new Demonstration(shop, service, n8n);
  }

  async close(): Promise<void> {
    await this.n8n.remove();
    await this.service.remove();
  }

  play(count: number, limitMs = LIMIT_MS): Promise<Json> {
    const service = { url: this.service.url, apiKey: ADMIN_KEY };
    return runDemo({ service, shop: this.shop, count, limitMs, onProgress: () => {} });
  }

  printed(result: Json): string {
    return summaryLines(result, { serviceUrl: this.service.url, editorUrl: this.n8n.url }).join('\n');
  }
}

describe('The demonstration, in the real n8n', () => {
  let demo: Demonstration;
  beforeAll(async () => {
    demo = await Demonstration.open('demo');
  }, 300_000);
  afterAll(() => demo?.close());

  it('brings each order to the end that was expected of it, with books that balance', async () => {
    const result = await demo.play(5);
    expect(demo.printed(result)).toContain('All 5 orders ended as they should');
    expect(result).toMatchObject({ run: 1, isGood: true, isWhole: true, differenceMinor: 0, pickerProblems: [] });
    expect(result.orders.filter(({ isAsExpected }: Json) => !isAsExpected)).toEqual([]);
    expect(result.mailCounts.toCustomers).toBeGreaterThanOrEqual(5);
    expect(result.daily).toMatchObject({ ordersPlaced: 5 });
  }, 240_000);

  it('may be given again, with other numbers, and says for what an order waits when the time is over', async () => {
    await demo.n8n.kill();
    const result = await demo.play(1, 3_000);
    expect(result).toMatchObject({ run: 2, isGood: false, isWhole: true });
    expect(result.orders).toMatchObject([
      { number: 'DEMO-2-01', status: 'pending', problem: 'waited for status shipped' },
    ]);
    expect(demo.printed(result)).toContain('DEMO-2-01 is pending and should be completed');
  }, 120_000);
});

describe('The demonstration at the counter, in the real n8n', () => {
  let demo: Demonstration;
  beforeAll(async () => {
    demo = await Demonstration.open('demo/counter');
  }, 300_000);
  afterAll(() => demo?.close());

  it('tells codes and types them in, and leaves waiting what nobody fetched', async () => {
    const result = await demo.play(6);
    expect(demo.printed(result)).toContain('All 6 orders ended as they should');
    expect(result).toMatchObject({ isGood: true, differenceMinor: 0, pickerProblems: [] });
    expect(result.daily).toMatchObject({ ordersPlaced: 6, ordersShipped: 0 });
  }, 240_000);
});
