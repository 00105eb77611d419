import { dispatch, type Moved } from '../inventory';
import { storeSettings } from '../people';
import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../platform/errors';
import { reasonsAgainst, refuse } from './guards';
import { assertHeld, dispatchedInHouse, sourceOf } from './order-goods';
import { openQuantity } from './order-lines';
import { moveRule } from './order-moves';
import { lockState, type OrderState } from './order-state';
import { openHolds } from './order-view';
import type { OrderLineRow } from './orders.models';

export const dispatchOrders = permission('order.dispatch', ['store_manager', 'fulfillment_specialist', 'cashier']);

/** Of one line, how many units have left the shelf for hand-over in all; missing: every prepared one. */
export interface DispatchLine {
  id: string;
  quantity?: number;
}

export interface Dispatched {
  state: OrderState;
  /** False when everything asked for had left the shelf before. */
  changed: boolean;
  lines: { id: string; sku: string; quantity: number; dispatchedQuantity: number; movedQuantity: number }[];
}

interface Target {
  line: OrderLineRow;
  /** Left the shelf already, handed over or still in the house. */
  soFar: number;
  quantity: number;
}

/**
 * Takes the prepared goods of an order off the shelf, before or without their hand-over: outgoing, still ours. What
 * left before is passed over, so doing it again changes nothing, and `ship` does not take the same goods again.
 * Refuses with 409 NOTHING_PREPARED, ORDER_ON_HOLD or STOCK_NOT_RESERVED, 422 LINE_UNKNOWN or QUANTITY_TOO_LARGE.
 */
export async function dispatchOrder(
  ctx: CommandContext,
  idOrNumber: string,
  wanted?: readonly DispatchLine[],
): Promise<Dispatched> {
  const state = await lockState(ctx, idOrNumber);
  const { order } = state;
  authorise(ctx.actor, dispatchOrders, order.storeId);
  const targets = await targetsOf(ctx, state, wanted);
  const missing = targets.filter(({ soFar, quantity }) => quantity > soFar);
  if (missing.length > 0) await leaveShelf(ctx, state, missing);
  else if (targets.every(({ soFar }) => soFar === 0)) throw nothingPrepared(state);
  const moved = new Map(missing.map(({ line, soFar, quantity }) => [line.id, quantity - soFar]));
  return {
    state,
    changed: missing.length > 0,
    lines: targets.map(({ line: { id, sku, quantity }, soFar }) => {
      const movedQuantity = moved.get(id) ?? 0;
      return { id, sku, quantity, dispatchedQuantity: soFar + movedQuantity, movedQuantity };
    }),
  };
}

async function leaveShelf(ctx: CommandContext, state: OrderState, missing: readonly Target[]): Promise<Moved[]> {
  const { order } = state;
  const holds = await openHolds(ctx, order.id);
  refuse(
    order.id,
    'ship',
    await reasonsAgainst(ctx, { ...moveRule('ship'), guards: ['hold'] }, { state, holds, move: 'ship' }),
  );
  const parts = missing.map(({ line: { id: lineId, productId, sku }, soFar, quantity }) => ({
    ...{ lineId, productId, sku },
    quantity: quantity - soFar,
  }));
  const moved = await dispatch(ctx, sourceOf(order), parts);
  assertHeld(parts, moved);
  ctx.audit({
    action: 'order.dispatch',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { lines: parts.map(({ lineId, sku, quantity }) => ({ id: lineId, sku, quantity })) },
  });
  return moved;
}

async function targetsOf(
  ctx: CommandContext,
  { order, lines }: OrderState,
  wanted: readonly DispatchLine[] | undefined,
): Promise<Target[]> {
  const inHouse = await dispatchedInHouse(ctx, order, lines);
  const unpicked = order.status === 'confirmed' && (await storeSettings(ctx, order.storeId)).preparation === 'optional';
  const mostOf = (line: OrderLineRow): number =>
    unpicked ? openQuantity(line) - line.backorderedQuantity : line.preparedQuantity;
  const leftShelf = (line: OrderLineRow): number => line.shippedQuantity + (inHouse.get(line.id) ?? 0);
  if (!wanted) return lines.map((line) => ({ line, soFar: leftShelf(line), quantity: mostOf(line) }));
  const errors: FieldError[] = [];
  const targets = wanted.flatMap(({ id, quantity }, n): Target[] => {
    const line = lines.find((candidate) => candidate.id === id);
    if (!line) {
      const message = `The order has no line "${id}". Use the id of one of its lines.`;
      errors.push({ path: `lines[${n}].id`, code: 'LINE_UNKNOWN', message });
      return [];
    }
    const most = Math.max(mostOf(line), leftShelf(line));
    if (quantity !== undefined && quantity > most) {
      const message = `${most} of ${line.sku} are prepared, not ${quantity}.`;
      errors.push({ path: `lines[${n}].quantity`, code: 'QUANTITY_TOO_LARGE', message });
    }
    return [{ line, soFar: leftShelf(line), quantity: quantity ?? mostOf(line) }];
  });
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  return targets;
}

function nothingPrepared({ order, lines }: OrderState): ConflictError {
  return new ConflictError(
    'NOTHING_PREPARED',
    `Nothing of order ${order.number} is prepared, so nothing can leave the shelf. Finish its picking first.`,
    {
      facts: {
        orderStatus: order.status,
        lines: lines.map(({ id, sku, quantity, preparedQuantity }) => ({ id, sku, quantity, preparedQuantity })),
      },
    },
  );
}
