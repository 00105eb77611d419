import type { CommandContext } from '../../platform/context';
import { completeWhenSettled, moveBySystem } from '../move-order';
import type { MoveFacts } from '../move-effects';
import { openQuantity, undeliveredQuantity } from '../order-lines';
import type { OrderState } from '../order-state';

/**
 * When answers leave nothing that could still leave the house, the order goes where its goods are: nothing was handed
 * over, it is cancelled; the rest was, it stands where that stands.
 */
export async function moveOnWhenNothingIsOpen(ctx: CommandContext, state: OrderState, facts: MoveFacts): Promise<void> {
  const { order, lines } = state;
  if (lines.some((line) => openQuantity(line) > line.shippedQuantity)) return;
  if (lines.every(({ shippedQuantity }) => shippedQuantity === 0)) return moveBySystem(ctx, state, 'cancel', facts);
  if (order.status === 'processing') {
    await moveBySystem(ctx, state, 'partially_fulfill', facts);
    // Each part that had left may have been delivered while work went on.
    return completeWhenSettled(ctx, state, facts.event);
  }
  if (order.status !== 'partially_fulfilled') return;
  await moveBySystem(ctx, state, 'ship', facts);
  if (lines.some((line) => undeliveredQuantity(line) > 0)) return;
  await moveBySystem(ctx, state, 'deliver', facts);
  await completeWhenSettled(ctx, state, facts.event);
}
