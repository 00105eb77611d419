import type { CommandContext } from '../../platform/context';
import { ConflictError, ValidationError } from '../../platform/errors';
import { actionsOf, recordAction } from '../tasks/record-action';
import { foundChange, type LineChange } from '../tasks/task-progress';
import { takeBack } from '../tasks/work-on-task';
import { lockForAction, recordWaveAction, standingActions } from './wave-actions';
import { type Allotment, allot, roomFor } from './wave-rules';
import { countOf, placesFor, type WaveState } from './wave-state';
import type { PlacedUnits, WaveActionRow, WaveLineRow } from './waves.models';
import { type Handling, lineMeant, takenFromShelf, tooMany } from './work-on-wave';

export type Sorting = Handling & { /** Missing: the first slot that needs it. */ slot?: number };

/**
 * Puts units into the slots of the orders that need them and counts them on those orders' tasks; what was not counted
 * at the shelf is counted there with it. `all` means what is in hand. Throws 409 SCAN_UNKNOWN_CODE, SCAN_WRONG_ITEM,
 * SCAN_TOO_MANY, SLOT_CLOSED, ORDER_ON_HOLD or WAVE_CLOSED, 422 LINE_NOT_FOUND or SLOT_NOT_FOUND.
 */
export async function sort(ctx: CommandContext, id: string, sorting: Sorting): Promise<WaveActionRow | undefined> {
  const { state, made } = await lockForAction(ctx, id, sorting.clientActionId);
  if (made) return made;
  const line = await lineMeant(ctx, state, sorting);
  const { slot, quantity, clientActionId, code } = sorting;
  const places = placesFor(state, line).filter((place) => slot === undefined || place.slot === slot);
  if (slot !== undefined) assertSlot(state, slot);
  const count = countOf(state, line);
  const units = quantity === 'all' ? Math.min(count.inHand, roomFor(places)) : quantity;
  if (units > roomFor(places)) {
    throw tooMany(line, slot === undefined ? count.needed : 0, slot === undefined ? 'this wave' : `slot ${slot}`);
  }
  if (units === 0) return undefined;
  return place(ctx, state, line, { allotments: allot(places, units), code, clientActionId });
}

/** Counts the units on the tasks of their slots and writes down where each went. */
export async function place(
  ctx: CommandContext,
  state: WaveState,
  line: WaveLineRow,
  { allotments, code, clientActionId }: { allotments: Allotment[]; code?: string; clientActionId?: string },
): Promise<WaveActionRow> {
  const units = allotments.reduce((total, one) => total + one.units, 0);
  const taken = takenFromShelf(state, line);
  const inSlots = placesFor(state, line).reduce((total, { sorted }) => total + sorted, 0);
  const collectedChange = Math.max(taken, inSlots + units) - line.collectedQuantity;
  const changed = { ...line, collectedQuantity: line.collectedQuantity + collectedChange };
  const placed: PlacedUnits[] = [];
  for (const taskId of new Set(allotments.map((one) => one.place.taskId))) {
    placed.push(await countOnTask(ctx, state, taskId, { allotments, code }));
  }
  const action = { kind: 'sort' as const, code: code ?? null, collectedChange, placed, clientActionId };
  return recordWaveAction(ctx, state, action, changed);
}

async function countOnTask(
  ctx: CommandContext,
  { slots }: WaveState,
  taskId: string,
  { allotments, code }: { allotments: readonly Allotment[]; code?: string },
): Promise<PlacedUnits> {
  const slot = slots.find(({ task }) => task.id === taskId);
  if (!slot) throw new Error(`Task ${taskId} is in no slot of its wave`);
  const own = allotments.filter(({ place: { taskId: of } }) => of === taskId);
  const changes: LineChange[] = own.flatMap(({ place: { lineId }, units }) => {
    const line = slot.taskLines.find(({ id }) => id === lineId);
    return (line && foundChange(line, units)) ?? [];
  });
  const actionId = ctx.newId();
  const kind = code === undefined ? ('tick' as const) : ('scan' as const);
  const after = await recordAction(
    ctx,
    { task: slot.task, lines: slot.taskLines },
    { id: actionId, kind, changes, code },
  );
  // Several products may go into one slot within one command.
  slot.task = after.task;
  slot.taskLines = after.lines;
  const units = own.reduce((total, one) => total + one.units, 0);
  return { taskId, actionId, slot: slot.row.slot, orderNumber: slot.row.orderNumber, units };
}

function assertSlot({ slots }: WaveState, wanted: number): void {
  const slot = slots.find(({ row }) => row.slot === wanted);
  if (!slot) {
    const message = `This wave has the slots 1 to ${slots.length}.`;
    throw new ValidationError('SLOT_NOT_FOUND', message, {
      errors: [{ path: 'slot', code: 'SLOT_NOT_FOUND', message }],
    });
  }
  if (slot.stands === 'live') return;
  if (slot.stands === 'resting') {
    const message = `Slot ${wanted}: somebody asked to cancel order ${slot.row.orderNumber}. Leave it as it is until that is decided.`;
    throw new ConflictError('ORDER_ON_HOLD', message, { facts: { slot: wanted, orderId: slot.row.orderId } });
  }
  const what = slot.stands === 'gone' ? 'takes nothing any more' : 'is finished';
  throw new ConflictError('SLOT_CLOSED', `Slot ${wanted}: order ${slot.row.orderNumber} ${what}.`, {
    facts: { slot: wanted, orderId: slot.row.orderId },
  });
}

/** Takes back the last thing that was done and still can be. Throws 409 NOTHING_TO_UNDO or WAVE_CLOSED. */
export async function undoInWave(ctx: CommandContext, id: string, clientActionId?: string): Promise<WaveActionRow> {
  const { state, made } = await lockForAction(ctx, id, clientActionId);
  if (made) return made;
  const undone = (await standingActions(ctx, state)).at(-1);
  if (!undone) throw new ConflictError('NOTHING_TO_UNDO', 'Nothing has been done yet that could be taken back.');
  for (const { taskId, actionId } of undone.placed) {
    const slot = state.slots.find(({ task }) => task.id === taskId);
    const actions = await actionsOf(ctx, taskId);
    const counted = actions.find((action) => action.id === actionId);
    // Whoever worked on the task itself may have taken it back there.
    const isUndone = actions.some(({ undoesId }) => undoesId === actionId);
    if (!slot || !counted || isUndone) continue;
    await takeBack(ctx, { task: slot.task, lines: slot.taskLines }, { actions, undone: counted });
  }
  const line = state.lines.find(({ id: lineId }) => lineId === undone.waveLineId);
  const changed = line && {
    ...line,
    collectedQuantity: line.collectedQuantity - undone.collectedChange,
    shortQuantity: line.shortQuantity - undone.shortChange,
  };
  const { collectedChange, shortChange, placed } = undone;
  const action = {
    kind: 'undo' as const,
    collectedChange: -collectedChange,
    shortChange: -shortChange,
    placed: placed.map((one) => ({ ...one, units: -one.units })),
    undoesId: undone.id,
    clientActionId,
  };
  return recordWaveAction(ctx, state, action, changed);
}
