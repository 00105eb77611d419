import { createHash, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { authorise, permission, worksInStore } from '../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../platform/context';
import { NotFoundError, ValidationError } from '../platform/errors';
import { page, readCursor } from '../platform/http/paging';
import { hasten } from './deliveries';
import { subscriptions, type SubscriptionRow } from './webhooks.models';
import type { SubscriptionInput, subscriptionQuery } from './webhooks.schema';

export const manageWebhooks = permission('webhooks.manage', ['store_manager']);
const SECRET_BYTES = 32;
const HINT_LENGTH = 4;

/** Registers an address, or changes the topics of the one that is there; it keeps its secret unless a new one is given. */
export async function subscribe(
  ctx: CommandContext,
  input: SubscriptionInput,
): Promise<{ subscription: SubscriptionRow; isNew: boolean }> {
  const storeId = storeOf(ctx, input.storeId);
  const addressKey = createHash('sha256')
    .update(`${storeId ?? '*'} ${input.url}`)
    .digest('hex');
  const [before] = await ctx.lock(subscriptions, 'address_key = :addressKey', { addressKey });
  const subscription: SubscriptionRow = {
    id: before?.id ?? ctx.newId(),
    storeId,
    url: input.url,
    addressKey,
    events: [...new Set(input.events)],
    secret: input.secret ?? before?.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    active: true,
    createdAt: before?.createdAt ?? ctx.now,
    expiresAt: input.expiresAt ?? null,
  };
  if (before) {
    const { id, ...set } = subscription;
    await ctx.update(subscriptions, set, 'id = :id', { id });
    // Whoever registers is there to hear what is still owed.
    await hasten(ctx, id);
  } else {
    ctx.insert(subscriptions, subscription);
  }
  auditChange(ctx, 'webhook.subscribe', subscription, before);
  return { subscription, isNew: before === undefined };
}

/** Ends a subscription. Throws 404 WEBHOOK_NOT_FOUND. */
export async function unsubscribe(ctx: CommandContext, id: string): Promise<void> {
  const [before] = await ctx.lock(subscriptions, 'id = :id AND active = 1', { id });
  if (!before || !hears(ctx, before)) {
    throw new NotFoundError('WEBHOOK_NOT_FOUND', 'There is no such subscription. GET /webhooks lists them.');
  }
  await ctx.update(subscriptions, { active: false, expiresAt: ctx.now }, 'id = :id', { id });
  auditChange(ctx, 'webhook.unsubscribe', { ...before, active: false }, before);
}

export async function listSubscriptions(ctx: ReadContext, filter: z.output<typeof subscriptionQuery>) {
  const { storeIds } = ctx.actor;
  const conditions = ['active = 1', '(expires_at IS NULL OR expires_at > :now)'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.url) conditions.push('url = :url');
  if (filter.after) conditions.push('id > :after');
  const rows = await ctx.find(subscriptions, `${conditions.join(' AND ')} ORDER BY id LIMIT ${filter.limit + 1}`, {
    now: ctx.now,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    url: filter.url,
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  const { items, nextCursor } = page(rows, filter.limit, (row) => [row.id]);
  return { items: items.map(viewOf), nextCursor };
}

export function viewOf({ secret, addressKey: _addressKey, active: _active, ...row }: SubscriptionRow) {
  return { ...row, secretHint: `whsec_…${secret.slice(-HINT_LENGTH)}` };
}

export function viewWithSecret({ addressKey: _addressKey, active: _active, ...row }: SubscriptionRow) {
  return row;
}

/** The store whose news are heard: the one named, the key's only one, or every store for those who work in all. */
function storeOf(ctx: CommandContext, asked: string | undefined): string | null {
  const { storeIds } = ctx.actor;
  if (asked !== undefined) {
    authorise(ctx.actor, manageWebhooks, asked);
    return asked;
  }
  if (storeIds === 'all') return null;
  if (storeIds.length === 1) return storeIds[0];
  throw new ValidationError('STORE_REQUIRED', 'This key works in several stores. Say which one with storeId.', {
    errors: [{ path: 'storeId', code: 'STORE_REQUIRED', message: 'Name one of the stores of this key.' }],
    facts: { storeIds },
  });
}

function hears(ctx: ReadContext, { storeId }: SubscriptionRow): boolean {
  return storeId === null ? ctx.actor.storeIds === 'all' : worksInStore(ctx.actor, storeId);
}

function auditChange(ctx: CommandContext, action: string, now: SubscriptionRow, before?: SubscriptionRow): void {
  const shown = ({ url, events, active, expiresAt }: SubscriptionRow) => ({ url, events, active, expiresAt });
  ctx.audit({
    action,
    subjectType: 'webhook',
    subjectId: now.id,
    storeId: now.storeId ?? undefined,
    before: before && shown(before),
    after: shown(now),
  });
}
