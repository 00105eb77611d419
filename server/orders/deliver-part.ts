import { deliver, recall } from '../inventory';
import type { CommandContext } from '../platform/context';
import { bookCollected } from './move-effects';
import { sourceOf, stockLines } from './order-goods';
import { undeliveredQuantity } from './order-lines';
import { refreshPaymentStatus } from './order-money';
import { type OrderState, saveState, snapshot } from './order-state';
import type { OrderLineRow } from './orders.models';

export interface PartOfOrder {
  /** Units by line; of a line never more than are on their way. */
  units: ReadonlyMap<string, number>;
  /** Who says so and in which words. */
  notes: string;
}

/**
 * The customer has a part of the order while the rest is still here or on its way: its cost leaves the stock and its
 * cash is with the courier. The order stays where it stands, until the last part is delivered. The state must be ours.
 */
export async function deliverPart(
  ctx: CommandContext,
  state: OrderState,
  { units, notes, collectedMinor }: PartOfOrder & { collectedMinor: number },
): Promise<void> {
  const { order, lines } = state;
  const before = snapshot(state);
  const unitsOf = arrivedUnits(units);
  await deliver(ctx, sourceOf(order), stockLines(lines, unitsOf));
  const counted = lines.map((line) => ({ line, quantity: unitsOf(line) }));
  for (const { line, quantity } of counted) line.deliveredQuantity += quantity;
  await bookCollected(ctx, order, collectedMinor);
  refreshPaymentStatus(order);
  await saveState(ctx, before, state);
  audit(ctx, state, { action: 'order.deliver_part', counted, notes });
}

/** A part that came back, while the rest of the order is here: it is prepared and promised to the order as before. */
export async function takeBackPart(ctx: CommandContext, state: OrderState, part: PartOfOrder): Promise<void> {
  const { order, lines } = state;
  const before = snapshot(state);
  const unitsOf = arrivedUnits(part.units);
  await recall(ctx, sourceOf(order), stockLines(lines, unitsOf), 'reserved');
  const counted = lines.map((line) => ({ line, quantity: unitsOf(line) }));
  for (const { line, quantity } of counted) line.shippedQuantity -= quantity;
  await saveState(ctx, before, state);
  audit(ctx, state, { action: 'order.take_back_part', counted, notes: part.notes });
}

function arrivedUnits(units: ReadonlyMap<string, number>): (line: OrderLineRow) => number {
  return (line) => Math.min(units.get(line.id) ?? 0, undeliveredQuantity(line));
}

function audit(
  ctx: CommandContext,
  { order }: OrderState,
  done: { action: string; counted: readonly { line: OrderLineRow; quantity: number }[]; notes: string },
): void {
  const moved = done.counted.filter(({ quantity }) => quantity > 0);
  ctx.audit({
    action: done.action,
    subjectType: 'order',
    subjectId: order.id,
    storeId: order.storeId,
    orderId: order.id,
    after: { lines: moved.map(({ line: { id, sku }, quantity }) => ({ id, sku, quantity })) },
    note: done.notes,
  });
}
