import { findUsers, resolveStore, type StoreRow, type UserRow } from '../people';
import { authorise } from '../platform/auth/permissions';
import type { CommandContext, Role } from '../platform/context';
import { ConflictError, ValidationError } from '../platform/errors';
import { type Content, managementMessages, NOTICE } from './management-messages';
import { type Sending, sendOnce } from './message-store';
import type { ManagementInput } from './notifications.schema';
import { notifyManagers } from './rights';

/** Who is told when nobody is named. */
const DEFAULT_ROLES: readonly Role[] = ['admin', 'store_manager'];

/**
 * Queues a message for people of a store, once per store, key and recipient.
 * Throws 409 NO_RECIPIENTS, 422 RECIPIENT_UNKNOWN or MESSAGE_UNKNOWN, and what the content's maker refuses.
 */
export async function notifyManagement(ctx: CommandContext, input: ManagementInput): Promise<Sending[]> {
  const store = await resolveStore(ctx, input.storeId);
  authorise(ctx.actor, notifyManagers, store.id);
  const { message, date } = input;
  const about = { storeId: store.id, date };
  const make = message === NOTICE ? noticeOf(input, store) : managementMessages.contentOf(message);
  const recipients = await recipientsOf(ctx, input, store);
  const { key, template, data, attachments } = await make(ctx, about);
  const sendings: Sending[] = [];
  for (const { email } of recipients) {
    const recipient = email.toLowerCase();
    const naturalKey = ['management', store.id, message, key, recipient];
    const told = { storeId: store.id, orderId: null, audience: 'management' as const, message, recipient, naturalKey };
    sendings.push(await sendOnce(ctx, { ...told, note: null, template, data, attachments }));
  }
  return sendings;
}

/** The same reference is the same notice; without one, each request is a notice of its own. */
function noticeOf(
  { subject, text, reference }: ManagementInput,
  { name: storeName }: StoreRow,
): (ctx: CommandContext) => Promise<Content> {
  return (ctx) =>
    Promise.resolve({
      key: `notice:${reference ?? ctx.newId()}`,
      template: 'emails/notice',
      data: { storeName, subject, text, sender: ctx.actor.name },
    });
}

async function recipientsOf(ctx: CommandContext, { role, to }: ManagementInput, store: StoreRow): Promise<UserRow[]> {
  if (to) return namedUsers(ctx, to, store);
  const roles = role ? [role] : DEFAULT_ROLES;
  const found: UserRow[] = [];
  for (const one of roles) found.push(...(await findUsers(ctx, { storeId: store.id, role: one })));
  if (found.length > 0) return found;
  throw new ConflictError(
    'NO_RECIPIENTS',
    `Nobody active in store ${store.name} is ${roles.join(' or ')}. Add one with POST /api/v1/users, or name another role or address.`,
    { facts: { storeId: store.id, roles } },
  );
}

/** Figures of a shop go to those who work there, so that a slip of the pen does not send them elsewhere. */
async function namedUsers(ctx: CommandContext, to: readonly string[], store: StoreRow): Promise<UserRow[]> {
  const found: UserRow[] = [];
  const unknown: number[] = [];
  for (const [n, email] of to.entries()) {
    const [user] = await findUsers(ctx, { storeId: store.id, email });
    if (!user) unknown.push(n);
    else if (!found.some(({ id }) => id === user.id)) found.push(user);
  }
  if (unknown.length === 0) return found;
  const errors = unknown.map((n) => ({
    path: `to[${n}]`,
    code: 'RECIPIENT_UNKNOWN',
    message: 'This address belongs to no active user of the store.',
  }));
  const way = 'Add the person with POST /api/v1/users, or name somebody who works there.';
  const facts = { storeId: store.id };
  if (found.length === 0) {
    const sentence = `No address given belongs to an active user of store ${store.name}. ${way}`;
    throw new ConflictError('NO_RECIPIENTS', sentence, { errors, facts });
  }
  const sentence = `Some of the addresses belong to no active user of store ${store.name}. ${way}`;
  throw new ValidationError('RECIPIENT_UNKNOWN', sentence, { errors, facts });
}
