import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as accounting from '../../server/accounting';
import { firstBoot } from '../../server/first-boot';
import * as inventory from '../../server/inventory';
import { MovableClock } from '../../server/platform/clock';
import type { Actor, CommandContext, Role } from '../../server/platform/context';
import { apiRouter } from '../../server/platform/http/api';
import { problemHandler } from '../../server/platform/http/problem';
import { openRoom, type Room, silent } from '../platform/open-workroom';

export interface Answer {
  status: number;
  body: Record<string, any>;
}

export interface Stock {
  room: Room;
  clock: MovableClock;
  call(method: string, path: string, body?: unknown, role?: Role): Promise<Answer>;
  /** One command in its transaction, as a higher slice would run it. */
  command<T>(run: (ctx: CommandContext) => Promise<T>): Promise<T>;
  /** The topics and data of the events emitted so far. */
  events(topic: string): Promise<Record<string, any>[]>;
  /** What contradicts itself; empty when all is well. */
  broken(): Promise<Record<string, unknown>[]>;
  level(sku: string, location?: string): Promise<Record<string, any>>;
  balance(code: string): Promise<number>;
  close(): Promise<void>;
}

const roles: readonly Role[] = [
  'admin',
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
];
const actors = new Map(
  roles.map((role): [string, Actor] => [
    role,
    { kind: 'key', id: `KEY-${role}`, name: role, role, storeIds: ['main'] },
  ]),
);

/** Inventory and accounting behind the real API, with the first store open; the role is the key. */
export async function openStock(databaseUrl?: string): Promise<Stock> {
  const clock = new MovableClock();
  const room = await openRoom({ clock, databaseUrl, settings: { ADMIN_API_KEY: 'admin-key' } });
  const { workroom, registry } = room;
  accounting.install(registry);
  inventory.install(registry);
  registry.on('*', 'every-event', () => Promise.resolve());
  await firstBoot(workroom, room.config);
  const app = express();
  app.use(
    '/api/v1',
    express.json(),
    apiRouter(workroom, (key) => Promise.resolve(actors.get(key))),
  );
  app.use(problemHandler(silent));
  const server = app.listen(0);
  const call = callerOf(server);
  const command: Stock['command'] = async (run) => (await workroom.command(workroom.systemCaller('test'), run)).result;
  return {
    room,
    clock,
    call,
    command,
    events: (topic) =>
      command(async (ctx) => {
        const rows = await ctx.select<{ payload: string }>(
          'SELECT payload FROM outbox WHERE topic = :topic ORDER BY id',
          { topic },
        );
        return rows.map(({ payload }) => JSON.parse(payload) as Record<string, any>);
      }),
    broken: () => brokenChecks(room),
    level: async (sku, location = 'main') =>
      (await call('GET', `/inventory?sku=${sku}&location=${location}`)).body.items[0] ?? {},
    balance: async (code) => {
      const { body } = await call('GET', '/accounting/trial-balance');
      return body.accounts.find((account: { code: string }) => account.code === code).balanceMinor;
    },
    close: async () => {
      await new Promise((done) => server.close(done));
      await room.close();
    },
  };
}

function callerOf(server: Server): Stock['call'] {
  let calls = 0;
  return async (method, path, body, role = 'store_manager') => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://localhost:${port}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${role}`,
        'content-type': 'application/json',
        'idempotency-key': `call-${(calls += 1)}`,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, any> };
  };
}

async function brokenChecks({ workroom, registry }: Room): Promise<Record<string, unknown>[]> {
  const reader = workroom.reader(workroom.systemCaller('integrity'));
  const found = await Promise.all(
    registry.checks.map(async ({ name, run }) => (await run(reader)).map((finding) => ({ check: name, ...finding }))),
  );
  return found.flat();
}

export const TEA = { sku: 'TEA-01', name: 'Green tea 100 g', priceMinor: 50_000, costMinor: 30_000, category: 'tea' };

/** Adds a product and receives units of it. */
export async function stockProduct(
  stock: Stock,
  product: Record<string, unknown> & { sku: string } = TEA,
  receipt: { quantity: number; unitCostMinor: number } = { quantity: 50, unitCostMinor: 50_000 },
): Promise<string> {
  const made = await stock.call('POST', '/products', { ...TEA, ...product });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  if (receipt.quantity > 0) {
    const received = await stock.call('POST', '/inventory/receipts', { lines: [{ sku: product.sku, ...receipt }] });
    if (received.status !== 201) throw new Error(JSON.stringify(received.body));
  }
  return String(made.body.id);
}
