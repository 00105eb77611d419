import { lockLevels, reservationsOf } from '../../inventory';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError } from '../../platform/errors';
import { sourceOf } from '../order-goods';
import { refreshPaymentStatus } from '../order-money';
import type { OrderStatus } from '../order-moves';
import { assertVersion, lockState, type OrderState, saveState, snapshot } from '../order-state';
import { answeredBefore, type AskedLine } from './answered-before';
import { type Answer, giveAnswer, type Given } from './answers';
import { countWaiting, type MissingLine, missingLines } from './missing-units';
import { moveOnWhenNothingIsOpen } from './nothing-open';
import { readAnswers, type WantedAnswer } from './read-answers';
import { resolutionsOfOrder } from './resolutions';
import { lineResolutions, type ResolutionRow } from './shortage.models';
import { RESOLUTIONS, type Resolution, type ShortageInput } from './shortage.schema';
import { firstOf, rowOf, tell } from './tell-answers';

export const answerShortages = permission('order.shortage', ['store_manager', 'fulfillment_specialist']);

/** While nothing of what is missing can have left the house. */
export const OPEN_STATUSES: readonly OrderStatus[] = ['pending', 'confirmed', 'processing', 'partially_fulfilled'];

export interface Resolved {
  state: OrderState;
  rows: ResolutionRow[];
  /** The first of them by substitute, refund, backorder. */
  resolution: Resolution;
  /** False when the same starting event was given the same answers before. */
  changed: boolean;
}

export interface Wanted {
  answers: readonly WantedAnswer[];
  reason: string;
  event?: string;
}

/** An order that may be asked about, ours until the commit. */
export interface OpenOrder extends OrderState {
  /** As it is kept; what its lines wait for may have been counted anew since. */
  before: OrderState;
}

/** What may be asked of an order's lines now. Throws 409 ORDER_NOT_OPEN or VERSION_CONFLICT, 403 ROLE_NOT_ALLOWED. */
export async function openOrder(ctx: CommandContext, idOrNumber: string, version?: number): Promise<OpenOrder> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, answerShortages, order.storeId);
  assertVersion(order, version);
  if (!OPEN_STATUSES.includes(order.status)) {
    const way = order.status === 'fulfilled' || order.status === 'ready_for_pickup' ? ' Resume it first.' : '';
    const message = `Goods can be waited for, replaced or taken off while an order is ${OPEN_STATUSES.join(', ')}; order ${order.number} is ${order.status}.${way}`;
    throw new ConflictError('ORDER_NOT_OPEN', message, { facts: { orderStatus: order.status } });
  }
  const before = snapshot(state);
  countWaiting(state, await reservationsOf(ctx, sourceOf(order)));
  return { ...state, before };
}

/** Answers for units of named lines. Throws what `openOrder` and `giveAnswers` do. */
export function answerNamed(
  ctx: CommandContext,
  idOrNumber: string,
  { version, ...wanted }: Wanted & { version?: number },
): Promise<Resolved> {
  const asked = { event: wanted.event, asked: wanted.answers };
  return onceForEvent(ctx, idOrNumber, asked, async () =>
    giveAnswers(ctx, await openOrder(ctx, idOrNumber, version), wanted),
  );
}

/** Everything that is missing is answered for at once. Throws 409 NOTHING_MISSING. */
export function resolveShortage(ctx: CommandContext, idOrNumber: string, input: ShortageInput): Promise<Resolved> {
  const event = input.event ?? ctx.execution.eventId;
  const { resolution = 'backorder', lines, version } = input;
  const asked = lines?.map(({ id: lineId, ...answer }) => ({ lineId, ...answer })) ?? resolution;
  return onceForEvent(ctx, idOrNumber, { event, asked }, async () =>
    answerMissing(ctx, await openOrder(ctx, idOrNumber, version), { ...input, event }),
  );
}

/** A run that walks through what is done asks again for what it got, wherever the order is by now. */
async function onceForEvent(
  ctx: CommandContext,
  idOrNumber: string,
  { event, asked }: { event: string | undefined; asked: Resolution | readonly AskedLine[] },
  answer: () => Promise<Resolved>,
): Promise<Resolved> {
  if (event === undefined) return answer();
  const state = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, answerShortages, state.order.storeId);
  const rows = await answeredBefore(ctx, state, event, asked);
  return rows ? { state, rows, resolution: firstOf(rows), changed: false } : answer();
}

/** As `resolveShortage`, however often it is asked. Throws 409 SHORTAGE_CHANGED too. */
export async function answerMissing(
  ctx: CommandContext,
  state: OpenOrder,
  input: Omit<ShortageInput, 'version'>,
): Promise<Resolved> {
  const { resolution = 'backorder', pricePolicy, consent, override, expectedAt, lines, reason, event } = input;
  const held = await reservationsOf(ctx, sourceOf(state.order));
  const missing = await missingLines(ctx, state, held, await resolutionsOfOrder(ctx, state.order.id));
  if (lines === undefined && missing.length === 0) throw nothingMissing(state);
  if (lines) assertMissing(state, missing, lines);
  const unitsOf = new Map(missing.map(({ line, missingQuantity }) => [line.id, missingQuantity]));
  const forAll = { resolution, pricePolicy, consent, override, expectedAt, quantity: undefined };
  const wanted = lines ?? missing.map(({ line }) => ({ id: line.id, ...forAll }));
  const answers = wanted.map(({ id, quantity, ...answer }, n) => ({
    ...answer,
    lineId: id,
    quantity: quantity ?? unitsOf.get(id),
    countsWaiting: true,
    path: (field: string) => (lines ? `lines[${n}].${field}` : field),
  }));
  return giveAnswers(ctx, state, { answers, reason, event });
}

/**
 * Gives these answers, all or none: substitutes first, so that what is owed for them is taken from what others give
 * back. Throws what reading them (`read-answers.ts`) and giving each (`answers.ts`) refuses.
 */
async function giveAnswers(ctx: CommandContext, open: OpenOrder, wanted: Wanted): Promise<Resolved> {
  const { before, ...state } = open;
  const { order } = state;
  const answers = await readAnswers(ctx, state, wanted.answers);
  await lockGoods(ctx, state, answers);
  const given: Given[] = [];
  for (const resolution of RESOLUTIONS) {
    for (const answer of answers.filter((one) => one.resolution === resolution)) {
      given.push(await giveAnswer[resolution](ctx, state, answer));
    }
  }
  // The new lines are in the table already; only what they count may have changed.
  before.lines.push(...state.lines.slice(before.lines.length).map((line) => ({ ...line })));
  countWaiting(state, await reservationsOf(ctx, sourceOf(order)));
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  const rows = given.map((one) => rowOf(ctx, order, one, wanted));
  ctx.insert(lineResolutions, rows);
  tell(ctx, state, rows, wanted.reason);
  await moveOnWhenNothingIsOpen(ctx, state, { reason: 'inventory', notes: wanted.reason, event: wanted.event });
  return { state, rows, resolution: firstOf(rows), changed: true };
}

/** All at once and before the first is touched: answers come in any order, and the last may end the whole order. */
async function lockGoods(ctx: CommandContext, { lines }: OrderState, answers: readonly Answer[]): Promise<void> {
  const substitutes = answers.flatMap(({ product }) => product?.id ?? []);
  await lockLevels(ctx, [...lines.map(({ productId }) => productId), ...substitutes]);
}

/** An answer for "what is missing of it" to a line of which nothing is would take units that are there. */
function assertMissing(
  { order, lines }: OrderState,
  missing: readonly MissingLine[],
  asked: NonNullable<ShortageInput['lines']>,
): void {
  const errors = asked.flatMap(({ id, quantity }, n): FieldError[] => {
    const line = lines.find((one) => one.id === id);
    if (!line || quantity !== undefined || missing.some((one) => one.line.id === id)) return [];
    const message = `Nothing of ${line.sku} is missing any more. Leave the line out, or name the quantity to change all the same.`;
    return [{ path: `lines[${n}].id`, code: 'SHORTAGE_CHANGED', message, lineId: id }];
  });
  if (!errors[0]) return;
  throw new ConflictError('SHORTAGE_CHANGED', errors[0].message, { errors, facts: { orderId: order.id } });
}

export function nothingMissing({ order }: OrderState): ConflictError {
  return new ConflictError(
    'NOTHING_MISSING',
    `Nothing of order ${order.number} is missing: nothing waits for goods, and the last picking found everything or was answered for. Name lines with quantities to change them all the same.`,
    { facts: { orderId: order.id, orderStatus: order.status } },
  );
}
