import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ADMIN_KEY, caller, type TestApp } from './app';

const MAIN = resolve(__dirname, '../../server/dist/main.js');
const READY_WITHIN_MS = 30_000;

/** The built service as a process of its own, so that it can be killed. */
export interface ServiceProcess {
  url: string;
  port: number;
  folder: string;
  call: TestApp['call'];
  /** SIGKILL: nothing is flushed, nothing is said. */
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export async function startServiceProcess(env: Record<string, string> = {}): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-service-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((done) => running.once('exit', done));
    running.kill('SIGKILL');
    await gone;
  };
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [MAIN, 'serve'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        DEMO: 'true',
        PORT: String(port),
        DATABASE_URL: `sqlite:${join(folder, 'ledger.sqlite')}`,
        DATA_FOLDER: folder,
        ADMIN_API_KEY: ADMIN_KEY,
        LOG_LEVEL: 'fatal',
        RATE_LIMIT_PER_SECOND: '0',
        ...env,
      },
    });
    await readyWithin(`${url}/readyz`, READY_WITHIN_MS);
  };
  await start();
  return {
    url,
    port,
    folder,
    kill,
    start,
    call: caller(url),
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readyWithin(address: string, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > until) throw new Error(`${address} was not ready within ${timeoutMs} ms.`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
