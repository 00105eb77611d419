import { findUsers, storeSettings, type UserRow } from '../../people';
import type { CommandContext } from '../../platform/context';
import type { Aftermath } from '../../platform/errors';
import { queueMail } from '../../platform/mail';
import type { GuardReason } from '../guards';
import { emitForOrder } from '../move-order';
import { type OrderRow, orders } from '../orders.models';
import { complianceBlocks } from './compliance.models';

const MESSAGE_MAX = 500;

export interface News {
  rule: string;
  code: string;
  message: string;
  [fact: string]: unknown;
}

/**
 * What follows a refusal for compliance, after the refused command was undone: each rule is written down, told and
 * mailed to the managers once for this order, however often the move is tried again.
 */
export function alertOf(orderId: string, reasons: readonly GuardReason[]): Aftermath | undefined {
  const blocking = reasons
    .filter(({ guard }) => guard === 'compliance')
    .map(({ guard: _guard, rule, ...reason }): News => ({ ...reason, rule: String(rule ?? reason.code) }));
  return blocking.length === 0 ? undefined : (ctx) => tellOnce(ctx, orderId, blocking);
}

/** Each rule is told once for an order; who tries at the same moment waits on the order's row. */
export async function tellOnce(ctx: CommandContext, orderId: string, news: readonly News[]): Promise<void> {
  const [order] = await ctx.lock(orders, 'id = :orderId', { orderId });
  if (!order) return;
  const known = await ctx.find(complianceBlocks, 'order_id = :orderId', { orderId });
  const fresh = news.filter(({ rule }) => !known.some((block) => block.rule === rule));
  if (fresh.length === 0) return;
  for (const { rule, code, message } of fresh) {
    const { id, storeId } = order;
    const block = { id: ctx.newId(), orderId: id, storeId, rule, code, at: ctx.now };
    ctx.insert(complianceBlocks, { ...block, message: message.slice(0, MESSAGE_MAX) });
  }
  for (const one of fresh) tell(ctx, order, one);
  await mailManagers(ctx, order, fresh);
}

function tell(ctx: CommandContext, order: OrderRow, facts: News): void {
  ctx.audit({
    action: 'compliance.block',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: facts,
  });
  emitForOrder(ctx, order, 'compliance.blocked', facts);
}

async function mailManagers(ctx: CommandContext, order: OrderRow, news: readonly News[]): Promise<void> {
  const store = await storeSettings(ctx, order.storeId);
  const reasons = news.map(({ code, message }) => ({
    rule: RULE_WORDS[code] ?? code,
    message,
    way: WAYS[code] ?? PERMISSION_WAY,
  }));
  const data = { storeName: store.name, orderNumber: order.number, orderId: order.id, actorName: ctx.actor.name };
  for (const { email, name } of await managersOf(ctx, order.storeId)) {
    const mail = { template: 'emails/compliance', to: email, storeId: order.storeId, orderId: order.id };
    await queueMail(ctx, { ...mail, data: { ...data, readerFirstName: firstWord(name), reasons } });
  }
}

const RULE_WORDS: Readonly<Record<string, string>> = {
  PURCHASE_LIMIT: 'Purchase limit',
  PERMISSION_REQUIRED: 'Restricted product',
  AGE_CHECK_REQUIRED: 'Age',
  AGE_TOO_LOW: 'Too young',
};

const PERMISSION_WAY = 'Have a look at the permission; your system’s administrator records it on the order.';
const AGE_WAY =
  'Look at a document when the goods are handed over, and tick it on the hand-off’s page. Before that, your system’s administrator records what you saw.';

/** Who can clear it, and where. */
const WAYS: Readonly<Record<string, string>> = {
  PURCHASE_LIMIT: `Have what is too much taken off the order. ${PERMISSION_WAY}`,
  AGE_CHECK_REQUIRED: AGE_WAY,
  AGE_TOO_LOW: 'Keep the goods. If the wrong person was looked at, look again and tick it on the hand-off’s page.',
};

/** Who may set a rule aside; a store without a manager has its admins. */
async function managersOf(ctx: CommandContext, storeId: string): Promise<UserRow[]> {
  const managers = await findUsers(ctx, { storeId, role: 'store_manager' });
  return managers.length > 0 ? managers : findUsers(ctx, { storeId, role: 'admin' });
}

function firstWord(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}
