import demo from '../../scripts/commands/demo.mjs';
import { Refusal } from '../../scripts/launcher/refusal.mjs';
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/app';
import { freePort } from '../support/service-process';

describe('npm run demo, when something is missing', () => {
  const before = { ...process.env };
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    process.env.N8N_PORT = String(await freePort());
  });
  beforeEach(() => {
    process.env.PORT = new URL(app.url).port;
    process.env.ADMIN_API_KEY = ADMIN_KEY;
  });
  afterAll(async () => {
    for (const name of ['PORT', 'N8N_PORT', 'ADMIN_API_KEY']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await app.close();
  });

  /** What a person reads; a refusal is shown without a stack trace. */
  async function sentenceOf(args: string[]): Promise<string> {
    const error: unknown = await demo(args).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(Refusal);
    return (error as Error).message;
  }

  it('says that the demo is started first', async () => {
    process.env.PORT = String(await freePort());
    expect(await sentenceOf([])).toContain('Start it first with npm start');
  });

  it('says that n8n is not there, and how to start both', async () => {
    expect(await sentenceOf([])).toMatch(/The service runs, but n8n does not answer.*npm start/);
  });

  it('says that the service belongs to another folder', async () => {
    process.env.ADMIN_API_KEY = 'another';
    expect(await sentenceOf([])).toContain('was not started from this folder');
  });

  it.each(['0', '-1', 'many', '2.5', '501'])('takes no number of orders such as %s', async (count) => {
    expect(await sentenceOf([count])).toContain('from 1 to 500');
  });

  it('leaves alone a ledger that has other stores too', async () => {
    await app.post('/stores', { name: 'Second', currency: 'BDT', timezone: 'Asia/Dhaka' });
    expect(await sentenceOf([])).toContain('2 stores');
  });

  it('places nothing meanwhile', async () => {
    expect((await app.get('/orders')).body.items).toEqual([]);
  });
});
