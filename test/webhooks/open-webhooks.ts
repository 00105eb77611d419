import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Actor, DomainEvent } from '../../server/platform/context';
import { installAudit } from '../../server/platform/audit';
import { MovableClock } from '../../server/platform/clock';
import { apiRouter } from '../../server/platform/http/api';
import { problemHandler } from '../../server/platform/http/problem';
import { Relay } from '../../server/platform/outbox';
import { install } from '../../server/webhooks';
import { openRoom, type Room, silent } from '../platform/open-workroom';

export interface Answer {
  status: number;
  body: Record<string, unknown> & { items: Record<string, unknown>[] };
}

export interface Webhooks {
  room: Room;
  relay: Relay;
  clock: MovableClock;
  call(method: string, path: string, body?: unknown, actor?: string): Promise<Answer>;
  emit(event?: Partial<DomainEvent>): Promise<void>;
  close(): Promise<void>;
}

const ACTORS: Record<string, Actor> = {
  admin: { kind: 'key', id: 'KEY-A', name: 'admin', role: 'admin', storeIds: 'all' },
  dhaka: { kind: 'key', id: 'KEY-D', name: 'dhaka', role: 'store_manager', storeIds: ['dhaka'] },
  two: { kind: 'key', id: 'KEY-T', name: 'two', role: 'store_manager', storeIds: ['dhaka', 'sylhet'] },
  cashier: { kind: 'key', id: 'KEY-C', name: 'till', role: 'cashier', storeIds: ['dhaka'] },
};

/** The webhooks slice behind the real API, with a key for each of the actors above. */
export async function openWebhooks(databaseUrl?: string): Promise<Webhooks> {
  // Receivers refuse a signature that is minutes old, so the clock starts at the real time.
  const clock = new MovableClock(new Date().toISOString());
  const room = await openRoom({ clock, databaseUrl });
  install(room.registry);
  installAudit(room.registry);
  const app = express();
  app.use(
    '/api/v1',
    express.json(),
    apiRouter(room.workroom, (key) => Promise.resolve(ACTORS[key])),
  );
  app.use(problemHandler(silent));
  const server: Server = app.listen(0);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const relay = new Relay(room.workroom, silent);
  let requests = 0;

  return {
    room,
    relay,
    clock,
    call: async (method, path, body, actor = 'admin') => {
      requests += 1;
      const headers = {
        authorization: `Bearer ${actor}`,
        'content-type': 'application/json',
        'idempotency-key': `request-${requests}`,
      };
      const response = await fetch(base + path, { method, headers, body: body ? JSON.stringify(body) : undefined });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    },
    emit: (event = {}) =>
      room.workroom.jobContext('test').transaction((ctx) => {
        ctx.emit({ topic: 'order.placed', storeId: 'main', data: {}, ...event });
        return Promise.resolve();
      }),
    close: async () => {
      await relay.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await room.close();
    },
  };
}
