import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestApp, type TestApp } from '../support/app';
import { startTestN8n, type TestN8n } from '../support/n8n';

const ROOT = resolve(__dirname, '../..');
const START_TIMEOUT_MS = 240_000;

describe('The package as npm would ship it, in a fresh n8n', () => {
  let folder: string;
  let app: TestApp;
  let n8n: TestN8n;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderloom-packed-'));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [archive] = readdirSync(folder);
    execFileSync('tar', ['-xzf', join(folder, String(archive)), '-C', folder]);
    app = await startTestApp();
    n8n = await startTestN8n(app, { packageFolder: join(folder, 'package') });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await n8n.remove();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds nothing but what n8n loads', () => {
    expect(readdirSync(join(folder, 'package')).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
  });

  it('brings every step onto the canvas', async () => {
    const { n8n: shipped } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const steps = (shipped.nodes as string[]).map((file) => file.split('/').at(-2) as string);
    const names = steps.map((step) => `n8n-nodes-orderloom.${step.charAt(0).toLowerCase()}${step.slice(1)}`);
    const loaded = (await n8n.nodeTypes()).map(({ name }) => name);
    expect(loaded).toEqual(expect.arrayContaining(names));
  });

  it('finds a right key right and a wrong key wrong', async () => {
    expect(await n8n.testCredential(app)).toMatchObject({ status: 'OK' });
    expect(await n8n.testCredential({ url: app.url, apiKey: 'not-a-key' })).toMatchObject({ status: 'Error' });
  });
});
