import type { CommandContext, ReadContext } from '../../platform/context';
import type { TaskState } from './find-tasks';
import { taskConducts } from './task-conduct';
import { type ActionKind, afterChange, type LineChange } from './task-progress';
import { type TaskActionRow, taskActions, taskLines, type TaskLineRow, tasks } from './tasks.models';

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
export async function recordAction(ctx: CommandContext, state: TaskState, action: NewAction): Promise<TaskState> {
  const changed = new Map(action.changes.map((change) => [change.lineId, change]));
  const lines = state.lines.map((line) => {
    const change = changed.get(line.id);
    return change ? afterChange(line, change) : line;
  });
  return saveAction(ctx, { before: state, lines, action });
}

/** As `recordAction`, with the lines as they are to be. */
export async function saveAction(
  ctx: CommandContext,
  { before, lines, action }: { before: TaskState; lines: TaskLineRow[]; action: NewAction },
): Promise<TaskState> {
  const counted = taskConducts.of(before.task.kind).counted;
  const changes = counted ? await counted(ctx, before, action.changes) : action.changes;
  ctx.insert(taskActions, {
    id: action.id ?? ctx.newId(),
    taskId: before.task.id,
    clientActionId: action.clientActionId ?? null,
    kind: action.kind,
    code: action.code ?? null,
    changes,
    undoesId: action.undoesId ?? null,
    note: action.note ?? null,
    actorName: ctx.actor.name,
    at: ctx.now,
  });
  for (const line of lines) if (!before.lines.includes(line)) await saveLine(ctx, line);
  const set = { status: 'in_progress' as const, version: before.task.version + 1, updatedAt: ctx.now };
  await ctx.update(tasks, set, 'id = :id', { id: before.task.id });
  return { task: { ...before.task, ...set }, lines };
}

async function saveLine(ctx: CommandContext, line: TaskLineRow): Promise<void> {
  const { doneQuantity, shortQuantity, shortReason, note } = line;
  await ctx.update(taskLines, { doneQuantity, shortQuantity, shortReason, note }, 'id = :id', { id: line.id });
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
