import type { CommandContext, ReadContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { type HandOffRow, handOffs } from './hand-offs.models';

/** What an order waits for now, if it does. */
export function openHandOffOf(ctx: ReadContext, orderId: string): Promise<HandOffRow | undefined> {
  return ctx.get(handOffs, 'order_id = :orderId AND open_marker = 1', { orderId });
}

/** Throws 404 HANDOFF_NOT_FOUND. */
export async function readHandOff(ctx: ReadContext, id: string): Promise<HandOffRow> {
  return found(await ctx.get(handOffs, 'id = :id', { id }));
}

/** Ours until commit; the order comes first, as everywhere. Throws 404 HANDOFF_NOT_FOUND. */
export async function lockHandOff(ctx: CommandContext, id: string): Promise<HandOffRow> {
  return found((await ctx.lock(handOffs, 'id = :id', { id }))[0]);
}

/** The hand-off that a task is about. */
export async function handOffOfTask(ctx: ReadContext, taskId: string): Promise<HandOffRow> {
  return found(await ctx.get(handOffs, 'task_id = :taskId', { taskId }));
}

function found(row: HandOffRow | undefined): HandOffRow {
  if (row) return row;
  throw new NotFoundError(
    'HANDOFF_NOT_FOUND',
    'There is no such hand-off. Those of an order stand in GET /orders/:id.',
  );
}
