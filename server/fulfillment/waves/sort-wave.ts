import type { CommandContext } from '../../platform/context';
import { ConflictError, ValidationError } from '../../platform/errors';
import { actionsOf, recordActions } from '../tasks/record-action';
import { foundChange, type LineChange } from '../tasks/task-progress';
import { takeBack } from '../tasks/work-on-task';
import { lockForAction, recordWaveAction, recordWaveActions, standingActions } from './wave-actions';
import { type Allotment, allot, roomFor } from './wave-rules';
import { countOf, placesFor, type Slot, type WaveState } from './wave-state';
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
  const [placed] = await place(ctx, state, [{ line, allotments: allot(places, units), code, clientActionId }]);
  return placed;
}

/** Units of one product that go into slots. */
interface Placing {
  line: WaveLineRow;
  allotments: Allotment[];
  code?: string;
  clientActionId?: string;
}

/** Counts the units on the tasks of their slots, one action a task, and writes down where each product went. */
export async function place(
  ctx: CommandContext,
  state: WaveState,
  placings: readonly Placing[],
): Promise<WaveActionRow[]> {
  const actionIds = await countOnTasks(ctx, state, placings);
  return recordWaveActions(
    ctx,
    state,
    placings.map(({ line, allotments, code, clientActionId }) => {
      const units = allotments.reduce((total, one) => total + one.units, 0);
      const inSlots = placesFor(state, line).reduce((total, { sorted }) => total + sorted, 0);
      const collected = Math.max(takenFromShelf(state, line), inSlots + units);
      const collectedChange = collected - line.collectedQuantity;
      const placed = placedIn(state, allotments, actionIds);
      return {
        action: { kind: 'sort' as const, code: code ?? null, collectedChange, placed, clientActionId },
        changed: { ...line, collectedQuantity: collected },
      };
    }),
  );
}

/** Answers the id of each task's action. */
async function countOnTasks(
  ctx: CommandContext,
  { slots }: WaveState,
  placings: readonly Placing[],
): Promise<Map<string, string>> {
  const code = placings[0]?.code;
  const kind = code === undefined ? ('tick' as const) : ('scan' as const);
  const byTask = new Map<string, Allotment[]>();
  for (const allotment of placings.flatMap(({ allotments }) => allotments)) {
    byTask.set(allotment.place.taskId, [...(byTask.get(allotment.place.taskId) ?? []), allotment]);
  }
  const counted = [...byTask].map(([taskId, own]) => {
    const slot = slotOf(slots, taskId);
    const changes: LineChange[] = own.flatMap(({ place: { lineId }, units }) => {
      const line = slot.taskLines.find(({ id }) => id === lineId);
      return (line && foundChange(line, units)) ?? [];
    });
    return { state: { task: slot.task, lines: slot.taskLines }, action: { id: ctx.newId(), kind, changes, code } };
  });
  await recordActions(ctx, counted);
  return new Map(counted.map(({ state: { task }, action: { id } }) => [task.id, id]));
}

/** Where units of one product went, slot by slot. */
function placedIn(
  { slots }: WaveState,
  allotments: readonly Allotment[],
  actionIds: Map<string, string>,
): PlacedUnits[] {
  const placed = new Map<string, PlacedUnits>();
  for (const { place: one, units } of allotments) {
    const { slot, orderNumber } = slotOf(slots, one.taskId).row;
    const before = placed.get(one.taskId)?.units ?? 0;
    const actionId = actionIds.get(one.taskId) ?? '';
    placed.set(one.taskId, { taskId: one.taskId, actionId, slot, orderNumber, units: before + units });
  }
  return [...placed.values()];
}

function slotOf(slots: readonly Slot[], taskId: string): Slot {
  const slot = slots.find(({ task }) => task.id === taskId);
  if (!slot) throw new Error(`Task ${taskId} is in no slot of its wave`);
  return slot;
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
