import { mayUse } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ForbiddenError, ValidationError } from '../platform/errors';
import { foundStock } from '../inventory';
import { productsInQuestion } from './compliance/compliance-guard';
import { refuse, type GuardReason, reasonsAgainst } from './guards';
import { handedOver } from './departures';
import { moveEffects, type MoveFacts, statusAfter } from './move-effects';
import { sourceOf } from './order-goods';
import {
  assertMove,
  isFinal,
  moveRule,
  moveTo,
  type OrderMove,
  type OrderStatus,
  readStatus,
  ORDER_STATUSES,
} from './order-moves';
import { refreshPaymentStatus } from './order-money';
import { orderMoved } from './order-extensions';
import { assertVersion, lockState, type OrderState, saveState, snapshot } from './order-state';
import { openHolds } from './order-view';
import { type OrderRow, orderMoveLog } from './orders.models';
import type { StatusInput } from './orders.schema';

export interface MoveResult {
  /** False when the same run, or with `once` anybody, had made this move before. */
  changed: boolean;
  state: OrderState;
}

const DELIVERED = 'delivered';
/** Where a move that hands goods over leaves an order of which more is still to leave. */
const PARTLY_LEFT = 'partially_fulfilled';
const HANDS_OVER: readonly OrderMove[] = ['ship', 'reattempt', 'deliver'];

/** Fields a move takes that stand in the order rather than in the request. */
const KEPT_FIELDS = ['carrier', 'method', 'spot', 'service'] as const;

/**
 * Moves an order, with everything the move does to goods, money and messages, in the caller's transaction.
 * Refuses with 409 MOVE_NOT_ALLOWED, ORDER_SHIPPED, VERSION_CONFLICT or a guard's code, 403 ROLE_NOT_ALLOWED,
 * 422 FIELD_REQUIRED.
 */
export async function moveOrder(ctx: CommandContext, idOrNumber: string, input: StatusInput): Promise<MoveResult> {
  const state = await lockState(ctx, idOrNumber);
  const wanted = input.status === undefined ? undefined : wantedStatus(input.status);
  if (await madeBefore(ctx, state.order.id, { ...input, status: wanted })) return { changed: false, state };
  const move = (input.move as OrderMove | undefined) ?? moveTo(state.order.status, wanted as OrderStatus);
  assertVersion(state.order, input.version);
  assertMove(state.order.status, move);
  assertRole(ctx, move);
  assertFields(move, state.order, input);
  const before = snapshot(state);
  await passGuards(ctx, state, move, input);
  await make(ctx, state, move, input, before);
  await completeWhenSettled(ctx, state, input.event);
  return { changed: true, state };
}

/** A move that follows by itself, without a person's rights; the guards decide whether it is due. */
export async function completeWhenSettled(ctx: CommandContext, state: OrderState, event?: string): Promise<void> {
  const { order } = state;
  const collected = state.lines.every((line) => line.deliveredQuantity + line.returnedQuantity >= line.shippedQuantity);
  if (order.status !== DELIVERED || !collected) return;
  const holds = await openHolds(ctx, order.id);
  const reasons = await reasonsAgainst(ctx, moveRule('complete'), { state, holds, move: 'complete' });
  if (reasons.length === 0) await make(ctx, state, 'complete', { event });
}

/** The system's own move, such as an expiry; rights, versions and fields are not asked. */
export async function moveBySystem(
  ctx: CommandContext,
  state: OrderState,
  move: OrderMove,
  facts: MoveFacts,
): Promise<void> {
  assertMove(state.order.status, move);
  await make(ctx, state, move, facts);
}

function wantedStatus(text: string): OrderRow['status'] {
  const status = readStatus(text);
  if (status) return status;
  throw new ValidationError('STATUS_UNKNOWN', `There is no status "${text}".`, {
    errors: [{ path: 'status', code: 'STATUS_UNKNOWN', message: `Use one of ${ORDER_STATUSES.join(', ')}.` }],
    facts: { statuses: ORDER_STATUSES },
  });
}

/** Whether the run that asks (with `once`: anybody) has made this move, or brought the order to this status, before. */
async function madeBefore(ctx: CommandContext, orderId: string, asked: StatusInput): Promise<boolean> {
  const { event, move, status, once } = asked;
  if (!event && !once) return false;
  const condition = move ? 'move = :move' : 'to_status = :status';
  const where = `order_id = :orderId AND ${condition}${once ? '' : ' AND event_id = :event'}`;
  return (await ctx.get(orderMoveLog, where, { orderId, event, move, status })) !== undefined;
}

function assertRole(ctx: CommandContext, move: OrderMove): void {
  const { roles } = moveRule(move);
  if (mayUse(ctx.actor, { name: `order.${move}`, roles })) return;
  const allowedRoles = ['admin', ...roles];
  throw new ForbiddenError(
    'ROLE_NOT_ALLOWED',
    `The role ${ctx.actor.role} may not ${move} an order. Ask someone who is ${allowedRoles.join(' or ')}.`,
    { facts: { permission: `order.${move}`, role: ctx.actor.role, allowedRoles } },
  );
}

function assertFields(move: OrderMove, order: OrderRow, input: MoveFacts): void {
  const given = new Set(
    Object.entries(input)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name]) => name),
  );
  for (const name of KEPT_FIELDS) if (order.handover[name]) given.add(name);
  const errors = moveRule(move)
    .requires.filter((names) => !names.split('|').some((name) => given.has(name)))
    .map((names) => ({
      path: names.split('|')[0] ?? names,
      code: 'FIELD_REQUIRED',
      message: `To ${move} an order, give ${names.split('|').join(' or ')}.`,
    }));
  if (move === 'fail_delivery' && input.reason && !FAILURE_REASONS.includes(input.reason)) {
    errors.push({
      path: 'reason',
      code: 'REASON_UNKNOWN',
      message: `The reason is one of ${FAILURE_REASONS.join(', ')}.`,
    });
  }
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
}

const FAILURE_REASONS = ['refused', 'not_home', 'address', 'lost', 'recalled'];

async function passGuards(ctx: CommandContext, state: OrderState, move: OrderMove, input: MoveFacts): Promise<void> {
  const [holds, ruledProducts] = await Promise.all([
    openHolds(ctx, state.order.id),
    productsInQuestion(ctx, state, move),
  ]);
  const reasons = await reasonsAgainst(ctx, moveRule(move), { state, holds, move, ruledProducts });
  const overrides = new Map((input.overrides ?? []).map((override) => [override.guard as string, override.reason]));
  if (overrides.size > 0 && !mayUse(ctx.actor, { name: 'order.override', roles: ['store_manager'] })) {
    throw new ForbiddenError('ROLE_NOT_ALLOWED', 'Only a store manager or admin may set a rule aside.', {
      facts: { permission: 'order.override', role: ctx.actor.role, allowedRoles: ['admin', 'store_manager'] },
    });
  }
  refuse(
    state.order.id,
    move,
    reasons.filter(({ guard }) => !overrides.has(guard)),
  );
  for (const reason of reasons) await setAside(ctx, state, reason, overrides.get(reason.guard) ?? '');
}

/** A rule that a manager set aside is written down; missing goods that were found are booked in. */
async function setAside(ctx: CommandContext, state: OrderState, reason: GuardReason, why: string): Promise<void> {
  const { order, lines } = state;
  ctx.audit({
    action: 'order.override',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    note: why,
    after: { ...reason },
  });
  if (reason.guard !== 'stock') return;
  const found = lines
    .filter((line) => line.backorderedQuantity > 0)
    .map((line) => ({ lineId: line.id, productId: line.productId, sku: line.sku, quantity: line.backorderedQuantity }));
  await foundStock(ctx, sourceOf(order), found, why);
  emitForOrder(ctx, order, 'stock.found', { lines: found, note: why, actor: ctx.actor.name });
  for (const line of lines) line.backorderedQuantity = 0;
}

async function make(
  ctx: CommandContext,
  state: OrderState,
  move: OrderMove,
  facts: MoveFacts,
  before = snapshot(state),
): Promise<void> {
  const { order } = state;
  const rule = moveRule(move);
  await moveEffects[move](ctx, state, facts);
  order.status = statusAfter(move, rule.to, state);
  if (order.status !== 'pending') order.expiresAt = null;
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  ctx.insert(orderMoveLog, {
    id: ctx.newId(),
    orderId: order.id,
    move,
    fromStatus: before.order.status,
    toStatus: order.status,
    eventId: facts.event ?? null,
    reason: facts.reason ?? null,
    notes: facts.notes ?? null,
    actorName: ctx.actor.name,
    orderVersion: order.version,
    handedOver: handedOver(move, before.lines, state.lines),
    at: ctx.now,
  });
  ctx.audit({
    action: `order.${move}`,
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    before: { status: before.order.status, version: before.order.version },
    after: { status: order.status, version: order.version, reason: facts.reason },
    note: facts.notes,
  });
  // Everything refused at the door is a return, everything taken off the bill a cancellation: told as what it became.
  const topic = isFinal(order.status) ? `order.${order.status}` : rule.event;
  const { reason = null, restock } = facts;
  const told = { from: before.order.status, reason, restock, ...order.handover };
  emitForOrder(ctx, order, topic, told);
  // Giving up the rest of an order can be what leaves it delivered: its parts arrived while work went on.
  if (order.status === DELIVERED && topic !== `order.${DELIVERED}`)
    emitForOrder(ctx, order, `order.${DELIVERED}`, told);
  // Whoever deals with the rest of an order is not to be woken by each order that leaves whole.
  if (HANDS_OVER.includes(move) && order.status === PARTLY_LEFT) emitForOrder(ctx, order, 'order.part_shipped', told);
  await orderMoved.run(ctx, state, move);
}

/** Tells who listens what happened to an order, with the order as it is now. */
export function emitForOrder(
  ctx: CommandContext,
  order: OrderRow,
  topic: string,
  data: Record<string, unknown> = {},
): void {
  const { id, number, status, paymentStatus, version, storeId } = order;
  ctx.emit({
    topic,
    storeId,
    orderId: id,
    orderVersion: version,
    data: { order: { id, number, status, paymentStatus, version, storeId }, final: isFinal(status), ...data },
  });
}
