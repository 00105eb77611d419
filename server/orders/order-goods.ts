import { type Moved, reservationsOf, type StockLine, type StockSource } from '../inventory';
import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { undeliveredQuantity } from './order-lines';
import type { OrderLineRow, OrderRow } from './orders.models';

export function sourceOf(order: OrderRow): StockSource {
  return { storeId: order.storeId, sourceType: 'order', sourceId: order.id, orderId: order.id };
}

/** Lines with so many units each, as inventory wants them; lines without units are left out. */
export function stockLines(lines: readonly OrderLineRow[], quantityOf: (line: OrderLineRow) => number): StockLine[] {
  return lines
    .map((line) => ({ lineId: line.id, productId: line.productId, sku: line.sku, quantity: quantityOf(line) }))
    .filter(({ quantity }) => quantity > 0);
}

/** Units of each line that were taken off the shelf for hand-over and have not left the house. */
export async function dispatchedInHouse(
  ctx: CommandContext,
  order: OrderRow,
  lines: readonly OrderLineRow[],
): Promise<Map<string, number>> {
  const held = await reservationsOf(ctx, sourceOf(order));
  const outgoing = (line: OrderLineRow): number =>
    held.filter(({ lineId }) => lineId === line.id).reduce((sum, { dispatched }) => sum + dispatched, 0);
  return new Map(lines.map((line) => [line.id, Math.max(0, outgoing(line) - undeliveredQuantity(line))]));
}

/** Goods that were promised to others since they were picked cannot leave. Throws 409 STOCK_NOT_RESERVED. */
export function assertHeld(wanted: readonly StockLine[], moved: readonly Moved[]): void {
  const units = new Map(moved.map(({ lineId, quantity }) => [lineId, quantity]));
  const missing = wanted.filter(({ lineId, quantity }) => (units.get(lineId) ?? 0) < quantity);
  if (missing.length === 0) return;
  throw new ConflictError(
    'STOCK_NOT_RESERVED',
    `The stock of ${missing.map(({ sku }) => sku).join(', ')} is no longer reserved for this order. Resume it and pick again.`,
    { facts: { lines: missing.map(({ lineId, sku, quantity }) => ({ id: lineId, sku, quantity })) } },
  );
}
