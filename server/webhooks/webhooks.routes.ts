import { z } from 'zod';
import { listOf } from '../platform/http/paging';
import { command, query, Reply, type Route } from '../platform/http/route';
import { deliveryViewOf, listDeliveries, retryDelivery } from './deliveries';
import { listSubscriptions, manageWebhooks, subscribe, unsubscribe, viewWithSecret } from './subscriptions';
import {
  deliveryQuery,
  deliveryView,
  registeredView,
  subscriptionInput,
  subscriptionQuery,
  subscriptionView,
} from './webhooks.schema';

const tag = 'webhooks';
const permission = manageWebhooks;
const params = z.object({ id: z.string().max(26) });

export const webhookRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/webhooks',
    summary: 'Subscribe an address to topics; the same address again changes its topics',
    tag,
    permission,
    body: subscriptionInput,
    response: registeredView,
    status: 201,
    run: async (ctx, { body }) => {
      const { subscription, isNew } = await subscribe(ctx, body);
      return new Reply(isNew ? 201 : 200, viewWithSecret(subscription));
    },
  }),
  query({
    method: 'get',
    path: '/webhooks',
    summary: 'Subscriptions, without their secrets',
    tag,
    permission,
    query: subscriptionQuery,
    response: listOf(subscriptionView),
    run: (ctx, request) => listSubscriptions(ctx, request.query),
  }),
  command({
    method: 'delete',
    path: '/webhooks/:id',
    summary: 'End a subscription',
    tag,
    permission,
    params,
    response: z.object({ deleted: z.literal(true) }),
    run: async (ctx, request) => {
      await unsubscribe(ctx, request.params.id);
      return { deleted: true };
    },
  }),
  query({
    method: 'get',
    path: '/webhooks/deliveries',
    summary: 'Deliveries, newest first',
    tag,
    permission,
    query: deliveryQuery,
    response: listOf(deliveryView),
    run: (ctx, request) => listDeliveries(ctx, request.query),
  }),
  command({
    method: 'post',
    path: '/webhooks/deliveries/:id/retry',
    summary: 'Deliver an event to a subscription again, under the same id',
    tag,
    permission,
    params,
    response: deliveryView,
    run: async (ctx, request) => deliveryViewOf(await retryDelivery(ctx, request.params.id)),
  }),
];
