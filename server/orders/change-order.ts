import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError, ValidationError } from '../platform/errors';
import { customerKeys } from './compliance/customer-key';
import { preparableQuantity } from './order-lines';
import { emitForOrder } from './move-order';
import { type DeliveryNews, quoteAgain } from './quoted-shipping';
import { assertVersion, lockState, type OrderState, saveCountersOf, saveState, snapshot } from './order-state';
import type { OrderRow } from './orders.models';
import type { z } from 'zod';
import type { orderChange } from './orders.schema';

export const editOrders = permission('order.edit', ['store_manager', 'customer_service']);
export const prepareLines = permission('order.prepare', ['store_manager', 'fulfillment_specialist', 'cashier']);

type Change = z.output<typeof orderChange>;

/**
 * Contact and notes at any time, the address until hand-over; lines and money never. A new address has a new quote,
 * which is told and charged to nobody. Throws 409 ORDER_HANDED_OVER.
 */
export async function changeDetails(
  ctx: CommandContext,
  idOrNumber: string,
  change: Change,
): Promise<{ state: OrderState; news: { deliveryQuote?: DeliveryNews } }> {
  const state = await lockState(ctx, idOrNumber);
  const { order, lines } = state;
  authorise(ctx.actor, editOrders, order.storeId);
  assertVersion(order, change.version);
  if (change.shippingAddress && lines.some((line) => line.shippedQuantity > 0)) {
    throw new ConflictError(
      'ORDER_HANDED_OVER',
      'The goods are on their way; their address can only be changed with the courier.',
      {
        facts: { orderStatus: order.status },
      },
    );
  }
  const before = snapshot(state);
  applyDetails(order, change);
  await saveState(ctx, before, state);
  const deliveryQuote = change.shippingAddress && (await quoteAgain(ctx, state));
  ctx.audit({
    action: 'order.edit',
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { fields: Object.keys(change), ...(deliveryQuote ? { deliveryQuote: asWritten(deliveryQuote) } : {}) },
  });
  emitForOrder(ctx, order, 'order.edited', { fields: Object.keys(change) });
  return { state, news: deliveryQuote ? { deliveryQuote } : {} };
}

/** A refusal's sentence names the address, which is no business of everybody who reads an order's history. */
function asWritten(news: DeliveryNews): Record<string, unknown> {
  if (!('message' in news)) return news;
  const { message: _message, ...facts } = news;
  return facts;
}

function applyDetails(order: OrderRow, { customer, shippingAddress, notes }: Change): void {
  if (customer?.name) order.customerName = customer.name;
  if (customer?.email) order.customerEmail = customer.email;
  if (customer?.phone) order.customerPhone = customer.phone;
  Object.assign(order, customerKeys({ email: order.customerEmail, phone: order.customerPhone }));
  if (shippingAddress) order.shippingAddress = shippingAddress;
  if (notes !== undefined) order.notes = notes;
}

export interface PreparedLine {
  lineId: string;
  /** Prepared so far, not in addition. Missing: all that does not wait for goods. */
  preparedQuantity?: number;
}

/**
 * Writes down what is prepared. Throws 409 ORDER_NOT_PROCESSING, 422 LINE_UNKNOWN or QUANTITY_TOO_LARGE.
 */
export async function recordPrepared(
  ctx: CommandContext,
  idOrNumber: string,
  prepared: readonly PreparedLine[],
  version?: number,
): Promise<OrderState> {
  const state = await lockState(ctx, idOrNumber);
  authorise(ctx.actor, prepareLines, state.order.storeId);
  assertVersion(state.order, version);
  recordPreparedOf(ctx, [{ state, prepared }]);
  return state;
}

/** As `recordPrepared`, of orders that this command has locked and read: as many statements as for one. */
export function recordPreparedOf(
  ctx: CommandContext,
  orders: readonly { state: OrderState; prepared: readonly PreparedLine[] }[],
): void {
  const changes = orders.map(({ state, prepared }) => {
    authorise(ctx.actor, prepareLines, state.order.storeId);
    assertProcessing(state.order);
    const before = snapshot(state);
    prepared.forEach((line, n) => setPrepared(state.lines, line, n));
    return { before, state };
  });
  saveCountersOf(ctx, changes);
  for (const { state } of changes) {
    const { order, lines } = state;
    ctx.audit({
      action: 'order.prepare',
      subjectType: 'order',
      subjectId: order.id,
      storeId: order.storeId,
      orderId: order.id,
      after: { lines: lines.map(({ id, sku, preparedQuantity }) => ({ id, sku, preparedQuantity })) },
    });
  }
}

function assertProcessing({ status }: OrderRow): void {
  if (status === 'processing') return;
  throw new ConflictError(
    'ORDER_NOT_PROCESSING',
    `Lines are prepared while an order is processing; this one is ${status}.`,
    {
      facts: { orderStatus: status },
    },
  );
}

function setPrepared(lines: OrderState['lines'], { lineId, preparedQuantity }: PreparedLine, n: number): void {
  const line = lines.find(({ id }) => id === lineId);
  if (!line) {
    throw new ValidationError('LINE_UNKNOWN', `The order has no line "${lineId}".`, {
      errors: [{ path: `lines[${n}].id`, code: 'LINE_UNKNOWN', message: 'Use the id of a line of this order.' }],
    });
  }
  // What waits for goods is in nobody's hand; found units are booked in by overriding the stock guard.
  const most = Math.max(preparableQuantity(line), line.shippedQuantity);
  const quantity = preparedQuantity ?? most;
  // What is packed or gone stays prepared; a package is made void first.
  const least = Math.min(most, Math.max(line.shippedQuantity, line.packedQuantity));
  if (quantity > most || quantity < least) {
    const message = `Between ${least} and ${most} of ${line.sku} can be prepared, not ${quantity}.`;
    throw new ValidationError('QUANTITY_TOO_LARGE', message, {
      errors: [{ path: `lines[${n}].quantity`, code: 'QUANTITY_TOO_LARGE', message }],
    });
  }
  line.preparedQuantity = quantity;
}
