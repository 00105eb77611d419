import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipelinesKey } from '../../scripts/launcher/pipelines-key.mjs';
import { ServiceClient } from '../../scripts/launcher/service.mjs';
import { startTestApp, type TestApp } from '../support/app';

describe('The key of the pipelines', () => {
  let app: TestApp;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    app = await startTestApp();
    folder = mkdtempSync(join(tmpdir(), 'orderloom-key-'));
    file = join(folder, 'secrets.json');
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const keyOf = (service: TestApp): Promise<string> =>
    pipelinesKey(new ServiceClient(service.url, service.apiKey), service.url, file);

  it('is made once, kept for its owner alone, and names the pipelines in the history', async () => {
    const key = await keyOf(app);
    expect(await keyOf(app)).toBe(key);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pipelinesApiKey: key });
    expect(statSync(file).mode & 0o077).toBe(0);
    const { items } = (await app.get('/api-keys')).body;
    expect(items).toMatchObject([{ name: 'admin' }, { name: 'pipelines', role: 'store_manager', revokedAt: null }]);
  });

  it('may do what the steps do, and not what only an admin may', async () => {
    const apiKey = await keyOf(app);
    for (const path of ['/orders', '/webhooks', '/users', '/incidents', '/tasks'])
      expect((await app.get(path, { apiKey })).status).toBe(200);
    expect((await app.get('/api-keys', { apiKey })).status).toBe(403);
  });

  it('is made anew where it was revoked, and for a ledger that does not know it', async () => {
    const key = await keyOf(app);
    const { items } = (await app.get('/api-keys')).body;
    await app.call('DELETE', `/api-keys/${items.at(-1).id}`);
    const another = await keyOf(app);
    expect(another).not.toBe(key);
    const fresh = await startTestApp();
    try {
      expect(await keyOf(fresh)).not.toBe(another);
    } finally {
      await fresh.close();
    }
  });
});
