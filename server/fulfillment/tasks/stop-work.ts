import { openHolds, type OrderHoldRow } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { type TaskKind, taskKinds } from './task-kinds';
import type { TaskRow } from './tasks.models';

/** The reason of the hold that makes an order's people leave everything as it is. */
export const STOPPED_BY = 'cancellation_requested';

/** Work on an order rests while somebody decides whether it is cancelled; putting back, counting and deciding do not. */
export function restsWhileAsked(kind: TaskKind): boolean {
  return taskKinds[kind].during !== 'any_time' && kind !== 'cancellation_decision';
}

/** The hold of a request to cancel, while somebody decides on it and this task rests. */
export async function stopOf(
  ctx: ReadContext,
  { kind, orderId }: Pick<TaskRow, 'kind' | 'orderId'>,
): Promise<OrderHoldRow | undefined> {
  if (!restsWhileAsked(kind)) return undefined;
  return (await openHolds(ctx, orderId)).find(({ reason }) => reason === STOPPED_BY);
}

/** Throws 409 ORDER_ON_HOLD while a cancellation of the task's order is asked for. What was counted stays counted. */
export async function assertNotStopped(
  ctx: ReadContext,
  task: Pick<TaskRow, 'kind' | 'orderId' | 'orderNumber'>,
): Promise<void> {
  const hold = await stopOf(ctx, task);
  if (!hold) return;
  throw new ConflictError(
    'ORDER_ON_HOLD',
    `Stop: somebody asked to cancel order ${task.orderNumber}. Leave everything as it is; a mail says whether to go on or to put back.`,
    { facts: { handle: hold.id, reason: hold.reason } },
  );
}
