import type { ReadContext } from '../platform/context';
import { command, query, Reply, type Route } from '../platform/http/route';
import { maskedEmail } from '../platform/masking';
import { listMessages } from './list-messages';
import { type Sending, viewMessage } from './message-store';
import type { MessageStatus } from './message-states';
import {
  customerInput,
  customerView,
  listQuery,
  managementInput,
  managementView,
  messageList,
} from './notifications.schema';
import { notifyCustomer } from './notify-customer';
import { notifyManagement } from './notify-management';
import { notifyCustomers, notifyManagers, readMessages } from './rights';

const tag = 'notifications';

function customerReply(ctx: ReadContext, { row, isNew }: Sending): Reply {
  return new Reply(isNew ? 201 : 200, { ...viewMessage(row, ctx), changed: isNew });
}

/** One answer for all recipients; a status is as good as the worst of theirs. */
function managementReply(sendings: readonly Sending[]): Reply {
  const rows = sendings.map(({ row }) => row);
  const { id, storeId, message } = rows[0];
  const changed = sendings.some(({ isNew }) => isNew);
  const has = (status: MessageStatus): boolean => rows.some((row) => row.status === status);
  const status = has('failed') ? 'failed' : has('queued') ? 'queued' : 'sent';
  const recipients = rows.map(({ recipient }) => maskedEmail(recipient));
  return new Reply(changed ? 201 : 200, { id, storeId, message, channel: 'email', recipients, status, changed });
}

export const notificationsRoutes: Route[] = [
  command({
    method: 'post',
    path: '/notifications/customer',
    tag,
    summary: 'Send a customer one of the messages about an order, once',
    permission: notifyCustomers,
    body: customerInput,
    // Other words for the same intention are no other message.
    volatileFields: ['note'],
    response: customerView,
    status: 201,
    run: async (ctx, { body }) => customerReply(ctx, await notifyCustomer(ctx, body)),
  }),
  command({
    method: 'post',
    path: '/notifications/management',
    tag,
    summary: 'Send people of a store the report of a day, or a notice, once',
    permission: notifyManagers,
    body: managementInput,
    volatileFields: ['subject', 'text'],
    response: managementView,
    status: 201,
    run: async (ctx, { body }) => managementReply(await notifyManagement(ctx, body)),
  }),
  query({
    method: 'get',
    path: '/notifications',
    tag,
    summary: 'Messages and what became of them, newest first',
    permission: readMessages,
    query: listQuery,
    response: messageList,
    run: (ctx, { query: filter }) => listMessages(ctx, filter),
  }),
];
