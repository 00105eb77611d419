import { z } from 'zod';
import { listOf } from '../platform/http/paging';
import { command, query, type Route } from '../platform/http/route';
import type { Registry } from '../platform/registry';
import { type KeyRing, makeKey, manageKeys, revokeKey } from './api-keys';
import { apiKeys, type ApiKeyRow } from './people.models';
import { apiKeyInput, apiKeyView, storeChange, storeInput, storeView, userInput, userView } from './people.schema';
import { changeStore, changeStores, listStores, manageStores, openStore } from './stores';
import { addUser, listUsers, manageUsers } from './users';

const tag = 'people';

function withoutHash({ hash: _hash, ...row }: ApiKeyRow): Omit<ApiKeyRow, 'hash'> {
  return row;
}

function storeRoutes(registry: Registry): Route[] {
  return [
    query({
      method: 'get',
      path: '/stores',
      tag,
      summary: 'The stores this key works in',
      permission: {
        name: 'people.read_stores',
        roles: ['store_manager', 'fulfillment_specialist', 'cashier', 'customer_service', 'reporting'],
      },
      response: listOf(storeView),
      run: async (ctx) => ({ items: await listStores(ctx), nextCursor: null }),
    }),
    command({
      method: 'post',
      path: '/stores',
      tag,
      summary: 'Open a store with its books and its location',
      permission: manageStores,
      body: storeInput,
      response: storeView,
      status: 201,
      run: (ctx, { body }) => openStore(ctx, body, registry.storeOpeners),
    }),
    command({
      method: 'patch',
      path: '/stores/:id',
      tag,
      summary: 'Change a store’s name and rules',
      permission: changeStores,
      params: z.strictObject({ id: z.string().min(1).max(26) }),
      body: storeChange,
      response: storeView,
      run: (ctx, { params, body }) => changeStore(ctx, params.id, body),
    }),
  ];
}

const userRoutes: Route[] = [
  query({
    method: 'get',
    path: '/users',
    tag,
    summary: 'Everyone who can be given work',
    permission: manageUsers,
    response: listOf(userView),
    run: async (ctx) => ({ items: await listUsers(ctx), nextCursor: null }),
  }),
  command({
    method: 'post',
    path: '/users',
    tag,
    summary: 'Add a person',
    permission: manageUsers,
    body: userInput,
    response: userView,
    status: 201,
    run: (ctx, { body }) => addUser(ctx, body),
  }),
];

function keyRoutes(keyRing: KeyRing): Route[] {
  return [
    query({
      method: 'get',
      path: '/api-keys',
      tag,
      summary: 'API keys, without the keys themselves',
      permission: manageKeys,
      response: listOf(apiKeyView),
      run: async (ctx) => ({
        items: (await ctx.find(apiKeys, '1 = 1 ORDER BY id LIMIT 500')).map(withoutHash),
        nextCursor: null,
      }),
    }),
    command({
      method: 'post',
      path: '/api-keys',
      tag,
      summary: 'Make an API key; the answer shows it once',
      permission: manageKeys,
      body: apiKeyInput,
      response: apiKeyView,
      shownOnce: ['key'],
      status: 201,
      run: async (ctx, { body }) => {
        const { hash: _hash, ...shown } = makeKey(ctx, body);
        return Promise.resolve(shown);
      },
    }),
    command({
      method: 'delete',
      path: '/api-keys/:id',
      tag,
      summary: 'Revoke an API key',
      permission: manageKeys,
      params: z.object({ id: z.string() }),
      response: apiKeyView,
      run: async (ctx, { params }) => {
        const row = await revokeKey(ctx, params.id);
        keyRing.forget();
        return withoutHash(row);
      },
    }),
  ];
}

export function peopleRoutes(registry: Registry, keyRing: KeyRing): Route[] {
  return [...storeRoutes(registry), ...userRoutes, ...keyRoutes(keyRing)];
}
