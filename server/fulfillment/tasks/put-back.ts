import type { OrderState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { announceTask } from './announce';
import { type Assignee, findAssignee, NOBODY } from './assignment';
import { linesOf, type TaskState } from './find-tasks';
import { insertTask, newLines } from './open-task';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import type { Units } from './task-units';
import { taskLines, type TaskRow, tasks } from './tasks.models';

/**
 * Has picked goods brought back to their shelves: by whoever picked them, else by anyone of the role. Nobody there
 * to do it does not undo the cancellation; the task then waits to be assigned. Units join a task that is open.
 */
export async function openPutBack(
  ctx: CommandContext,
  urls: TaskUrls,
  { state, units, assignee }: { state: OrderState; units: Units; assignee?: Assignee },
): Promise<void> {
  if (units.size === 0) return;
  const { order } = state;
  const [last] = await ctx.find(tasks, `order_id = :orderId AND kind = 'put_back' ORDER BY round DESC`, {
    orderId: order.id,
  });
  if (last?.openMarker) return addUnits(ctx, last, state, units);
  const opened = await insertTask(ctx, state, {
    kind: 'put_back',
    units,
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

async function addUnits(ctx: CommandContext, task: TaskRow, state: OrderState, units: Units): Promise<void> {
  const lines: TaskState['lines'] = await linesOf(ctx, [task.id]);
  const there = new Set(lines.map(({ lineId }) => lineId));
  for (const line of lines) {
    const quantity = line.quantity + (units.get(line.lineId) ?? 0);
    if (quantity > line.quantity) await ctx.update(taskLines, { quantity }, 'id = :id', { id: line.id });
  }
  const missing = new Map([...units].filter(([lineId]) => !there.has(lineId)));
  const added = await newLines(ctx, task.id, state.lines, missing);
  ctx.insert(
    taskLines,
    added.map((line) => ({ ...line, position: lines.length + line.position })),
  );
  await ctx.update(tasks, { version: task.version + 1, updatedAt: ctx.now }, 'id = :id', { id: task.id });
}
