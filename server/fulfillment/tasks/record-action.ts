import type { CommandContext, ReadContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import type { TaskState } from './find-tasks';
import { taskConducts } from './task-conduct';
import { type ActionKind, afterChange, type LineChange } from './task-progress';
import { type TaskActionRow, taskActions, taskLines, type TaskLineRow, type TaskRow, tasks } from './tasks.models';

export interface NewAction {
  /** For whoever has to name it later. */
  id?: string;
  kind: ActionKind;
  changes: LineChange[];
  clientActionId?: string;
  code?: string;
  undoesId?: string;
  note?: string;
}

/** Appends what was done and brings the lines and the task up to it; the first action starts the task. */
export function recordAction(ctx: CommandContext, state: TaskState, action: NewAction): Promise<TaskState> {
  return saveAction(ctx, { before: state, lines: linesAfter(state, action), action });
}

function linesAfter({ lines }: TaskState, { changes }: NewAction): TaskLineRow[] {
  const changed = new Map(changes.map((change) => [change.lineId, change]));
  return lines.map((line) => {
    const change = changed.get(line.id);
    return change ? afterChange(line, change) : line;
  });
}

/** One action with the lines as they are to be. */
export interface Step {
  before: TaskState;
  lines: TaskLineRow[];
  action: NewAction;
}

/** As `recordAction`, with the lines as they are to be. */
export async function saveAction(ctx: CommandContext, step: Step): Promise<TaskState> {
  const [after] = await saveActions(ctx, [step]);
  return after ?? step.before;
}

/** As `recordAction`, of several tasks. */
export function recordActions(
  ctx: CommandContext,
  actions: readonly { state: TaskState; action: NewAction }[],
): Promise<TaskState[]> {
  return saveActions(
    ctx,
    actions.map(({ state, action }) => ({ before: state, lines: linesAfter(state, action), action })),
  );
}

/** One action each of several tasks, in as many statements as of one. */
async function saveActions(ctx: CommandContext, steps: readonly Step[]): Promise<TaskState[]> {
  for (const { before, action } of steps) {
    const counted = taskConducts.of(before.task.kind).counted;
    const changes = counted ? await counted(ctx, before, action.changes) : action.changes;
    ctx.insert(taskActions, rowOf(ctx, before.task, { ...action, changes }));
  }
  const changed = steps.flatMap(({ before, lines }) => lines.filter((line) => !before.lines.includes(line)));
  updateRows(ctx, taskLines, changed, { keys: ['doneQuantity', 'shortQuantity', 'shortReason', 'note'] });
  const states = steps.map(({ before: { task }, lines }) => {
    const set = { status: 'in_progress' as const, version: task.version + 1, updatedAt: ctx.now };
    return { task: { ...task, ...set }, lines };
  });
  const saved = states.map(({ task }) => task);
  updateRows(ctx, tasks, saved, { keys: ['status', 'version', 'updatedAt'] });
  return states;
}

function rowOf(ctx: CommandContext, { id: taskId }: TaskRow, action: NewAction): TaskActionRow {
  return {
    id: action.id ?? ctx.newId(),
    taskId,
    clientActionId: action.clientActionId ?? null,
    kind: action.kind,
    code: action.code ?? null,
    changes: action.changes,
    undoesId: action.undoesId ?? null,
    note: action.note ?? null,
    actorName: ctx.actor.name,
    at: ctx.now,
  };
}

/** What this action id did before; a page sends one action twice when its button is pressed twice. */
export async function madeBefore(
  ctx: CommandContext,
  taskId: string,
  clientActionId: string | undefined,
): Promise<TaskActionRow | undefined> {
  if (!clientActionId) return undefined;
  return ctx.get(taskActions, 'task_id = :taskId AND client_action_id = :clientActionId', { taskId, clientActionId });
}

export function actionsOf(ctx: ReadContext, taskId: string): Promise<TaskActionRow[]> {
  return ctx.find(taskActions, 'task_id = :taskId ORDER BY id', { taskId });
}
