import type { TaskOutcome } from './task-moves';

export const SHORT_REASONS = ['not_found', 'damaged', 'expired', 'wrong_item', 'other'] as const;
export type ShortReason = (typeof SHORT_REASONS)[number];

/** How far one line is, in units; `doneQuantity + shortQuantity` never exceeds `quantity`. */
export interface LineProgress {
  id: string;
  quantity: number;
  doneQuantity: number;
  shortQuantity: number;
  shortReason: ShortReason | null;
  note: string | null;
}

/** What one action did to one line. A line's counters are the sums of these. */
export interface LineChange {
  lineId: string;
  doneChange: number;
  shortChange: number;
  shortReason: ShortReason | null;
  note: string | null;
  /** Of packing: the package that took the units, or that gave them back. */
  packageId?: string;
}

export type ActionKind = 'scan' | 'tick' | 'short' | 'undo' | 'finish' | 'package';

export interface RecordedAction {
  id: string;
  kind: ActionKind;
  changes: LineChange[];
  /** The action this one takes back. */
  undoesId: string | null;
}

/** Units nobody has found or given up on yet. */
export function openUnits(line: LineProgress): number {
  return line.quantity - line.doneQuantity - line.shortQuantity;
}

export interface TaskProgress {
  units: number;
  doneUnits: number;
  shortUnits: number;
  /** Done or short, of all units; a task without lines is at 0 until it is finished. */
  percent: number;
}

export function progressOf(lines: readonly LineProgress[]): TaskProgress {
  const sum = (read: (line: LineProgress) => number): number => lines.reduce((total, line) => total + read(line), 0);
  const units = sum((line) => line.quantity);
  const doneUnits = sum((line) => line.doneQuantity);
  const shortUnits = sum((line) => line.shortQuantity);
  return {
    units,
    doneUnits,
    shortUnits,
    percent: units === 0 ? 0 : Math.floor((100 * (doneUnits + shortUnits)) / units),
  };
}

/** How the task would end now; undefined while units are open. */
export function outcomeOf(lines: readonly LineProgress[]): Exclude<TaskOutcome, 'cancelled'> | undefined {
  if (lines.some((line) => openUnits(line) > 0)) return undefined;
  return lines.some((line) => line.shortQuantity > 0) ? 'short' : 'done';
}

/**
 * Counts `quantity` units as found. A unit that was given up on and turns up after all is no longer short.
 * Answers undefined when that would be more than the line asks for.
 */
export function foundChange(line: LineProgress, quantity: number): LineChange | undefined {
  if (line.doneQuantity + quantity > line.quantity) return undefined;
  const turnedUp = Math.max(0, quantity - openUnits(line));
  return { lineId: line.id, doneChange: quantity, shortChange: -turnedUp || 0, shortReason: null, note: null };
}

/** Gives up on every unit of the line that is still open, for this reason. */
export function shortChange(line: LineProgress, shortReason: ShortReason, note: string | null): LineChange {
  return { lineId: line.id, doneChange: 0, shortChange: openUnits(line), shortReason, note };
}

/** Sets a line to `doneQuantity`; with a reason the rest is short, without one it stays open. */
export function setChange(
  line: LineProgress,
  wanted: { doneQuantity: number; shortReason?: ShortReason; note?: string },
): LineChange {
  const rest = line.quantity - wanted.doneQuantity;
  return {
    lineId: line.id,
    doneChange: wanted.doneQuantity - line.doneQuantity,
    shortChange: (wanted.shortReason ? rest : 0) - line.shortQuantity,
    shortReason: rest > 0 ? (wanted.shortReason ?? null) : null,
    note: wanted.note ?? null,
  };
}

/** Whether recording it would change anything. */
export function changesSomething(line: LineProgress, change: LineChange): boolean {
  if (change.doneChange !== 0 || change.shortChange !== 0) return true;
  const reasonDiffers = change.shortReason !== null && change.shortReason !== line.shortReason;
  return reasonDiffers || (change.note !== null && change.note !== line.note);
}

export function afterChange<Line extends LineProgress>(line: Line, change: LineChange): Line {
  const shortQuantity = line.shortQuantity + change.shortChange;
  return {
    ...line,
    doneQuantity: line.doneQuantity + change.doneChange,
    shortQuantity,
    shortReason: shortQuantity > 0 ? (change.shortReason ?? line.shortReason) : null,
    note: change.note ?? line.note,
  };
}

/** The action that "undo" would take back: the last one that changed lines and still counts. */
export function lastStanding<Action extends RecordedAction>(actions: readonly Action[]): Action | undefined {
  return standing(actions).at(-1);
}

/** What a line comes to when its actions are counted again from nothing. `actions` in the order they were made. */
export function recount<Line extends LineProgress>(line: Line, actions: readonly RecordedAction[]): Line {
  const nothing: Line = { ...line, doneQuantity: 0, shortQuantity: 0, shortReason: null, note: null };
  return standing(actions)
    .flatMap((action) => action.changes)
    .filter((change) => change.lineId === line.id)
    .reduce((before, change) => afterChange(before, change), nothing);
}

function standing<Action extends RecordedAction>(actions: readonly Action[]): Action[] {
  const undone = new Set(actions.map((action) => action.undoesId));
  return actions.filter((action) => action.changes.length > 0 && action.kind !== 'undo' && !undone.has(action.id));
}
