import { productWithCode } from '../../inventory';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import { workOnTasks } from '../rights';
import { assertOpen, lockTask, type TaskState } from './find-tasks';
import { actionsOf, madeBefore, type NewAction, recordAction, saveAction } from './record-action';
import { codeSpellings, readScan } from './scans';
import { assertNotStopped } from './stop-work';
import { taskKinds } from './task-kinds';
import { moveTask } from './task-moves';
import {
  changesSomething,
  foundChange,
  lastStanding,
  type LineChange,
  openUnits,
  progressOf,
  recount,
  setChange,
  shortChange,
  type ShortReason,
} from './task-progress';
import { type TaskActionRow, type TaskLineRow, tasks } from './tasks.models';
import type { ItemsInput, LineInput, ScanInput } from './tasks.schema';

/**
 * An open task whose order nobody asks to cancel; what was made before is answered first, since the task may have
 * ended with it. Throws 409 TASK_CLOSED or ORDER_ON_HOLD.
 */
async function lockForWork(
  ctx: CommandContext,
  id: string,
  clientActionId: string | undefined,
): Promise<{ state: TaskState; repeated?: TaskActionRow }> {
  const state = await lockTask(ctx, id, workOnTasks);
  const repeated = await madeBefore(ctx, id, clientActionId);
  if (repeated) return { state, repeated };
  assertOpen(state.task);
  await assertNotStopped(ctx, state.task);
  return { state };
}

/** Begins the work; begun already, nothing changes. Throws 409 TASK_CLOSED or ORDER_ON_HOLD. */
export async function startTask(ctx: CommandContext, id: string): Promise<TaskState & { changed: boolean }> {
  const state = await lockTask(ctx, id, workOnTasks);
  const status = moveTask(state.task.status, 'start');
  if (status === state.task.status) return { ...state, changed: false };
  await assertNotStopped(ctx, state.task);
  const set = { status, version: state.task.version + 1, updatedAt: ctx.now };
  await ctx.update(tasks, set, 'id = :id', { id });
  return { task: { ...state.task, ...set }, lines: state.lines, changed: true };
}

/**
 * Counts a scanned code on its line; a quantity for codes on full cases.
 * Throws 409 SCAN_UNKNOWN_CODE, SCAN_WRONG_ITEM, SCAN_TOO_MANY or TASK_CLOSED; then nothing was counted.
 */
export async function scanCode(
  ctx: CommandContext,
  id: string,
  scan: ScanInput,
): Promise<TaskState & { line: TaskLineRow }> {
  const { state, repeated } = await lockForWork(ctx, id, scan.clientActionId);
  if (repeated) return { ...state, line: requireLine(state, repeated.changes[0]?.lineId ?? '') };
  const found = readScan(state.lines, scan);
  if (found.result === 'not_here') throw await refuseCode(ctx, state, scan.code);
  if (found.result === 'too_many') throw tooMany(state, found.line);
  const { code, clientActionId } = scan;
  const after = await recordAction(ctx, state, { kind: 'scan', changes: [found.change], code, clientActionId });
  return { ...after, line: requireLine(after, found.line.id) };
}

export interface Tick {
  lineId: string;
  quantity: 'one' | 'all';
  clientActionId?: string;
}

/** Counts one more unit of a line, or all that are open. Throws 409 SCAN_TOO_MANY or TASK_CLOSED. */
export async function tickLine(
  ctx: CommandContext,
  id: string,
  { lineId, quantity, clientActionId }: Tick,
): Promise<TaskState> {
  const { state, repeated } = await lockForWork(ctx, id, clientActionId);
  if (repeated) return state;
  const line = requireLine(state, lineId);
  const change = foundChange(line, quantity === 'all' ? line.quantity - line.doneQuantity : 1);
  if (!change) throw tooMany(state, line);
  return recordIfNew(ctx, state, { kind: 'tick', changes: [change], clientActionId });
}

export interface Shortage {
  lineId: string;
  reason: ShortReason;
  note: string | null;
  clientActionId?: string;
}

/** Gives up on what is still open of a line. Throws 409 TASK_CLOSED. */
export async function reportShort(ctx: CommandContext, id: string, shortage: Shortage): Promise<TaskState> {
  const { lineId, reason, note, clientActionId } = shortage;
  const { state, repeated } = await lockForWork(ctx, id, clientActionId);
  if (repeated) return state;
  const line = requireLine(state, lineId);
  if (openUnits(line) === 0) return state;
  return recordIfNew(ctx, state, { kind: 'short', changes: [shortChange(line, reason, note)], clientActionId });
}

/** Sets lines to the quantities done so far. Throws 409 TASK_CLOSED, 422 LINE_NOT_FOUND or QUANTITY_TOO_HIGH. */
export async function setLines(
  ctx: CommandContext,
  id: string,
  input: ItemsInput,
): Promise<TaskState & { changed: boolean }> {
  const { state, repeated } = await lockForWork(ctx, id, input.clientActionId);
  if (repeated) return { ...state, changed: false };
  const after = await recordIfNew(ctx, state, {
    kind: 'tick',
    changes: readLines(state, input.lines),
    clientActionId: input.clientActionId,
  });
  return { ...after, changed: after !== state };
}

/** Takes back the last action that still counts. Throws 409 NOTHING_TO_UNDO or TASK_CLOSED. */
export async function undoLast(ctx: CommandContext, id: string, clientActionId?: string): Promise<TaskState> {
  const { state: before, repeated } = await lockForWork(ctx, id, clientActionId);
  if (repeated) return before;
  const actions = await actionsOf(ctx, id);
  const undone = lastStanding(actions);
  if (!undone) throw new ConflictError('NOTHING_TO_UNDO', 'Nothing has been done yet that could be taken back.');
  return takeBack(ctx, before, { actions, undone, clientActionId });
}

/** Appends the opposite of an action and counts its lines anew. `actions` are all of the task. */
export async function takeBack(
  ctx: CommandContext,
  before: TaskState,
  { actions, undone, clientActionId }: { actions: TaskActionRow[]; undone: TaskActionRow; clientActionId?: string },
): Promise<TaskState> {
  const action = { kind: 'undo' as const, changes: undone.changes.map(opposite), undoesId: undone.id, clientActionId };
  const touched = new Set(undone.changes.map(({ lineId }) => lineId));
  const counting = [...actions, { ...action, id: '' }];
  const lines = before.lines.map((line) => (touched.has(line.id) ? recount(line, counting) : line));
  return saveAction(ctx, { before, lines, action });
}

/** The wanted quantities as changes. Throws 422 LINE_NOT_FOUND or QUANTITY_TOO_HIGH, naming each line. */
export function readLines(state: TaskState, wanted: readonly LineInput[]): LineChange[] {
  const errors: FieldError[] = [];
  const changes: LineChange[] = [];
  wanted.forEach(({ id, ...input }, n) => {
    const line = state.lines.find((candidate) => candidate.id === id);
    if (!line) {
      const message = 'There is no such line in this task. Use the ids in the task’s lines.';
      errors.push({ path: `lines[${n}].id`, code: 'LINE_NOT_FOUND', message });
    } else if (input.doneQuantity > line.quantity) {
      const message = `${line.sku} is needed ${line.quantity} times. Send at most that.`;
      errors.push({ path: `lines[${n}].doneQuantity`, code: 'QUANTITY_TOO_HIGH', message, quantity: line.quantity });
    } else {
      changes.push(setChange(line, input));
    }
  });
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  return changes;
}

async function recordIfNew(ctx: CommandContext, state: TaskState, action: NewAction): Promise<TaskState> {
  const changes = action.changes.filter((change) => changesSomething(requireLine(state, change.lineId), change));
  return changes.length === 0 ? state : recordAction(ctx, state, { ...action, changes });
}

function opposite(change: LineChange): LineChange {
  return { ...change, doneChange: -change.doneChange, shortChange: -change.shortChange };
}

function requireLine(state: TaskState, lineId: string): TaskLineRow {
  const line = state.lines.find(({ id }) => id === lineId);
  if (line) return line;
  throw new ValidationError('LINE_NOT_FOUND', 'There is no such line in this task. Open the task again.');
}

function tooMany({ task, lines }: TaskState, line: TaskLineRow): ConflictError {
  const { verb } = taskKinds[task.kind];
  const needed = line.quantity === 1 ? 'once' : `${line.quantity} times`;
  return new ConflictError(
    'SCAN_TOO_MANY',
    `Too many: ${line.name} (${line.sku}) is needed ${needed} and ${line.doneQuantity} ${line.doneQuantity === 1 ? 'is' : 'are'} ${verb}. Leave this one out.`,
    {
      facts: {
        line: { id: line.id, sku: line.sku, quantity: line.quantity, doneQuantity: line.doneQuantity },
        progress: progressOf(lines),
      },
    },
  );
}

async function refuseCode(ctx: CommandContext, { task, lines }: TaskState, code: string): Promise<ConflictError> {
  const product = await productWithCode(ctx, task.storeId, codeSpellings(code));
  const facts = { scanned: code, progress: progressOf(lines) };
  if (!product) {
    return new ConflictError(
      'SCAN_UNKNOWN_CODE',
      `No product has the code ${code}. Scan it again, or tick the line by hand.`,
      { facts },
    );
  }
  const { sku, name } = product;
  return new ConflictError('SCAN_WRONG_ITEM', `Wrong item: ${name} (${sku}) is not on this list. Put it back.`, {
    facts: { ...facts, product: { sku, name } },
  });
}
