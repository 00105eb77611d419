import { newId } from '../../platform/ids';
import { type PagePart, taskConducts } from '../tasks/task-conduct';
import { taskKinds } from '../tasks/task-kinds';
import { openUnits, outcomeOf, progressOf, SHORT_REASONS, type ShortReason } from '../tasks/task-progress';
import type { TaskLineRow, TaskRow } from '../tasks/tasks.models';

/** What the page says at its top after something was done or refused. */
export interface Said {
  text: string;
  isRefusal: boolean;
}

interface Store {
  name: string;
  timezone: string;
}

export const SHORT_REASON_LABELS: Readonly<Record<ShortReason, string>> = {
  not_found: 'Not on the shelf',
  damaged: 'Damaged',
  expired: 'Past its date',
  wrong_item: 'Another item lies there',
  other: 'Other (write a note)',
};

export interface WorkPage {
  task: TaskRow;
  lines: readonly TaskLineRow[];
  store: Store;
  /** The page's own path; forms are posted below it. */
  action: string;
  /** What the task's kind adds. */
  part?: PagePart;
  said?: Said;
  canUndo: boolean;
  isLate: boolean;
}

/** Everything the page shows of a task that is open. Each form gets an id of its own, so that a double click counts once. */
export function workPage({
  task,
  lines,
  store,
  action,
  part,
  said,
  canUndo,
  isLate,
}: WorkPage): Record<string, unknown> {
  const { title, verb } = taskKinds[task.kind];
  const progress = progressOf(lines);
  return {
    title,
    pageTitle: `${title} ${task.orderNumber}`,
    orderNumber: task.orderNumber,
    storeName: store.name,
    timezone: store.timezone,
    dueAt: task.dueAt,
    isLate,
    instructions: task.instructions,
    action,
    said: said ?? null,
    part: part ? { style: null, script: null, ...part, action } : null,
    hasLines: lines.length > 0 && !part?.hidesLines,
    showsFinish: !part?.hidesFinish,
    progress,
    closedUnits: progress.doneUnits + progress.shortUnits,
    progressText: progressText(progress, verb),
    lines: lines.map((line) => viewLine(line, verb)),
    canUndo,
    isFinished: outcomeOf(lines) !== undefined,
    openText: count(progress.units - progress.doneUnits - progress.shortUnits, 'unit'),
    finishText: progress.shortUnits > 0 ? `Finish with ${progress.shortUnits} missing` : 'Finish',
    scanActionId: newId(),
    undoActionId: newId(),
    finishActionId: newId(),
  };
}

function viewLine(line: TaskLineRow, verb: string): Record<string, unknown> {
  const open = openUnits(line);
  return {
    id: line.id,
    shelf: line.shelf,
    name: line.name,
    sku: line.sku,
    barcode: line.barcode,
    quantity: line.quantity,
    doneQuantity: line.doneQuantity,
    openQuantity: open,
    hasSeveralOpen: open > 1,
    state: open > 0 ? 'open' : line.shortQuantity > 0 ? 'short' : 'done',
    verb,
    shortText: line.shortReason ? `${line.shortQuantity} missing: ${SHORT_REASON_LABELS[line.shortReason]}` : null,
    note: line.note,
    reasons: SHORT_REASONS.map((value) => ({ value, label: SHORT_REASON_LABELS[value] })),
    oneActionId: newId(),
    allActionId: newId(),
    shortActionId: newId(),
  };
}

/** What has just been counted, so that nobody needs to look for the line. */
export function saidOfLine(task: TaskRow, line: TaskLineRow | undefined): Said | undefined {
  if (!line) return undefined;
  const { verb } = taskKinds[task.kind];
  const missing = line.shortQuantity > 0 ? `, ${line.shortQuantity} missing` : '';
  return { text: `${line.name}: ${line.doneQuantity} of ${line.quantity} ${verb}${missing}.`, isRefusal: false };
}

function progressText({ units, doneUnits, shortUnits }: ReturnType<typeof progressOf>, verb: string): string {
  const missing = shortUnits > 0 ? `, ${shortUnits} missing` : '';
  return `${doneUnits} of ${count(units, 'unit')} ${verb}${missing}`;
}

function count(units: number, word: string): string {
  return units === 1 ? `1 ${word}` : `${units} ${word}s`;
}

/** A task that is finished or cancelled shows no goods and no instructions. */
export function closedPage(task: TaskRow, store: Store): Record<string, unknown> {
  const { title } = taskKinds[task.kind];
  const sentences = {
    done: 'This task is finished. There is nothing more to do.',
    short: 'This task is finished with units missing. There is nothing more to do.',
    cancelled: 'This task was cancelled. Stop here; if you have picked something, a put-back task comes by mail.',
  };
  return {
    title,
    pageTitle: `${title} ${task.orderNumber}`,
    orderNumber: task.orderNumber,
    storeName: store.name,
    timezone: store.timezone,
    closedAt: task.closedAt,
    note: task.status === 'cancelled' ? task.note : null,
    sentence: taskConducts.of(task.kind).closed?.(task) ?? sentences[task.outcome ?? 'done'],
  };
}
