import { placed } from '../accounting';
import { findProducts, type ProductRow, reserve } from '../inventory';
import { resolveStore, type StoreRow } from '../people';
import { authorise, permission } from '../platform/auth/permissions';
import { plusMs } from '../platform/clock';
import type { CommandContext } from '../platform/context';
import { isDuplicateKey } from '../platform/database/database';
import { ConflictError, ValidationError, type FieldError } from '../platform/errors';
import { AMOUNT_MINOR_MAX } from '../platform/money';
import { customerKeys } from './compliance/customer-key';
import { sourceOf } from './order-goods';
import { emitForOrder } from './move-order';
import { NO_COUNTS } from './order-lines';
import { postForOrder, refreshPaymentStatus } from './order-money';
import { orderPlaced } from './order-extensions';
import type { OrderState } from './order-state';
import { lineTotalMinor, orderTotals } from './order-totals';
import { orderLines, type OrderLineRow, type OrderRow, orders } from './orders.models';
import type { PlaceOrderInput } from './orders.schema';
import { type Delivery, deliveryOf } from './quoted-shipping';

export const placeOrders = permission('order.place', ['store_manager', 'customer_service', 'cashier']);

const HOUR_MS = 3_600_000;
/** How long an unpaid order keeps its stock, by payment method; the others pay when they get the goods. */
const RESERVATION_LIFETIME_MS: Readonly<Record<string, number>> = {
  bkash: 24 * HOUR_MS,
  nagad: 24 * HOUR_MS,
  rocket: 24 * HOUR_MS,
  card: 2 * HOUR_MS,
  bank: 72 * HOUR_MS,
};

/**
 * Places an order: its goods are reserved, its sale is posted, its event is owed, or nothing happened at all.
 * Refuses with 409 STOCK_INSUFFICIENT, ORDER_NUMBER_EXISTS, ADDRESS_NOT_SERVICEABLE or PARCEL_TOO_HEAVY, 422 SKU_UNKNOWN,
 * CURRENCY_MISMATCH or DISCOUNT_TOO_LARGE.
 */
export async function placeOrder(ctx: CommandContext, input: PlaceOrderInput): Promise<OrderState> {
  const store = await resolveStore(ctx, input.storeId);
  authorise(ctx.actor, placeOrders, store.id);
  assertCurrency(input, store);
  const products = await findProducts(ctx, store.id, [...new Set(input.lines.map((line) => line.sku))]);
  // A number made of the order's own id is free; the unique key watches over both kinds.
  if (input.number !== undefined) await assertNumberFree(ctx, store.id, input.number);
  const { delivery, ...state } = await draftOrder(ctx, input, store, products);
  const { order, lines } = state;
  const outcome = await reserve(
    ctx,
    sourceOf(order),
    lines.map((line, n) => ({
      lineId: line.id,
      productId: line.productId,
      sku: line.sku,
      quantity: line.quantity,
      allowBackorder: input.lines[n]?.allowBackorder ?? input.allowBackorder,
    })),
    { isNew: true },
  );
  const backordered = new Map(outcome.map((line) => [line.lineId, line.backordered]));
  for (const line of lines) line.backorderedQuantity = backordered.get(line.id) ?? 0;
  const { subtotalMinor, discountMinor, shippingMinor, taxMinor } = order;
  const postings = placed({ salesMinor: subtotalMinor - discountMinor, shippingMinor, taxMinor });
  await postForOrder(ctx, order, { event: 'placed', postings, occurredAt: order.placedAt });
  refreshPaymentStatus(order);
  await insertState(ctx, state);
  await orderPlaced.run(ctx, state, input);
  ctx.audit({
    action: 'order.place',
    subjectType: 'order',
    subjectId: order.id,
    storeId: store.id,
    orderId: order.id,
    after: {
      ...{ number: order.number, totalMinor: order.totalMinor, paymentMethod: order.paymentMethod },
      ...quotedWith(delivery),
    },
  });
  emitForOrder(ctx, order, 'order.placed', {
    paymentMethod: order.paymentMethod,
    fulfillmentMethod: order.fulfillmentMethod,
    totalMinor: order.totalMinor,
    currency: order.currency,
  });
  return state;
}

/** Zones change: why an order was charged what it was is known by what they said then. */
function quotedWith({ quote }: Delivery): Record<string, unknown> {
  if (!quote) return {};
  const { zoneId, zone, weightGrams, codMinor, lines } = quote;
  return { shipping: { zoneId, zone, weightGrams, codMinor, lines } };
}

function assertCurrency(input: PlaceOrderInput, store: StoreRow): void {
  if (input.currency === undefined || input.currency === store.currency) return;
  throw new ValidationError('CURRENCY_MISMATCH', `The store sells in ${store.currency}, not in ${input.currency}.`, {
    errors: [{ path: 'currency', code: 'CURRENCY_MISMATCH', message: `Leave it out or send ${store.currency}.` }],
  });
}

async function draftOrder(
  ctx: CommandContext,
  input: PlaceOrderInput,
  store: StoreRow,
  products: ReadonlyMap<string, ProductRow>,
): Promise<OrderState & { delivery: Delivery }> {
  const orderId = ctx.newId();
  const lines = draftLines(ctx, orderId, input, products);
  const delivery = await deliveryOf(ctx, input, { store, products, lines });
  const { shippingMinor } = delivery;
  const totals = orderTotals(lines, { shippingMinor, taxMinor: input.taxMinor });
  const lifetimeMs = RESERVATION_LIFETIME_MS[input.paymentMethod];
  const order: OrderRow = {
    id: orderId,
    storeId: store.id,
    number: input.number ?? madeNumber(orderId),
    status: 'pending',
    paymentStatus: 'unpaid',
    version: 1,
    fulfillmentMethod: input.fulfillmentMethod,
    paymentMethod: input.paymentMethod,
    currency: store.currency,
    customerName: input.customer.name,
    customerEmail: input.customer.email ?? null,
    customerPhone: input.customer.phone ?? null,
    ...customerKeys(input.customer),
    shippingAddress: input.shippingAddress ?? null,
    notes: input.notes,
    ...totals,
    paidMinor: 0,
    receivableMinor: 0,
    refundsPayableMinor: 0,
    refundedMinor: 0,
    clearingMinor: 0,
    submittedPayments: input.payment ? 1 : 0,
    handover: {},
    expiresAt:
      lifetimeMs === undefined || input.payment || totals.totalMinor === 0 ? null : plusMs(ctx.now, lifetimeMs),
    placedAt: input.placedAt ? new Date(input.placedAt).toISOString() : ctx.now,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  return { order, lines, delivery };
}

function draftLines(
  ctx: CommandContext,
  orderId: string,
  input: PlaceOrderInput,
  products: ReadonlyMap<string, ProductRow>,
): OrderLineRow[] {
  const errors: FieldError[] = [];
  const lines = input.lines.map((wanted, n): OrderLineRow => {
    const product = products.get(wanted.sku);
    if (!product) {
      errors.push({
        path: `lines[${n}].sku`,
        code: 'SKU_UNKNOWN',
        message: `There is no product ${wanted.sku}. Add it with POST /api/v1/products or correct the SKU.`,
        sku: wanted.sku,
      });
    }
    const unitPriceMinor = wanted.unitPriceMinor ?? product?.priceMinor ?? 0;
    if (unitPriceMinor * wanted.quantity > AMOUNT_MINOR_MAX) {
      const message = `${wanted.quantity} × ${unitPriceMinor} is more than an order can be worth.`;
      errors.push({ path: `lines[${n}].unitPriceMinor`, code: 'AMOUNT_TOO_LARGE', message });
    }
    const priced = { quantity: wanted.quantity, unitPriceMinor, discountMinor: wanted.discountMinor };
    if (lineTotalMinor(priced) < 0) {
      const message = `The discount is larger than the line itself (${wanted.quantity} × ${unitPriceMinor}).`;
      errors.push({ path: `lines[${n}].discountMinor`, code: 'DISCOUNT_TOO_LARGE', message });
    }
    return {
      id: ctx.newId(),
      orderId,
      position: n + 1,
      productId: product?.id ?? '',
      sku: wanted.sku,
      name: product?.name ?? '',
      ...priced,
      totalMinor: lineTotalMinor(priced),
      parentLineId: null,
      ...NO_COUNTS,
    };
  });
  const [first] = errors;
  if (first) throw new ValidationError(first.code, first.message, { errors });
  return lines;
}

/** Short enough to read out: the last ten characters of the id, which hold its time and its chance. */
function madeNumber(orderId: string): string {
  return `OL-${orderId.slice(-10)}`;
}

async function assertNumberFree(ctx: CommandContext, storeId: string, number: string): Promise<void> {
  const known = await ctx.get(orders, 'store_id = :storeId AND number = :number', { storeId, number });
  if (known) throw numberExists(number, known.id);
}

/** Two tills may use one number at the same moment; the unique key decides, and the loser hears the same sentence. */
async function insertState(ctx: CommandContext, { order, lines }: OrderState): Promise<void> {
  ctx.insert(orders, order);
  ctx.insert(orderLines, lines);
  try {
    await ctx.flush();
  } catch (error) {
    throw isDuplicateKey(error) ? numberExists(order.number) : error;
  }
}

/** The code of a refusal for a number that is taken. */
export const NUMBER_EXISTS = 'ORDER_NUMBER_EXISTS';

export function numberExists(number: string, orderId?: string): ConflictError {
  return new ConflictError(NUMBER_EXISTS, `Order ${number} was placed before. Read it, or use another number.`, {
    errors: [{ path: 'number', code: NUMBER_EXISTS, message: 'The number is taken in this store.' }],
    facts: orderId ? { orderId } : {},
  });
}
