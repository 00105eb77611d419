import { findProducts, findSubstitutes, type ProductRow, reservationsOf } from '../../inventory';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import { sourceOf } from '../order-goods';
import { emitForOrder } from '../move-order';
import { refreshPaymentStatus } from '../order-money';
import type { OrderStatus } from '../order-moves';
import { assertVersion, lockState, type OrderState, saveState, snapshot } from '../order-state';
import type { OrderLineRow, OrderRow } from '../orders.models';
import { type Answer, giveAnswer, type Given } from './answers';
import { missingLines } from './missing-units';
import { moveOnWhenNothingIsOpen } from './nothing-open';
import { resolutionsOfOrder } from './resolutions';
import { lineResolutions, type ResolutionRow } from './shortage.models';
import { RESOLUTIONS, type Resolution, type ShortageInput } from './shortage.schema';

export const answerShortages = permission('order.shortage', ['store_manager', 'fulfillment_specialist']);

/** While nothing of what is missing can have left the house. */
export const OPEN_STATUSES: readonly OrderStatus[] = ['pending', 'confirmed', 'processing', 'partially_fulfilled'];
export const SUBSTITUTES_SHOWN = 5;

export interface Resolved {
  state: OrderState;
  rows: ResolutionRow[];
  /** The first of them by substitute, refund, backorder. */
  resolution: Resolution;
  /** False when the same starting event was answered before. */
  changed: boolean;
}

export interface Wanted {
  /** As the request has them. */
  answers: readonly (Omit<Answer, 'line' | 'product'> & { lineId: string; sku?: string })[];
  reason: string;
  event?: string;
}

/** What may be asked of an order's lines now. Throws 409 ORDER_NOT_OPEN or VERSION_CONFLICT, 403 ROLE_NOT_ALLOWED. */
export async function openOrder(ctx: CommandContext, idOrNumber: string, version?: number): Promise<OrderState> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, answerShortages, order.storeId);
  assertVersion(order, version);
  if (!OPEN_STATUSES.includes(order.status)) {
    const way = order.status === 'fulfilled' || order.status === 'ready_for_pickup' ? ' Resume it first.' : '';
    const message = `Goods can be waited for, replaced or taken off while an order is ${OPEN_STATUSES.join(', ')}; order ${order.number} is ${order.status}.${way}`;
    throw new ConflictError('ORDER_NOT_OPEN', message, { facts: { orderStatus: order.status } });
  }
  await countWaiting(ctx, state);
  return state;
}

/**
 * Gives these answers, all or none: substitutes first, so that what is owed for them is taken from what others give
 * back. Throws 422 LINE_UNKNOWN or SKU_UNKNOWN, 409 SUBSTITUTE_NONE, and what each answer refuses (`answers.ts`).
 */
export async function giveAnswers(ctx: CommandContext, state: OrderState, wanted: Wanted): Promise<Resolved> {
  const { order } = state;
  const before = snapshot(state);
  const answers = await readAnswers(ctx, state, wanted.answers);
  const given: Given[] = [];
  for (const resolution of RESOLUTIONS) {
    for (const answer of answers.filter((one) => one.resolution === resolution)) {
      given.push(await giveAnswer[resolution](ctx, state, answer));
    }
  }
  // The new lines are in the table already; only what they count may have changed.
  before.lines.push(...state.lines.slice(before.lines.length).map((line) => ({ ...line })));
  await countWaiting(ctx, state);
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  const rows = given.map((one) => rowOf(ctx, order, one, wanted));
  ctx.insert(lineResolutions, rows);
  tell(ctx, state, rows, wanted.reason);
  await moveOnWhenNothingIsOpen(ctx, state, { reason: 'inventory', notes: wanted.reason, event: wanted.event });
  return { state, rows, resolution: firstOf(rows), changed: true };
}

/** Everything that is missing is answered for at once. Throws 409 NOTHING_MISSING. */
export async function resolveShortage(
  ctx: CommandContext,
  idOrNumber: string,
  input: ShortageInput,
): Promise<Resolved> {
  const event = input.event ?? ctx.execution.eventId;
  const state = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, answerShortages, state.order.storeId);
  const earlier = event === undefined ? [] : await resolutionsOfOrder(ctx, state.order.id);
  const same = earlier.filter(({ eventId }) => eventId === event);
  // A run that walks through what is done asks again for what it got.
  if (same.length > 0) return { state, rows: same, resolution: firstOf(same), changed: false };
  return answerMissing(ctx, await openOrder(ctx, idOrNumber, input.version), { ...input, event });
}

/** As `resolveShortage`, of an order that is open, however often it is asked. */
export async function answerMissing(
  ctx: CommandContext,
  state: OrderState,
  input: Omit<ShortageInput, 'version'>,
): Promise<Resolved> {
  const { resolution = 'backorder', pricePolicy, consent, override, expectedAt, lines, reason, event } = input;
  const held = await reservationsOf(ctx, sourceOf(state.order));
  const missing = await missingLines(ctx, state, held, await resolutionsOfOrder(ctx, state.order.id));
  if (lines === undefined && missing.length === 0) throw nothingMissing(state);
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

export function nothingMissing({ order }: OrderState): ConflictError {
  return new ConflictError(
    'NOTHING_MISSING',
    `Nothing of order ${order.number} is missing: nothing waits for goods, and the last picking found everything or was answered for. Name lines to change them all the same.`,
    { facts: { orderId: order.id, orderStatus: order.status } },
  );
}

async function readAnswers(ctx: CommandContext, state: OrderState, wanted: Wanted['answers']): Promise<Answer[]> {
  const errors: FieldError[] = [];
  const { storeId } = state.order;
  const products = await findProducts(
    ctx,
    storeId,
    wanted.flatMap(({ sku }) => sku ?? []),
  );
  const answers: Answer[] = [];
  for (const { lineId, sku, ...answer } of wanted) {
    const line = state.lines.find(({ id }) => id === lineId);
    if (!line) {
      const message = `The order has no line "${lineId}". Use the id of one of its lines.`;
      errors.push({ path: answer.path('id'), code: 'LINE_UNKNOWN', message });
    } else if (sku !== undefined && answer.resolution === 'substitute' && !products.has(sku)) {
      const message = `There is no product ${sku}. Add it with POST /api/v1/products or correct the SKU.`;
      errors.push({ path: answer.path('sku'), code: 'SKU_UNKNOWN', message, sku });
    } else {
      const named = sku === undefined ? undefined : products.get(sku);
      const isNeeded = answer.resolution === 'substitute' && !named;
      const product = isNeeded ? await bestSubstitute(ctx, state, line, answer) : named;
      answers.push({ ...answer, line, product });
    }
  }
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  for (const answer of answers) assertFuture(ctx, answer);
  return answers;
}

/** The one most alike of which there is enough. Throws 409 SUBSTITUTE_NONE. */
async function bestSubstitute(
  ctx: CommandContext,
  { order }: OrderState,
  line: OrderLineRow,
  { quantity = 1, path }: Pick<Answer, 'quantity' | 'path'>,
): Promise<ProductRow> {
  const { storeId } = order;
  const found = await findSubstitutes(ctx, { storeId, skus: [line.sku], max: SUBSTITUTES_SHOWN });
  const best = found.get(line.sku)?.find(({ available }) => available >= quantity);
  const product = best && (await findProducts(ctx, storeId, [best.sku])).get(best.sku);
  if (product) return product;
  const message = `There is no product in the category of ${line.sku} of which ${quantity} can be promised. Name a SKU, let the line wait, or refund it.`;
  throw new ConflictError('SUBSTITUTE_NONE', message, {
    errors: [{ path: path('sku'), code: 'SUBSTITUTE_NONE', message }],
    facts: { lineId: line.id, sku: line.sku, quantity },
  });
}

function assertFuture(ctx: CommandContext, { expectedAt, path }: Answer): void {
  if (expectedAt === undefined || expectedAt > ctx.now) return;
  const message = 'The goods are expected at a time to come. Leave expectedAt out when nobody knows.';
  throw new ValidationError('EXPECTED_IN_PAST', message, {
    errors: [{ path: path('expectedAt'), code: 'EXPECTED_IN_PAST', message }],
  });
}

/** Brings what the lines wait for in step with what their reservations wait for; a count may have changed those. */
async function countWaiting(ctx: CommandContext, { order, lines }: OrderState): Promise<void> {
  const held = await reservationsOf(ctx, sourceOf(order));
  for (const line of lines) {
    const own = held.filter(({ lineId }) => lineId === line.id);
    line.backorderedQuantity = own.reduce((sum, { backordered }) => sum + backordered, 0);
  }
}

function rowOf(ctx: CommandContext, order: OrderRow, given: Given, { reason, event }: Wanted): ResolutionRow {
  const { expectedAt = null, substituteLineId = null, pricePolicy = null, consent = null, ...figures } = given;
  return {
    id: ctx.newId(),
    orderId: order.id,
    ...figures,
    ...{ reason, expectedAt, substituteLineId, pricePolicy, consent },
    eventId: event ?? null,
    actorName: ctx.actor.name,
    createdAt: ctx.now,
  };
}

const TOPICS: Readonly<Record<Resolution, string>> = {
  substitute: 'line.substituted',
  refund: 'line.cancelled',
  backorder: 'line.backordered',
};

function tell(ctx: CommandContext, { order, lines }: OrderState, rows: readonly ResolutionRow[], reason: string): void {
  const skuOf = new Map(lines.map(({ id, sku }) => [id, sku]));
  for (const resolution of RESOLUTIONS) {
    const told = rows
      .filter((row) => row.resolution === resolution)
      .map(({ lineId, quantity, expectedAt, substituteLineId, pricePolicy, differenceMinor, owedBackMinor }) => ({
        ...{ lineId, sku: skuOf.get(lineId), quantity, expectedAt, substituteLineId },
        ...{ substituteSku: skuOf.get(substituteLineId ?? ''), pricePolicy, differenceMinor, owedBackMinor },
      }));
    if (told.length === 0) continue;
    ctx.audit({
      action: `order.${resolution}`,
      subjectType: 'order',
      subjectId: order.id,
      storeId: order.storeId,
      orderId: order.id,
      after: { lines: told },
      note: reason,
    });
    emitForOrder(ctx, order, TOPICS[resolution], { lines: told, reason });
  }
}

function firstOf(rows: readonly ResolutionRow[]): Resolution {
  return RESOLUTIONS.find((resolution) => rows.some((row) => row.resolution === resolution)) ?? 'backorder';
}
