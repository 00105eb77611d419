import { mayUse } from '../../platform/auth/permissions';
import type { ReadContext } from '../../platform/context';
import { page, readCursor } from '../../platform/http/paging';
import { workOnTasks } from '../rights';
import type { WaveUrls } from './wave-links';
import type { ItemCount } from './wave-rules';
import { countOf, type Slot, type WaveState } from './wave-state';
import { type WaveActionRow, type WaveLineRow, type WaveRow, waves } from './waves.models';
import type { WaveQuery } from './waves.schema';

export type SlotStatus = 'open' | 'held' | 'done' | 'short' | 'cancelled';

/** What the API answers for a wave. The link opens the page without log-in, so only those who may do the work see it. */
export function viewWave(state: WaveState, ctx: ReadContext, urls: WaveUrls) {
  return {
    ...viewHead(state.wave, ctx, urls),
    progress: waveProgress(state),
    orders: state.slots.map((slot) => viewSlot(state, slot)),
    lines: state.lines.map((line) => viewLine(line, countOf(state, line))),
    leftOut: state.wave.leftOut,
  };
}

function viewHead(wave: WaveRow, ctx: ReadContext, urls: WaveUrls) {
  const {
    openMarker: _open,
    linkNumber: _link,
    eventId: _event,
    workflowId: _workflow,
    executionId: _run,
    leftOut: _leftOut,
    escalatedAt: _escalated,
    ...rest
  } = wave;
  return { ...rest, ...(mayUse(ctx.actor, workOnTasks) ? { url: urls.urlOf(wave) } : {}) };
}

export function viewSlot({ places }: WaveState, { row, task, taskLines, hold, stands }: Slot) {
  const own = places.filter(({ taskId }) => taskId === row.taskId);
  const shortUnits = taskLines.reduce((total, { shortQuantity }) => total + shortQuantity, 0);
  const isOpen = stands === 'live' || stands === 'resting';
  const status: SlotStatus =
    stands === 'gone' ? 'cancelled' : isOpen ? (hold ? 'held' : 'open') : task.outcome === 'short' ? 'short' : 'done'; // prettier-ignore
  return {
    orderId: row.orderId,
    number: row.orderNumber,
    slot: row.slot,
    taskId: row.taskId,
    adopted: row.adopted,
    awaited: row.awaited,
    status,
    heldFor: isOpen && hold ? hold.reason : null,
    instructions: task.instructions,
    units: own.reduce((total, { quantity, sorted }) => total + (isOpen ? quantity : sorted), 0),
    sortedUnits: own.reduce((total, { sorted }) => total + sorted, 0),
    shortUnits,
  };
}

export function viewLine(line: WaveLineRow, count: ItemCount) {
  const { id, productId, sku, name, shelf, barcode, shortReason, note } = line;
  return {
    id,
    productId,
    sku,
    name,
    shelf,
    barcode,
    quantity: count.needed,
    collectedQuantity: count.collected,
    sortedQuantity: count.sorted,
    shortQuantity: count.short,
    toCollect: count.toCollect,
    inHand: count.inHand,
    toPutBack: count.toPutBack,
    shortReason: count.short > 0 ? shortReason : null,
    note,
  };
}

/** How far the whole wave is; half of the work is collecting, half is sorting. */
export function waveProgress(state: WaveState) {
  const counts = state.lines.map((line) => countOf(state, line));
  const sum = (units: (count: ItemCount) => number): number => counts.reduce((total, one) => total + units(one), 0);
  const units = sum(({ needed }) => needed);
  const shortUnits = sum(({ short }) => short);
  const collectedUnits = sum(({ collected }) => collected);
  const sortedUnits = sum(({ sorted }) => sorted);
  const done = collectedUnits + sortedUnits + 2 * shortUnits;
  return {
    orders: state.slots.length,
    units,
    collectedUnits,
    sortedUnits,
    shortUnits,
    unitsToPutBack: sum(({ toPutBack }) => toPutBack),
    percent: units === 0 ? 0 : Math.floor((100 * done) / (2 * units)),
  };
}

/** What one action did, for who scans by program: the slot stands in `placed`. */
export function viewAct(state: WaveState, action: WaveActionRow | undefined) {
  const line = state.lines.find(({ id }) => id === action?.waveLineId);
  return {
    action: action
      ? {
          kind: action.kind,
          lineId: action.waveLineId,
          collectedChange: action.collectedChange,
          shortChange: action.shortChange,
          placed: action.placed.map(({ slot, orderNumber, units }) => ({ slot, orderNumber, units })),
        }
      : null,
    line: line ? viewLine(line, countOf(state, line)) : null,
    wave: { id: state.wave.id, status: state.wave.status, progress: waveProgress(state) },
  };
}

/** Newest first. */
export async function listWaves(ctx: ReadContext, urls: WaveUrls, filter: WaveQuery) {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('store_id IN (:storeIds)');
  if (filter.status) conditions.push('status = :status');
  if (filter.after) conditions.push('id < :after');
  const rows = await ctx.find(waves, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  const { items, nextCursor } = page(rows, filter.limit, (row) => [row.id]);
  const counts = await orderCounts(
    ctx,
    items.map(({ id }) => id),
  );
  return {
    items: items.map((wave) => ({ ...viewHead(wave, ctx, urls), orderCount: counts.get(wave.id) ?? 0 })),
    nextCursor,
  };
}

async function orderCounts(ctx: ReadContext, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.select<{ waveId: string; orders: number }>(
    'SELECT wave_id, COUNT(*) AS orders FROM wave_orders WHERE wave_id IN (:ids) GROUP BY wave_id',
    { ids },
  );
  return new Map(rows.map(({ waveId, orders }) => [waveId, Number(orders)]));
}
