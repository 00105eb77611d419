import { lockState, type OrderState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import { cancelTasks, rightToFinish } from '../rights';
import { endTasks, recordOnOrders, unitsDoneIn } from './end-tasks';
import { lockTask, readTask, type TaskState } from './find-tasks';
import { openPutBack, putBackOnShelf } from './put-back';
import { madeBefore, recordAction } from './record-action';
import { assertNotStopped } from './stop-work';
import { taskConducts } from './task-conduct';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { moveTask, type TaskMove } from './task-moves';
import { foundChange, type LineChange, openUnits, outcomeOf } from './task-progress';
import { NO_UNITS } from './task-units';
import { type TaskLineRow } from './tasks.models';
import type { CompleteInput } from './tasks.schema';
import { readLines } from './work-on-task';

export interface Closing extends TaskState {
  /** False when it was closed before. */
  changed: boolean;
}

/**
 * Finishes a task: what was picked is written to the order, waiting runs go on. `result` is what a form of its kind
 * says came of it. Throws 409 TASK_LINES_OPEN (each open line named), TASK_CLOSED, ORDER_ON_HOLD, 422 LINE_NOT_FOUND,
 * QUANTITY_TOO_HIGH or SHORT_REASON_MISSING, and what the kind refuses.
 */
export async function completeTask(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  input: CompleteInput,
  result?: Record<string, unknown>,
): Promise<Closing> {
  const { order, state } = await lockBoth(ctx, id);
  if (state.task.status === 'done') return { ...state, changed: false };
  if (await madeBefore(ctx, id, input.clientActionId)) return { ...state, changed: false };
  moveTask(state.task.status, 'complete');
  await assertNotStopped(ctx, state.task);
  const changes = finishingChanges(state, input);
  const { note, clientActionId } = input;
  const after = await recordAction(ctx, state, { kind: 'finish', changes, note, clientActionId });
  const outcome = outcomeOf(after.lines);
  if (!outcome) throw linesOpen(after.lines);
  const finish = taskConducts.of(after.task.kind).finish;
  const finished = await finish?.(ctx, { order, state: after, urls, input, result });
  if (finished && 'pending' in finished) return { ...after, changed: true };
  const current = finished?.order ?? order;
  const [surplus = NO_UNITS] = recordOnOrders(ctx, [{ order: current, state: after }]);
  if (taskKinds[after.task.kind].onDone === 'put_away') await putBackOnShelf(ctx, order, after.lines);
  const ending = { outcome, note: note ?? null, result: finished?.result ?? result ?? null };
  const [closed = after] = await endTasks(ctx, 'complete', [{ order: current, state: after, ...ending }]);
  await openPutBack(ctx, urls, { state: current, units: surplus, assignee: closed.task });
  return { ...closed, changed: true };
}

/** Ends a task unfinished; what was picked so far goes back to its shelf. Throws 409 TASK_CLOSED. */
export async function cancelTask(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  note: string | null,
): Promise<Closing> {
  const { order, state } = await lockBoth(ctx, id, 'cancel');
  if (state.task.status === 'cancelled') return { ...state, changed: false };
  moveTask(state.task.status, 'cancel');
  await taskConducts.of(state.task.kind).cancel?.(ctx, { order, state, urls });
  const [closed = state] = await endTasks(ctx, 'cancel', [{ order, state, outcome: 'cancelled', note }]);
  if (taskKinds[state.task.kind].onDone === 'prepared') {
    await openPutBack(ctx, urls, { state: order, units: unitsDoneIn(state.lines), assignee: closed.task });
  }
  return { ...closed, changed: true };
}

/** The order before its task, as every command that needs both does, so that no two wait for each other. */
async function lockBoth(
  ctx: CommandContext,
  id: string,
  move: TaskMove = 'complete',
): Promise<{ order: OrderState; state: TaskState }> {
  const { task } = await readTask(ctx, id);
  const order = await lockState(ctx, task.orderId);
  return { order, state: await lockTask(ctx, id, move === 'cancel' ? cancelTasks : rightToFinish(task.kind)) };
}

/** What the request says about the lines, on top of what was ticked and scanned. */
export function finishingChanges(state: TaskState, { lines, allDone }: CompleteInput): LineChange[] {
  if (lines) {
    assertReasons(state, lines);
    return readLines(state, lines);
  }
  if (!allDone) return [];
  return state.lines.flatMap((line) => foundChange(line, line.quantity - line.doneQuantity) ?? []);
}

function assertReasons(state: TaskState, wanted: NonNullable<CompleteInput['lines']>): void {
  const errors: FieldError[] = wanted.flatMap((input, n) => {
    const line = state.lines.find(({ id }) => id === input.id);
    if (!line || input.shortReason || input.doneQuantity >= line.quantity) return [];
    const message = `${line.sku}: ${line.quantity - input.doneQuantity} are missing. Say why with shortReason.`;
    return [{ path: `lines[${n}].shortReason`, code: 'SHORT_REASON_MISSING', message }];
  });
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
}

export function linesOpen(lines: readonly TaskLineRow[]): ConflictError {
  const open = lines.filter((line) => openUnits(line) > 0);
  const names = open.map((line) => `${openUnits(line)} × ${line.sku}`).join(', ');
  return new ConflictError(
    'TASK_LINES_OPEN',
    `Not finished: ${names}. Tick or scan them, or give a reason for what is missing.`,
    {
      facts: {
        allOfThem: 'allDone: true',
        lines: open.map(({ id, sku, quantity, doneQuantity }) => ({ id, sku, quantity, doneQuantity })),
      },
    },
  );
}
