import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { keepSample, takeSample } from './floor/sample';
import { expect, HttpClient } from './http-client';
import { PRODUCTS, skuOf } from './lifecycle';
import { type RunningProcess, startNode } from './processes';

const ROOT = resolve(__dirname, '../..');
const ADMIN_KEY = 'bench-admin-key';
const UNITS_EACH = 1_000_000;
/** As many as the flash sale has buyers. */
const CONNECTIONS = 64;

/** Something to measure: the service, or the floor in the same clothes. */
export interface Target {
  client: HttpClient;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** An empty database on the benchmark's own server. */
export async function makeDatabase(server: string, name: string): Promise<string> {
  const connection = await createConnection(server);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await connection.end();
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.toString();
}

/** The process of the database server, which runs on this machine. */
export async function databasePid(server: string): Promise<number> {
  const connection = await createConnection(server);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT @@pid_file AS file');
  await connection.end();
  return Number(readFileSync(String(rows[0]?.file), 'utf8'));
}

/** The built service with a stocked shop. What `nodeOptions` names is handed to its Node, such as `--cpu-prof`. */
export async function startService(databaseUrl: string, nodeOptions: readonly string[] = []): Promise<Target> {
  const folder = scratchFolder('orderloom-bench-');
  const main = join(ROOT, 'server', 'dist', 'main.js');
  const service = await startNode(() => [...nodeOptions, main, 'serve'], {
    // Without it a database that was never migrated is refused.
    DEMO: 'true',
    DATABASE_URL: databaseUrl,
    DATA_FOLDER: folder,
    ADMIN_API_KEY: ADMIN_KEY,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_SECOND: '0',
  });
  const client = new HttpClient(service.url, ADMIN_KEY, CONNECTIONS);
  await stockShop(client);
  return targetOf(service, client);
}

/** The floor, over a database that a short-lived service has prepared and written one sample order into. */
export async function startFloor(databaseUrl: string): Promise<Target> {
  const folder = scratchFolder('orderloom-floor-');
  const sampleFile = join(folder, 'sample.json');
  const service = await startService(databaseUrl);
  const database = await createConnection(databaseUrl);
  try {
    keepSample(sampleFile, await takeSample(service.client, database, skuOf(0)));
  } finally {
    await database.end();
    await service.stop();
  }
  const hook = join(__dirname, 'run-typescript.cjs');
  const server = join(__dirname, 'floor', 'floor-server.ts');
  const floor = await startNode((port) => ['--require', hook, server, databaseUrl, sampleFile, String(port)]);
  const client = new HttpClient(floor.url, ADMIN_KEY, CONNECTIONS);
  return targetOf(floor, client);
}

/** Gone when this process ends, however it ends. */
function scratchFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function targetOf(server: RunningProcess, client: HttpClient): Target {
  return {
    client,
    url: server.url,
    pid: server.pid,
    stop: async () => {
      client.close();
      await server.stop();
    },
  };
}

async function stockShop(client: HttpClient): Promise<void> {
  const skus = Array.from({ length: PRODUCTS }, (_, n) => skuOf(n));
  for (const sku of skus) await addProduct(client, sku);
  await receive(client, skus, UNITS_EACH);
}

export async function addProduct(client: HttpClient, sku: string): Promise<void> {
  const product = { sku, name: `Green tea ${sku}`, priceMinor: 50_000, costMinor: 30_000, weightGrams: 120 };
  expect(await client.post('/products', product), 201);
}

export async function receive(client: HttpClient, skus: readonly string[], quantity: number): Promise<void> {
  const lines = skus.map((sku) => ({ sku, quantity, unitCostMinor: 30_000 }));
  expect(await client.post('/inventory/receipts', { lines, reference: 'PO-7' }), 201);
}
