import { emitForOrder, type OrderState, recordPreparedOf } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import { settleWaits } from '../waits/settle-waits';
import type { TaskState } from './find-tasks';
import { taskKinds } from './task-kinds';
import { type TaskMove, taskMove, type TaskOutcome } from './task-moves';
import { type Units, unitsTaken } from './task-units';
import { type TaskLineRow, type TaskRow, tasks } from './tasks.models';

/** A task that ends with its order, both held by the command. */
export interface Ended {
  order: OrderState;
  state: TaskState;
}

export function unitsDoneIn(lines: readonly TaskLineRow[]): Units {
  return new Map(lines.filter(({ doneQuantity }) => doneQuantity > 0).map((line) => [line.lineId, line.doneQuantity]));
}

/**
 * Adds what was picked to the orders' lines, which are changed by it. Answers for each what its order no longer takes,
 * such as units cancelled meanwhile.
 */
export function recordOnOrders(ctx: CommandContext, ended: readonly Ended[]): Units[] {
  const found = ended.map(({ order, state: { task, lines } }) => {
    const picked: Units = taskKinds[task.kind].onDone === 'prepared' ? unitsDoneIn(lines) : new Map();
    const surplus = new Map<string, number>();
    const prepared = order.lines.flatMap((line) => {
      const units = picked.get(line.id) ?? 0;
      const taken = Math.min(units, unitsTaken(order.order, line));
      if (units > taken) surplus.set(line.id, units - taken);
      return taken > 0 ? [{ lineId: line.id, preparedQuantity: line.preparedQuantity + taken }] : [];
    });
    return { state: order, prepared, surplus };
  });
  recordPreparedOf(
    ctx,
    found.filter(({ prepared }) => prepared.length > 0),
  );
  return found.map(({ surplus }) => surplus);
}

export interface Ending extends Ended {
  outcome: TaskOutcome;
  note: string | null;
  result?: Record<string, unknown> | null;
}

/** Closes tasks, tells of each, and calls back who waited for the last of them. */
export async function endTasks(ctx: CommandContext, move: TaskMove, endings: readonly Ending[]): Promise<TaskState[]> {
  const { to } = taskMove(move);
  const closed = endings.map(({ state: { task }, outcome, note, result = null }): TaskRow => {
    const times = { updatedAt: ctx.now, closedAt: ctx.now };
    return { ...task, status: to, outcome, openMarker: null, note, result, version: task.version + 1, ...times };
  });
  updateRows(ctx, tasks, closed, {
    keys: ['status', 'outcome', 'openMarker', 'note', 'result', 'version', 'updatedAt', 'closedAt'],
    where: 'open_marker = 1',
  });
  for (const ending of endings) tellEnd(ctx, move, ending);
  const outcomes = endings.map(({ state, outcome }) => ({ taskId: state.task.id, outcome }));
  await settleWaits(ctx, outcomes);
  return closed.map((task, n) => ({ task, lines: endings[n]?.state.lines ?? [] }));
}

function tellEnd(
  ctx: CommandContext,
  move: TaskMove,
  { order: { order }, state, outcome, note, result = null }: Ending,
) {
  const { task, lines } = state;
  const { to, event } = taskMove(move);
  const short = lines.filter(({ shortQuantity }) => shortQuantity > 0).map(viewResult);
  ctx.audit({
    action: `task.${move}`,
    subjectType: 'task',
    subjectId: task.id,
    storeId: task.storeId,
    orderId: task.orderId,
    before: { status: task.status },
    after: { status: to, outcome, short },
    note: note ?? undefined,
  });
  const { id: taskId, kind, round } = task;
  const told = { taskId, kind, round, outcome, result, lines: lines.map(viewResult) };
  if (event) emitForOrder(ctx, order, event, told);
  if (outcome === 'short' && taskKinds[kind].onDone === 'prepared') {
    emitForOrder(ctx, order, 'line.short', { taskId, lines: short });
  }
}

function viewResult({ lineId, sku, quantity, doneQuantity, shortQuantity, shortReason }: TaskLineRow) {
  return { lineId, sku, quantity, doneQuantity, shortQuantity, shortReason };
}
