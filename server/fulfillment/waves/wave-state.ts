import { lockStates, type OrderHoldRow, type OrderState, openHoldsOf, openQuantity, readStates } from '../../orders';
import { authorise, type Permission } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { ConflictError, NotFoundError } from '../../platform/errors';
import { linesOf } from '../tasks/find-tasks';
import { STOPPED_BY } from '../tasks/stop-work';
import { isClosed } from '../tasks/task-moves';
import { type TaskLineRow, type TaskRow, tasks } from '../tasks/tasks.models';
import { readTasks } from '../rights';
import { countItem, type ItemCount, type Place } from './wave-rules';
import { waveLines, type WaveLineRow, waveOrders, type WaveOrderRow, type WaveRow, waves } from './waves.models';

/** One order of a wave with what counts its goods. */
export interface Slot {
  row: WaveOrderRow;
  task: TaskRow;
  taskLines: TaskLineRow[];
  order: OrderState;
  /** Why the order may not move on, if so. */
  hold: OrderHoldRow | undefined;
  stands: Place['stands'];
}

export interface WaveState {
  wave: WaveRow;
  slots: Slot[];
  lines: WaveLineRow[];
  /** Of all slots. */
  places: Place[];
}

/** What changes of a task when a wave adopts it or gives it back. */
// prettier-ignore
export const GIVEN_KEYS = [
  'assigneeId', 'assigneeEmail', 'assigneeName', 'assigneeRole', 'dueAt', 'overdueAt', 'escalatedAt', 'details',
  'linkNumber', 'version', 'updatedAt',
] as const satisfies readonly (keyof TaskRow)[];

/** Throws 404 WAVE_NOT_FOUND, 403 STORE_NOT_ALLOWED. */
export async function readWave(ctx: ReadContext, id: string): Promise<WaveState> {
  return stateOf(ctx, checked(ctx, readTasks, await ctx.get(waves, 'id = :id', { id })));
}

/** The wave and its tasks, ours until commit. Throws 404 WAVE_NOT_FOUND, 403 ROLE_NOT_ALLOWED or STORE_NOT_ALLOWED. */
export async function lockWave(ctx: CommandContext, id: string, right: Permission): Promise<WaveState> {
  const [row] = await ctx.lock(waves, 'id = :id', { id });
  const wave = checked(ctx, right, row);
  await ctx.lock(tasks, 'id IN (SELECT task_id FROM wave_orders WHERE wave_id = :id) ORDER BY id', { id });
  return stateOf(ctx, wave);
}

/** As `lockWave`; the orders before the wave and the wave before its tasks, so that no two commands wait for each other. */
export async function lockWithOrders(ctx: CommandContext, id: string, right: Permission): Promise<WaveState> {
  const rows = await ctx.find(waveOrders, 'wave_id = :id', { id });
  await lockStates(ctx, rows.map(({ orderId }) => orderId).sort());
  return lockWave(ctx, id, right);
}

/** Throws 409 WAVE_CLOSED. */
export function assertOpen({ number, status }: WaveRow): void {
  if (!isClosed(status)) return;
  throw new ConflictError('WAVE_CLOSED', `Wave ${number} is ${status} and cannot be changed. Start a new one.`, {
    facts: { status },
  });
}

function checked(ctx: ReadContext, right: Permission, wave: WaveRow | undefined): WaveRow {
  if (!wave) throw new NotFoundError('WAVE_NOT_FOUND', 'There is no such wave. GET /api/v1/waves lists them.');
  authorise(ctx.actor, right, wave.storeId);
  return wave;
}

async function stateOf(ctx: ReadContext, wave: WaveRow): Promise<WaveState> {
  const { id } = wave;
  const [rows, lines] = await Promise.all([
    ctx.find(waveOrders, 'wave_id = :id ORDER BY slot', { id }),
    ctx.find(waveLines, 'wave_id = :id ORDER BY position', { id }),
  ]);
  const taskIds = rows.map(({ taskId }) => taskId);
  const orderIds = rows.map(({ orderId }) => orderId);
  const [found, taskLines, orders, holds] = await Promise.all([
    ctx.find(tasks, 'id IN (:taskIds)', { taskIds }),
    linesOf(ctx, taskIds),
    readStates(ctx, orderIds),
    openHoldsOf(ctx, orderIds),
  ]);
  const slots = rows.flatMap((row) => {
    const task = found.find(({ id: taskId }) => taskId === row.taskId);
    const order = orders.find(({ order: one }) => one.id === row.orderId);
    if (!task || !order) return [];
    const own = taskLines.filter(({ taskId }) => taskId === row.taskId);
    const ofOrder = holds.filter(({ orderId }) => orderId === row.orderId);
    const hold = ofOrder.find(({ reason }) => reason === STOPPED_BY) ?? ofOrder[0];
    return [{ row, task, taskLines: own, order, hold, stands: standsOf(task, order, hold) }];
  });
  return { wave, slots, lines, places: slots.flatMap(placesOf) };
}

/** An order that was cancelled takes nothing from that moment on, also while its task is not ended yet. */
function standsOf({ status }: TaskRow, { order }: OrderState, hold: OrderHoldRow | undefined): Place['stands'] {
  if (status === 'cancelled') return 'gone';
  if (isClosed(status)) return 'closed';
  if (order.status !== 'processing') return 'gone';
  return hold?.reason === STOPPED_BY ? 'resting' : 'live';
}

function placesOf({ row, taskLines, order, stands }: Slot): Place[] {
  return taskLines.map((line) => ({
    slot: row.slot,
    taskId: row.taskId,
    lineId: line.id,
    productId: line.productId,
    stands,
    quantity: Math.min(line.quantity - line.shortQuantity, unitsWanted(order, line.lineId)),
    sorted: line.doneQuantity,
  }));
}

/** A part of the order may have been cancelled, or wait for goods, since the task was opened. */
function unitsWanted({ lines }: OrderState, lineId: string): number {
  const line = lines.find(({ id }) => id === lineId);
  return line ? Math.max(0, openQuantity(line) - line.backorderedQuantity - line.preparedQuantity) : 0;
}

export function placesFor({ places }: WaveState, { productId }: WaveLineRow): Place[] {
  return places.filter((place) => place.productId === productId);
}

export function countOf(state: WaveState, line: WaveLineRow): ItemCount {
  return countItem(placesFor(state, line), line);
}
