import { resolveStore } from '../../people';
import { authorise } from '../../platform/auth/permissions';
import type { CommandContext } from '../../platform/context';
import { LookAgain } from '../../platform/database/database';
import { ConflictError, ValidationError } from '../../platform/errors';
import { fieldErrors } from '../../platform/http/problem';
import type { BulkElement } from '../../platform/http/route';
import { linesOf, type OrderState } from '../order-state';
import { type OrderView, viewOrder } from '../order-view';
import { orders } from '../orders.models';
import { type PlaceOrderInput, placeOrderInput } from '../orders.schema';
import { NUMBER_EXISTS, numberExists, placeOrder, placeOrders } from '../place-order';
import type { ImportInput } from './import.schema';
import { isSameBasket } from './same-order';
import type { OrderDraft } from './shop-fields';
import { fromShopify } from './shopify';
import { fromWooCommerce } from './woocommerce';

type Options = Omit<ImportInput, 'orders'>;

/** One command an order, named by its number; a number that stands twice in a request is told apart. */
export function importElements({ orders: list, ...options }: ImportInput): BulkElement[] {
  const seen = new Map<string, number>();
  return list.map((order, n) => {
    const name = nameOf(order) ?? `orders[${n}]`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const id = times === 1 ? name : `${name}(${times})`;
    return { id, body: { ...options, order }, run: (ctx) => importOrder(ctx, order, options) };
  });
}

/**
 * Places an order of ours or of another shop once: its number again with the same basket answers the order there is,
 * with `changed: false`. Throws what placing an order throws, and 422 for what cannot be read.
 */
async function importOrder(
  ctx: CommandContext,
  json: Record<string, unknown>,
  options: Options,
): Promise<OrderView & { changed: boolean }> {
  const ownStore = options.format === 'orderloom' && typeof json.storeId === 'string' ? json.storeId : undefined;
  const store = await resolveStore(ctx, ownStore ?? options.storeId);
  authorise(ctx.actor, placeOrders, store.id);
  const draft = { ...draftOf(json, options, store.currency), storeId: store.id };
  const input = checked(draft);
  const known = input.number && (await orderNumbered(ctx, store.id, input.number));
  if (!known) return { ...viewOrder(await placeUnlessJustPlaced(ctx, input), ctx), changed: true };
  if (isSameBasket(known, draft)) return { ...viewOrder(known, ctx), changed: false };
  throw numberExists(known.order.number, known.order.id);
}

function checked(draft: OrderDraft): PlaceOrderInput {
  const parsed = placeOrderInput.safeParse(draft);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error);
  const [first] = errors;
  const message = `The order needs a correction: ${first?.path ?? ''}: ${first?.message ?? ''}`;
  throw new ValidationError('VALIDATION_FAILED', message, { errors });
}

function draftOf(json: Record<string, unknown>, { format, paymentMethod }: Options, currency: string): OrderDraft {
  if (format === 'shopify') return fromShopify(json, { currency, paymentMethod });
  if (format === 'woocommerce') return fromWooCommerce(json, { currency, paymentMethod });
  return json.paymentMethod === undefined ? { ...json, paymentMethod } : json;
}

async function orderNumbered(ctx: CommandContext, storeId: string, number: string): Promise<OrderState | undefined> {
  const order = await ctx.get(orders, 'store_id = :storeId AND number = :number', { storeId, number });
  return order && { order, lines: await linesOf(ctx, [order.id]) };
}

/** A shop may send an order twice at the same moment: the later one begins anew and sees what the other placed. */
async function placeUnlessJustPlaced(ctx: CommandContext, input: PlaceOrderInput): Promise<OrderState> {
  try {
    return await placeOrder(ctx, input);
  } catch (error) {
    throw error instanceof ConflictError && error.code === NUMBER_EXISTS ? new LookAgain() : error;
  }
}

/** What the order is called, as far as that can be told before it is read. */
function nameOf(order: unknown): string | undefined {
  const { number, name, order_number: orderNumber } = (order ?? {}) as Record<string, unknown>;
  const found = [number, name, orderNumber].find((one) => typeof one === 'string' || typeof one === 'number');
  const text = found === undefined ? '' : String(found as string | number).replace(/^#/, '');
  return /^[A-Za-z0-9._#/-]{1,64}$/.test(text) ? text : undefined;
}
