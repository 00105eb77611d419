import { newId } from '../../platform/ids';
import { type ListedPhoto, PHOTOS_MAX } from '../photos/photos.service';
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
  /** Why the work should rest. */
  stops: readonly string[];
  photos: readonly ListedPhoto[];
  canUndo: boolean;
  isLate: boolean;
}

/** Everything the page shows of a task that is open. Each form gets an id of its own, so that a double click counts once. */
export function workPage(page: WorkPage): Record<string, unknown> {
  const { task, lines, store, action, part, said, stops, photos, canUndo, isLate } = page;
  const { title, verb, actsAs } = taskKinds[task.kind];
  const progress = progressOf(lines);
  const closedCount = lines.filter((line) => openUnits(line) === 0).length;
  const viewed = lines.map((line) => viewLine(line, { verb, photos: photosOfLine(photos, line.id, action) }));
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
    stops,
    part: part ? { style: null, script: null, ...part, action } : null,
    hasLines: lines.length > 0 && !part?.hidesLines,
    showsFinish: !part?.hidesFinish,
    progress,
    closedUnits: progress.doneUnits + progress.shortUnits,
    progressText: progressText(progress, verb),
    // What is next stands on top; what is finished moves out of the way.
    openLines: viewed.filter(({ state }) => state === 'open'),
    closedLines: viewed.filter(({ state }) => state !== 'open'),
    closedText: `Done: ${closedCount} of ${count(lines.length, 'line')}`,
    photos: photosOfLine(photos, null, action),
    // Who decides looks at the photos of others.
    showsPhotos: photos.length > 0 || actsAs !== 'store_manager',
    takesPhotos: photos.length < PHOTOS_MAX,
    canUndo,
    isFinished: outcomeOf(lines) !== undefined,
    openText: count(progress.units - progress.doneUnits - progress.shortUnits, 'unit'),
    finishText: progress.shortUnits > 0 ? `Finish with ${progress.shortUnits} missing` : 'Finish',
    scanActionId: newId(),
    undoActionId: newId(),
    finishActionId: newId(),
    photoActionId: newId(),
  };
}

interface ViewedPhoto {
  url: string;
  alt: string;
}

function photosOfLine(photos: readonly ListedPhoto[], lineId: string | null, action: string): ViewedPhoto[] {
  return photos
    .filter((photo) => photo.lineId === lineId)
    .map(({ id, note }, n) => ({ url: `${action}/photos/${id}`, alt: note ?? `Photo ${n + 1}` }));
}

function viewLine(line: TaskLineRow, { verb, photos }: { verb: string; photos: ViewedPhoto[] }) {
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
    photos,
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
    cancelled:
      taskKinds[task.kind].onDone === 'prepared'
        ? 'This task was cancelled. Stop here; if you have picked something, a put-back task comes by mail.'
        : 'This task was cancelled. There is nothing more to do.',
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
