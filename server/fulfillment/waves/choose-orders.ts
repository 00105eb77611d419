import { lockStates, moveOrder, openHoldsOf, type OrderState, readState } from '../../orders';
import { resolveStore } from '../../people';
import type { CommandContext } from '../../platform/context';
import { NotFoundError, Refusal } from '../../platform/errors';
import { type Units, unitsLeft } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { type LeftOut, waveOrders } from './waves.models';
import type { WaveInput } from './waves.schema';

/** An order that comes into the wave: with its open task, or with units for a new one. */
export interface Chosen {
  state: OrderState;
  task: TaskRow | undefined;
  units: Units;
  round: number;
}

export interface Selection {
  storeId: string;
  chosen: Chosen[];
  leftOut: LeftOut[];
  /** Open waves that some of the orders are in. */
  waveIds: string[];
}

type Reason = Pick<LeftOut, 'code' | 'message'> & { taskId?: string };

interface Seen {
  state: OrderState;
  storeId: string;
  rounds: TaskRow[];
  isInWave: boolean;
  isHeld: boolean;
}

const NUMBER_PREFIX = 'number:';

/**
 * That the picking of an order can start now, and nobody has begun it; `:now` is a value of it. One that nobody works on
 * and that waits for goods is not free: a manager says first what becomes of it.
 */
export const IS_FREE = `EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = orders.id AND l.quantity
      - l.cancelled_quantity - l.substituted_quantity - l.backordered_quantity - l.prepared_quantity > 0)
    AND NOT (orders.status = 'confirmed' AND EXISTS (SELECT 1 FROM order_lines b WHERE b.order_id = orders.id
      AND b.backordered_quantity > 0))
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.order_id = orders.id AND t.kind = 'picking' AND t.open_marker = 1
      AND t.status = 'in_progress')
    AND NOT EXISTS (SELECT 1 FROM wave_orders w WHERE w.order_id = orders.id AND w.open_marker = 1)
    AND NOT EXISTS (SELECT 1 FROM order_holds h WHERE h.order_id = orders.id AND h.released_at IS NULL
      AND (h.expires_at IS NULL OR h.expires_at > :now))`;

/** The longest waiting first. */
const FREE_ORDERS = `SELECT orders.id FROM orders
  WHERE orders.store_id = :storeId AND orders.status IN (:statuses) AND ${IS_FREE}
  ORDER BY orders.placed_at, orders.id LIMIT :limit`;

/**
 * Which of the wanted orders come into a wave. Confirmed ones are processed by it; one that refuses is left out with
 * its reason. Throws 404 ORDER_NOT_FOUND, 403 STORE_NOT_ALLOWED.
 */
export async function chooseOrders(ctx: CommandContext, input: WaveInput, eventId: string | null): Promise<Selection> {
  const wanted = await wantedOrders(ctx, input);
  const storeId = input.storeId ?? wanted[0]?.order.storeId ?? (await resolveStore(ctx)).id;
  const ids = wanted.map(({ order }) => order.id);
  if (ids.length === 0) return { storeId, chosen: [], leftOut: [], waveIds: [] };
  const [rounds, inWaves, holds] = await Promise.all([
    ctx.lock(tasks, `order_id IN (:ids) AND kind = 'picking' ORDER BY order_id, round DESC`, { ids }),
    ctx.find(waveOrders, 'order_id IN (:ids) AND open_marker = 1', { ids }),
    openHoldsOf(ctx, ids),
  ]);
  const chosen: Chosen[] = [];
  const leftOut: LeftOut[] = [];
  for (const state of wanted) {
    const { id, number } = state.order;
    const seen: Seen = {
      state,
      storeId,
      rounds: rounds.filter(({ orderId }) => orderId === id),
      isInWave: inWaves.some(({ orderId }) => orderId === id),
      isHeld: holds.some(({ orderId }) => orderId === id),
    };
    const found = await choose(ctx, seen, input, eventId);
    if ('state' in found) chosen.push(found);
    else leftOut.push({ orderId: id, number, code: found.code, message: found.message, taskId: found.taskId ?? null });
  }
  return { storeId, chosen, leftOut, waveIds: [...new Set(inWaves.map(({ waveId }) => waveId))] };
}

/** In the order in which they were placed; ours until the command ends. */
async function wantedOrders(ctx: CommandContext, input: WaveInput): Promise<OrderState[]> {
  const ids = input.orderIds ? await idsOf(ctx, input.orderIds) : await freeOrders(ctx, input);
  const found = await lockStates(ctx, [...new Set(ids)].sort());
  const missing = ids.findIndex((id) => !found.some(({ order }) => order.id === id));
  if (missing >= 0) throw orderNotFound(String(ids[missing]), missing);
  return found.sort(({ order: a }, { order: b }) => a.placedAt.localeCompare(b.placedAt) || a.id.localeCompare(b.id));
}

function idsOf(ctx: CommandContext, names: readonly string[]): Promise<string[]> {
  return Promise.all(
    names.map(async (name, n) => {
      if (!name.startsWith(NUMBER_PREFIX)) return name;
      try {
        return (await readState(ctx, name)).order.id;
      } catch (error) {
        if (error instanceof NotFoundError) throw orderNotFound(name, n);
        throw error;
      }
    }),
  );
}

async function freeOrders(ctx: CommandContext, input: WaveInput): Promise<string[]> {
  const { status: statuses, limit } = input.filter;
  const { id: storeId } = await resolveStore(ctx, input.storeId);
  const rows = await ctx.select<{ id: string }>(FREE_ORDERS, { storeId, statuses, limit, now: ctx.now });
  return rows.map(({ id }) => id);
}

function orderNotFound(name: string, n: number): NotFoundError {
  const message = `There is no order "${name}". Use its id, or number: and its number, such as number:1001.`;
  return new NotFoundError('ORDER_NOT_FOUND', message, {
    errors: [{ path: `orderIds[${n}]`, code: 'ORDER_NOT_FOUND', message }],
  });
}

async function choose(
  ctx: CommandContext,
  seen: Seen,
  input: WaveInput,
  eventId: string | null,
): Promise<Chosen | Reason> {
  const { state, rounds } = seen;
  const open = rounds.find(({ openMarker }) => openMarker === 1);
  const against = reasonAgainst(seen, open, input);
  if (against) return against;
  const round = (rounds[0]?.round ?? 0) + 1;
  if (open) return { state, task: open, units: new Map(), round: open.round };
  const units = await unitsLeft(ctx, { kind: 'picking', orderId: state.order.id, lines: state.lines });
  if (units.size === 0) return nothingToPick(state, rounds[0], eventId);
  if (state.order.status === 'processing') return { state, task: undefined, units, round };
  try {
    const { state: moved } = await moveOrder(ctx, state.order.id, { move: 'process', event: eventId ?? undefined });
    return { state: moved, task: undefined, units, round };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, message: error.message };
  }
}

function reasonAgainst({ state: { order }, ...seen }: Seen, open: TaskRow | undefined, input: WaveInput) {
  const { number, status } = order;
  if (order.storeId !== seen.storeId) {
    return { code: 'ORDER_OF_ANOTHER_STORE', message: `Order ${number} is of another store. A wave is of one store.` };
  }
  if (seen.isInWave) {
    return { code: 'ORDER_IN_A_WAVE', message: `Order ${number} is in an open wave already.`, taskId: open?.id };
  }
  const isReady = status === 'processing' || (status === 'confirmed' && input.startsProcessing);
  if (!isReady) {
    const message = `Picking is done while an order is processing; order ${number} is ${status}. Move it first.`;
    return { code: 'ORDER_NOT_PROCESSING', message };
  }
  if (open?.status === 'in_progress') {
    const who = open.assigneeName ?? open.assigneeEmail ?? 'somebody';
    return { code: 'PICKING_UNDER_WAY', message: `${who} is picking order ${number}.`, taskId: open.id };
  }
  if (seen.isHeld) {
    return { code: 'ORDER_ON_HOLD', message: `Order ${number} is on hold. Release the hold first.`, taskId: open?.id };
  }
  return undefined;
}

/** A run that walks through what is done goes on with the task it had; another's is not its business. */
function nothingToPick({ order }: OrderState, last: TaskRow | undefined, eventId: string | null): Reason {
  const isOwn = last !== undefined && eventId !== null && last.eventId === eventId;
  const message = `Picking of order ${order.number} has nothing left to do.`;
  return { code: 'NOTHING_TO_PICK', message, taskId: isOwn ? last.id : undefined };
}
