import type { CommandContext, ReadContext } from '../../platform/context';
import { updateRows } from '../../platform/database/update-rows';
import { workOnTasks } from '../rights';
import { assertOpen, lockWave, type WaveState } from './wave-state';
import { type WaveActionRow, waveActions, waveLines, type WaveLineRow, waves } from './waves.models';

export type NewWaveAction = Pick<WaveActionRow, 'kind'> &
  Partial<Omit<WaveActionRow, 'id' | 'waveId' | 'actorName' | 'at' | 'clientActionId'>> & { clientActionId?: string };

/** Appends what was done and brings the line and the wave up to it; the first action starts the wave. */
export async function recordWaveAction(
  ctx: CommandContext,
  state: WaveState,
  action: NewWaveAction,
  changed?: WaveLineRow,
): Promise<WaveActionRow> {
  const row = rowOf(ctx, state, action, changed);
  await recordRows(ctx, state, [row], changed ? [changed] : []);
  return row;
}

/** As `recordWaveAction`, one action for each of several products. */
export async function recordWaveActions(
  ctx: CommandContext,
  state: WaveState,
  actions: readonly { action: NewWaveAction; changed: WaveLineRow }[],
): Promise<WaveActionRow[]> {
  const rows = actions.map(({ action, changed }) => rowOf(ctx, state, action, changed));
  const lines = actions.map(({ changed }) => changed);
  await recordRows(ctx, state, rows, lines);
  return rows;
}

function rowOf(
  ctx: CommandContext,
  { wave }: WaveState,
  action: NewWaveAction,
  changed: WaveLineRow | undefined,
): WaveActionRow {
  return {
    code: null,
    waveLineId: changed?.id ?? null,
    collectedChange: 0,
    shortChange: 0,
    shortReason: null,
    placed: [],
    undoesId: null,
    note: null,
    ...action,
    clientActionId: action.clientActionId ?? null,
    id: ctx.newId(),
    waveId: wave.id,
    actorName: ctx.actor.name,
    at: ctx.now,
  };
}

async function recordRows(
  ctx: CommandContext,
  { wave }: WaveState,
  rows: readonly WaveActionRow[],
  lines: readonly WaveLineRow[],
): Promise<void> {
  ctx.insert(waveActions, rows);
  updateRows(ctx, waveLines, lines, { keys: ['collectedQuantity', 'shortQuantity', 'shortReason', 'note'] });
  const set = { status: 'in_progress' as const, version: wave.version + 1, updatedAt: ctx.now };
  await ctx.update(waves, set, 'id = :id', { id: wave.id });
}

/** The wave, ours; what was made before is answered first, since the wave may have ended. Throws 409 WAVE_CLOSED. */
export async function lockForAction(
  ctx: CommandContext,
  id: string,
  clientActionId: string | undefined,
): Promise<{ state: WaveState; made?: WaveActionRow }> {
  const state = await lockWave(ctx, id, workOnTasks);
  const made = await waveActionMade(ctx, id, clientActionId);
  if (!made) assertOpen(state.wave);
  return { state, made };
}

/** What this action id did before; a page sends one action twice when its button is pressed twice. */
export async function waveActionMade(
  ctx: ReadContext,
  waveId: string,
  clientActionId: string | undefined,
): Promise<WaveActionRow | undefined> {
  if (!clientActionId) return undefined;
  const where = 'wave_id = :waveId AND client_action_id = :clientActionId';
  return ctx.get(waveActions, where, { waveId, clientActionId });
}

/** Actions that still count and that somebody may take back, in the order they were made. */
export async function standingActions(ctx: ReadContext, { wave, slots }: WaveState): Promise<WaveActionRow[]> {
  const actions = await ctx.find(waveActions, 'wave_id = :id ORDER BY id', { id: wave.id });
  const undone = new Set(actions.map(({ undoesId }) => undoesId));
  const isFree = ({ task, stands }: WaveState['slots'][number]): boolean =>
    task.openMarker === 1 && stands !== 'resting';
  const open = new Set(slots.filter(isFree).map(({ task }) => task.id));
  return actions.filter(({ id, kind, placed }) => {
    if (kind === 'undo' || kind === 'finish' || undone.has(id)) return false;
    // What lies in the slot of an order that was cancelled is the put-back task's; while that is decided, it stays.
    return placed.every(({ taskId }) => open.has(taskId));
  });
}
