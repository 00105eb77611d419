import { isFinal } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import { ConflictError } from '../../platform/errors';
import { cancelTasks, workOnTasks } from '../rights';
import { announceTask } from '../tasks/announce';
import { completePickings, type Picked } from '../tasks/complete-pickings';
import { STOPPED_BY } from '../tasks/stop-work';
import type { TaskUrls } from '../tasks/task-links';
import { moveTask, type TaskOutcome } from '../tasks/task-moves';
import { taskLines, type TaskLineRow, type TaskRow, tasks } from '../tasks/tasks.models';
import { place } from './sort-wave';
import { recordWaveAction, waveActionMade } from './wave-actions';
import { allot } from './wave-rules';
import {
  assertOpen,
  countOf,
  GIVEN_KEYS,
  lockWithOrders,
  placesFor,
  readWave,
  type Slot,
  type WaveState,
} from './wave-state';
import { type BeforeWave, waveOrders, type WaveRow, waves } from './waves.models';
import type { FinishInput } from './waves.schema';

/**
 * Finishes a wave: each order's task is closed with what lies in its slot, done or short, and waiting runs go on. What
 * is missing is missing in the last slots. Throws 409 WAVE_LINES_OPEN, WAVE_NOT_SORTED, WAVE_PUT_BACK_OPEN (each with
 * its lines) or WAVE_CLOSED.
 */
export async function finishWave(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  { allDone, note, clientActionId }: FinishInput,
): Promise<{ state: WaveState; changed: boolean }> {
  const before = await lockWithOrders(ctx, id, workOnTasks);
  if (before.wave.status === 'done') return { state: before, changed: false };
  assertOpen(before.wave);
  if (await waveActionMade(ctx, id, clientActionId)) return { state: before, changed: false };
  if (allDone) await placeTheRest(ctx, before);
  const state = allDone ? await readWave(ctx, id) : before;
  if (!allDone) assertSorted(state);
  await recordWaveAction(ctx, state, { kind: 'finish', note: note ?? null, clientActionId });
  const outcomes: (TaskOutcome | null)[] = [];
  const closing: Slot[] = [];
  const resting: Slot[] = [];
  for (const slot of state.slots) {
    if (slot.task.openMarker === null || isFinal(slot.order.order.status)) outcomes.push(slot.task.outcome);
    // Somebody decides whether the order is cancelled: its task waits for that, the others do not.
    else if (slot.hold?.reason === STOPPED_BY) resting.push(slot);
    else closing.push(slot);
  }
  await giveBack(ctx, urls, state, resting);
  outcomes.push(...(await closeSlots(ctx, urls, state, closing)));
  const outcome = outcomes.includes('short') ? 'short' : 'done';
  return { state: await close(ctx, state, { move: 'complete', outcome, note: note ?? null }), changed: true };
}

/** What was not given up on lies in its slot, says whoever finishes. */
async function placeTheRest(ctx: CommandContext, state: WaveState): Promise<void> {
  const placings = state.lines.map((line) => {
    const { inHand, toCollect } = countOf(state, line);
    return { line, allotments: allot(placesFor(state, line), inHand + toCollect) };
  });
  const some = placings.filter(({ allotments }) => allotments.length > 0);
  if (some.length > 0) await place(ctx, state, some);
}

function assertSorted(state: WaveState): void {
  const counted = state.lines.map((line) => ({ line, count: countOf(state, line) }));
  const list = (units: (count: ReturnType<typeof countOf>) => number) =>
    counted.flatMap(({ line: { id, sku, shelf }, count }) =>
      units(count) > 0 ? [{ id, sku, shelf, quantity: units(count) }] : [],
    );
  const refuse = (code: string, lines: ReturnType<typeof list>, words: [string, string]): void => {
    if (lines.length === 0) return;
    const names = lines.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', ');
    throw new ConflictError(code, `${words[0]}: ${names}. ${words[1]}`, { facts: { lines } });
  };
  refuse(
    'WAVE_LINES_OPEN',
    list(({ toCollect }) => toCollect),
    ['Not collected', 'Count them, or give a reason for what is missing.'],
  );
  refuse(
    'WAVE_NOT_SORTED',
    list(({ inHand }) => inHand),
    ['In no slot yet', 'Sort them to their orders.'],
  );
  refuse(
    'WAVE_PUT_BACK_OPEN',
    list(({ toPutBack }) => toPutBack),
    ['No longer needed', 'Put them back on their shelves and say so.'],
  );
}

async function closeSlots(
  ctx: CommandContext,
  urls: TaskUrls,
  state: WaveState,
  slots: readonly Slot[],
): Promise<(TaskOutcome | null)[]> {
  const wanted = slots.map((slot) => ({ slot, rows: wantedLines(state, slot) }));
  trim(
    ctx,
    wanted.flatMap(({ rows }) => rows),
  );
  const picked: Picked[] = wanted.map(({ slot: { task, order }, rows }) => {
    const lines = rows.filter(({ quantity }) => quantity > 0).map(({ row, quantity }) => ({ ...row, quantity }));
    return { order, state: { task, lines }, lines: lines.map((line) => endOf(line, state)) };
  });
  return (await completePickings(ctx, urls, picked)).map(({ task }) => task.outcome);
}

interface WantedLine {
  row: TaskLineRow;
  /** Never more than the task listed; 0 where nobody wants any of it. */
  quantity: number;
}

/** The task's lines as far as the order takes them. */
function wantedLines({ places }: WaveState, { taskLines: rows }: Slot): WantedLine[] {
  return rows.map((row) => {
    const place = places.find(({ lineId }) => lineId === row.id);
    const taken = place?.stands === 'live' ? place.quantity : 0;
    return { row, quantity: Math.min(row.quantity, Math.max(taken, row.doneQuantity) + row.shortQuantity) };
  });
}

/** What lies in its slot was found; what does not is missing for the reason that was given at the shelf. */
function endOf({ id, productId, doneQuantity, quantity, shortReason, note }: TaskLineRow, { lines }: WaveState) {
  if (doneQuantity === quantity) return { id, doneQuantity };
  const item = lines.find((line) => line.productId === productId);
  return {
    id,
    doneQuantity,
    shortReason: shortReason ?? item?.shortReason ?? ('other' as const),
    note: note ?? item?.note ?? undefined,
  };
}

/** Units cancelled on the order meanwhile are not missing: nobody wants them. */
function trim(ctx: CommandContext, wanted: readonly WantedLine[]): void {
  const less = wanted.filter(({ row, quantity }) => quantity > 0 && quantity < row.quantity);
  updateRows(
    ctx,
    taskLines,
    less.map(({ row, quantity }) => ({ ...row, quantity })),
    { keys: ['quantity'] },
  );
  const ids = wanted.filter(({ quantity }) => quantity === 0).map(({ row }) => row.id);
  if (ids.length > 0) ctx.executeLater('DELETE FROM task_lines WHERE id IN (:ids)', { ids });
}

/**
 * Ends a wave unfinished. The orders' tasks stay open as single ones: adopted ones that nobody touched go back to
 * whom they belonged to, the others stay with the wave's person; each is mailed, since work waits for it.
 */
export async function cancelWave(
  ctx: CommandContext,
  urls: TaskUrls,
  id: string,
  note: string | null,
): Promise<{ state: WaveState; changed: boolean }> {
  const state = await lockWithOrders(ctx, id, cancelTasks);
  if (state.wave.status === 'cancelled') return { state, changed: false };
  moveTask(state.wave.status, 'cancel');
  const open = state.slots.filter(({ task }) => task.openMarker === 1);
  await giveBack(ctx, urls, state, open);
  return { state: await close(ctx, state, { move: 'cancel', outcome: 'cancelled', note }), changed: true };
}

async function giveBack(
  ctx: CommandContext,
  urls: TaskUrls,
  { wave }: WaveState,
  slots: readonly Slot[],
): Promise<void> {
  const given = slots.map((slot) => ({ ...slot, task: givenBack(ctx, wave, slot) }));
  const rows = given.map(({ task }) => task);
  updateRows(ctx, tasks, rows, { keys: GIVEN_KEYS, where: 'open_marker = 1' });
  for (const { task, taskLines: lines, order, stands } of given) {
    // The task of an order that was cancelled is ended in a moment.
    if (stands !== 'gone') await announceTask(ctx, urls, { order: order.order, task, lines });
  }
}

function givenBack(ctx: CommandContext, wave: WaveRow, { row, task, taskLines: lines }: Slot): TaskRow {
  const isTouched = lines.some(({ doneQuantity, shortQuantity }) => doneQuantity + shortQuantity > 0);
  const { assigneeId, assigneeEmail, assigneeName, assigneeRole } = task;
  const holder: BeforeWave = { assigneeId, assigneeEmail, assigneeName, assigneeRole, dueAt: wave.dueAt };
  const before = row.beforeWave ?? holder;
  const { wave: _wave, ...details } = task.details ?? {};
  return {
    ...task,
    ...(isTouched ? holder : before),
    dueAt: before.dueAt,
    overdueAt: null,
    escalatedAt: null,
    details: Object.keys(details).length > 0 ? details : null,
    linkNumber: task.linkNumber + 1,
    version: task.version + 1,
    updatedAt: ctx.now,
  };
}

async function close(
  ctx: CommandContext,
  { wave }: WaveState,
  { move, outcome, note }: { move: 'complete' | 'cancel'; outcome: TaskOutcome; note: string | null },
): Promise<WaveState> {
  const status = moveTask(wave.status, move);
  const set = { status, outcome, openMarker: null, note, updatedAt: ctx.now, closedAt: ctx.now };
  await ctx.update(waves, { ...set, version: wave.version + 2 }, 'id = :id', { id: wave.id });
  await ctx.update(waveOrders, { openMarker: null }, 'wave_id = :id', { id: wave.id });
  ctx.audit({
    action: `wave.${move}`,
    subjectType: 'wave',
    subjectId: wave.id,
    storeId: wave.storeId,
    before: { status: wave.status },
    after: { status, outcome },
    note: note ?? undefined,
  });
  return readWave(ctx, wave.id);
}
