import { putAway } from '../../inventory';
import { type OrderState, sourceOf } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { announceTask } from './announce';
import { type Assignee, findAssignee, NOBODY } from './assignment';
import { linesOf } from './find-tasks';
import { insertTask, newLines } from './open-task';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { NO_UNITS, type Units } from './task-units';
import { taskLines, type TaskLineRow, type TaskRow, tasks } from './tasks.models';

export interface PutBack {
  state: OrderState;
  units: Units;
  /** Those of the units that stock keeps apart until they are back; the others were never taken out of it. */
  setAside?: Units;
  /** Who has them. */
  assignee?: Assignee;
}

/**
 * Has picked goods brought back to their shelves: by whoever picked them, else by anyone of the role. Nobody there
 * to do it does not undo the cancellation; the task then waits to be assigned. Units join a task that is open.
 */
export async function openPutBack(ctx: CommandContext, urls: TaskUrls, wanted: PutBack): Promise<void> {
  const { state, units, setAside, assignee } = wanted;
  if (units.size === 0) return;
  const { order } = state;
  const where = `order_id = :orderId AND kind = 'put_back' ORDER BY round DESC`;
  const last = await ctx.get(tasks, where, { orderId: order.id });
  if (last?.openMarker) return addUnits(ctx, last, wanted);
  const opened = await insertTask(ctx, state, {
    kind: 'put_back',
    units,
    setAside,
    round: (last?.round ?? 0) + 1,
    assignee: await whoPutsBack(ctx, order.storeId, assignee),
    dueAt: null,
    instructions: '',
    eventId: null,
  });
  await announceTask(ctx, urls, { order, ...opened });
}

async function whoPutsBack(ctx: CommandContext, storeId: string, picker: Assignee | undefined): Promise<Assignee> {
  if (picker?.assigneeEmail) {
    const { assigneeId, assigneeEmail, assigneeName, assigneeRole } = picker;
    return { assigneeId, assigneeEmail, assigneeName, assigneeRole };
  }
  return (await findAssignee(ctx, { storeId, role: taskKinds.put_back.role })) ?? NOBODY;
}

async function addUnits(
  ctx: CommandContext,
  task: TaskRow,
  { state, units, setAside = NO_UNITS }: PutBack,
): Promise<void> {
  const lines = await linesOf(ctx, [task.id]);
  for (const line of lines) {
    const quantity = line.quantity + (units.get(line.lineId) ?? 0);
    const setAsideQuantity = line.setAsideQuantity + (setAside.get(line.lineId) ?? 0);
    if (quantity > line.quantity)
      await ctx.update(taskLines, { quantity, setAsideQuantity }, 'id = :id', { id: line.id });
  }
  const there = new Set(lines.map(({ lineId }) => lineId));
  const missing = new Map([...units].filter(([lineId]) => !there.has(lineId)));
  const added = await newLines(ctx, task.id, state.lines, { units: missing, setAside });
  ctx.insert(
    taskLines,
    added.map((line) => ({ ...line, position: lines.length + line.position })),
  );
  await ctx.update(tasks, { version: task.version + 1, updatedAt: ctx.now }, 'id = :id', { id: task.id });
}

/** What stock kept apart is sellable again, as far as it was put back; the rest stays apart for somebody to look at. */
export async function putBackOnShelf(
  ctx: CommandContext,
  { order }: OrderState,
  lines: readonly TaskLineRow[],
): Promise<void> {
  for (const { lineId, productId, sku, doneQuantity, setAsideQuantity } of lines) {
    const quantity = Math.min(doneQuantity, setAsideQuantity);
    if (quantity === 0) continue;
    try {
      await putAway(ctx, sourceOf(order), [{ lineId, productId, sku, quantity, outcome: 'good' }]);
    } catch (error) {
      // Somebody has booked them already; the task is done all the same. Nothing is written before this refusal.
      if (!(error instanceof ConflictError) || error.code !== 'STOCK_INSUFFICIENT') throw error;
    }
  }
}
