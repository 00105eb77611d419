import { emitForOrder, lastMoveOf, lockState } from '../../orders';
import type { JobContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { cancelTask } from '../tasks/close-task';
import type { TaskUrls } from '../tasks/task-links';
import { closeHandOff } from './close-hand-off';
import { finishTask } from './confirm-hand-off';
import { openHandOffOf } from './find-hand-offs';
import { endedBy, handOffMethods } from './hand-off-moves';
import { handOffs } from './hand-offs.models';

/**
 * Somebody moved the order by hand: what was delivered or collected was handed over by that person, and goods that
 * went another way wait for nobody.
 */
export async function followOrder(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const { move, orderMove } = endedBy[event.topic];
  const orderId = event.orderId ?? '';
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, orderId);
    const handOff = await openHandOffOf(ctx, order.id);
    // Told late: the order may have come back to wait anew.
    if (!handOff || order.status === handOffMethods[handOff.method].waitsIn) return;
    const made = await lastMoveOf(ctx, order.id, orderMove);
    const by = made?.actorName ?? ctx.actor.name;
    if (move === 'confirm') {
      const closed = await closeHandOff(ctx, order, handOff, { move, by, confirmedWith: 'move' });
      return finishTask(ctx, urls, closed);
    }
    await cancelTask(ctx, urls, handOff.taskId, `Order ${order.number} was moved on by ${by}: ${orderMove}.`);
  });
}

/** Once for a hand-off: its task is late, so the customer is to be reminded. */
export async function tellOverdueHandOff(job: JobContext, event: DeliveredEvent): Promise<void> {
  if (event.data.kind !== 'hand_off') return;
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, event.orderId ?? '');
    const handOff = await openHandOffOf(ctx, order.id);
    if (!handOff || handOff.taskId !== event.data.taskId || handOff.overdueAt !== null) return;
    await ctx.update(handOffs, { overdueAt: ctx.now }, 'id = :id', { id: handOff.id });
    const { id: handOffId, method, spot, service, taskId } = handOff;
    emitForOrder(ctx, order, 'handoff.overdue', { handOffId, taskId, method, spot, service });
  });
}
