import type { CommandContext, ReadContext } from '../platform/context';
import { authorise, permission } from '../platform/auth/permissions';
import { updateRows } from '../platform/database/update-rows';
import { ConflictError, NotFoundError } from '../platform/errors';
import { orderBill } from './order-extensions';
import type { LineCounters } from './order-lines';
import { type OrderLineRow, type OrderRow, orderLines, orders } from './orders.models';

/** An order with its lines, held by one command: changed in memory, saved once. */
export interface OrderState {
  order: OrderRow;
  lines: OrderLineRow[];
}

export const readOrders = permission('order.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);

const NUMBER_PREFIX = 'number:';

/** By id, or by `number:1001` as a till or a shop knows it. Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function lockState(ctx: CommandContext, idOrNumber: string): Promise<OrderState> {
  const byNumber = idOrNumber.startsWith(NUMBER_PREFIX);
  const id = byNumber ? onlyOne(await findOrders(ctx, idOrNumber), idOrNumber).id : idOrNumber;
  // Handed over together they travel together, the lock first.
  const [found, lines] = await Promise.all([ctx.lock(orders, 'id = :id', { id }), linesOf(ctx, [id])]);
  const order = onlyOne(found, idOrNumber);
  authorise(ctx.actor, readOrders, order.storeId);
  return { order, lines };
}

/** Several orders at once, by id and in the order of their ids, so that no two commands wait for each other. */
export async function lockStates(ctx: CommandContext, ids: readonly string[]): Promise<OrderState[]> {
  if (ids.length === 0) return [];
  const [found, lines] = await Promise.all([ctx.lock(orders, 'id IN (:ids) ORDER BY id', { ids }), linesOf(ctx, ids)]);
  return withTheirLines(ctx, found, lines);
}

/** As `lockStates`, for reading. */
export async function readStates(ctx: ReadContext, ids: readonly string[]): Promise<OrderState[]> {
  if (ids.length === 0) return [];
  const [found, lines] = await Promise.all([ctx.find(orders, 'id IN (:ids) ORDER BY id', { ids }), linesOf(ctx, ids)]);
  return withTheirLines(ctx, found, lines);
}

/** Throws 403 STORE_NOT_ALLOWED. */
function withTheirLines(ctx: ReadContext, found: readonly OrderRow[], lines: readonly OrderLineRow[]): OrderState[] {
  const byOrder = new Map<string, OrderLineRow[]>(found.map(({ id }) => [id, []]));
  for (const line of lines) byOrder.get(line.orderId)?.push(line);
  return found.map((order) => {
    authorise(ctx.actor, readOrders, order.storeId);
    return { order, lines: byOrder.get(order.id) ?? [] };
  });
}

export async function readState(ctx: ReadContext, idOrNumber: string): Promise<OrderState> {
  const order = onlyOne(await findOrders(ctx, idOrNumber), idOrNumber);
  authorise(ctx.actor, readOrders, order.storeId);
  return { order, lines: await linesOf(ctx, [order.id]) };
}

export function linesOf(ctx: ReadContext, orderIds: readonly string[]): Promise<OrderLineRow[]> {
  return ctx.find(orderLines, 'order_id IN (:orderIds) ORDER BY order_id, position', { orderIds });
}

/** A number stands for the order of a store the asker works in; an id is one order wherever it is. */
function findOrders(ctx: ReadContext, idOrNumber: string): Promise<OrderRow[]> {
  if (!idOrNumber.startsWith(NUMBER_PREFIX)) return ctx.find(orders, 'id = :id', { id: idOrNumber });
  const { storeIds } = ctx.actor;
  const stores = storeIds === 'all' ? '' : 'store_id IN (:storeIds) AND ';
  const number = idOrNumber.slice(NUMBER_PREFIX.length);
  return ctx.find(orders, `${stores}number = :number LIMIT 2`, { number, storeIds });
}

function onlyOne(rows: OrderRow[], idOrNumber: string): OrderRow {
  const [order, second] = rows;
  if (!order) {
    throw new NotFoundError(
      'ORDER_NOT_FOUND',
      `There is no order "${idOrNumber}". Use its id, or number: and its number, such as number:1001.`,
    );
  }
  if (second) {
    throw new ConflictError('ORDER_NUMBER_AMBIGUOUS', 'Several stores have an order with this number. Use its id.');
  }
  return order;
}

/** A copy to compare with after the change; an address or a hand-over is replaced as a whole and never edited. */
export function snapshot({ order, lines }: OrderState): OrderState {
  return { order: { ...order }, lines: lines.map((line) => ({ ...line })) };
}

/** Writes what changed, one statement for the order and one for its lines, and raises the version. */
export async function saveState(ctx: CommandContext, before: OrderState, state: OrderState): Promise<void> {
  const { order } = state;
  order.version = before.order.version + 1;
  order.updatedAt = ctx.now;
  const changed = Object.fromEntries(
    Object.entries(order).filter(
      ([key, value]) => !same(value, (before.order as unknown as Record<string, unknown>)[key]),
    ),
  ) as Partial<OrderRow>;
  saveCounters(ctx, before.lines, state.lines);
  const rows = await ctx.update(orders, changed, 'id = :id AND version = :version', {
    id: order.id,
    version: before.order.version,
  });
  if (rows !== 1) throw versionConflict(order.version - 1, order);
  if (isBillTouched(before, state)) await orderBill.changed(ctx, state);
}

/** What a parcel's rider collects depends on these and on nothing else of the order. */
const BILLED_COUNTERS = ['cancelledQuantity', 'substitutedQuantity', 'backorderedQuantity', 'shippedQuantity'] as const;

/** Nobody collects anything for an order that is still pending. */
function isBillTouched(before: OrderState, { order, lines }: OrderState): boolean {
  if (before.order.status === 'pending') return false;
  if (order.receivableMinor !== before.order.receivableMinor || lines.length !== before.lines.length) return true;
  if (order.status === 'delivery_failed' && before.order.status !== order.status) return true;
  return lines.some((line, n) => BILLED_COUNTERS.some((counter) => line[counter] !== before.lines[n]?.[counter]));
}

const COUNTERS = [
  'preparedQuantity',
  'packedQuantity',
  'shippedQuantity',
  'deliveredQuantity',
  'cancelledQuantity',
  'backorderedQuantity',
  'substitutedQuantity',
  'returnedQuantity',
] as const satisfies readonly Exclude<keyof LineCounters, 'quantity'>[];

function saveCounters(ctx: CommandContext, before: OrderLineRow[], after: OrderLineRow[]): void {
  const isChanged = (line: OrderLineRow, n: number, key: (typeof COUNTERS)[number]) => line[key] !== before[n]?.[key];
  const keys = COUNTERS.filter((key) => after.some((line, n) => isChanged(line, n, key)));
  const changed = after.filter((line, n) => keys.some((key) => isChanged(line, n, key)));
  updateRows(ctx, orderLines, changed, { keys });
}

/** As `saveState`, of orders of which only counters of lines have changed: one statement for the orders, one for the lines. */
export function saveCountersOf(
  ctx: CommandContext,
  changes: readonly { before: OrderState; state: OrderState }[],
): void {
  if (changes.length === 0) return;
  for (const { before, state } of changes) {
    state.order.version = before.order.version + 1;
    state.order.updatedAt = ctx.now;
  }
  saveCounters(
    ctx,
    changes.flatMap(({ before }) => before.lines),
    changes.flatMap(({ state }) => state.lines),
  );
  updateRows(
    ctx,
    orders,
    changes.map(({ state }) => state.order),
    { keys: ['version', 'updatedAt'] },
  );
}

/** Throws 409 VERSION_CONFLICT when the caller has seen an older order than this one. */
export function assertVersion(order: OrderRow, version: number | undefined): void {
  if (version !== undefined && version !== order.version) throw versionConflict(version, order);
}

function versionConflict(seen: number, order: OrderRow): ConflictError {
  return new ConflictError(
    'VERSION_CONFLICT',
    `The order has changed since you read it (you have version ${seen}, it is at ${order.version}). Read it again and decide anew.`,
    { facts: { seenVersion: seen, version: order.version, orderStatus: order.status, updatedAt: order.updatedAt } },
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
