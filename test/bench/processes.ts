import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

/** A server as a process of its own, as in production. */
export interface RunningProcess {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Ends whatever is still running, for those who were told to stop. */
export function killEverything(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts `node …args` with `PORT` set and waits until it answers at /readyz. */
export async function startNode(
  argsFor: (port: number) => string[],
  env: Record<string, string | undefined> = {},
): Promise<RunningProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, argsFor(port), {
    // What a server says belongs to the progress, not to the figures.
    stdio: ['ignore', 2, 2],
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await untilReady(child, `${url}/readyz`);
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const cut = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(cut);
}

async function untilReady(child: ChildProcess, address: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await fetch(address).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`A server ended with ${child.exitCode} while starting; see above.`);
    if (Date.now() > until) throw new Error(`${address} was not ready within ${READY_WITHIN_MS} ms.`);
    await sleep(100);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
