import type { ReadContext } from '../../platform/context';

/** Where a line's units are promised from, in the order in which they are dispatched. */
export interface Place {
  locationId: string;
  reserved: number;
}

/** Units of one order line that the record has on a shelf and that somebody holds; below 0, lie there unrecorded. */
export interface HeldLine {
  productId: string;
  units: number;
  places: readonly Place[];
}

/** What a line of a putting back that is under way says of the shelf. */
export interface PutBackLine {
  quantity: number;
  setAsideQuantity: number;
  doneQuantity: number;
}

/** Identifies a product at a location. */
export function shelfKey({ productId, locationId }: { productId: string; locationId: string }): string {
  return `${productId}@${locationId}`;
}

/**
 * Units in somebody's hand by product and location. Each line's are taken from the places that promise them, first to
 * last; what was picked and is promised no longer still lies in no shelf, and counts at the first.
 */
export function unitsInHand(lines: readonly HeldLine[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { productId, units, places } of lines) {
    const [first] = places;
    if (!first || units === 0) continue;
    let left = units;
    const add = (locationId: string, held: number): void => {
      const key = shelfKey({ productId, locationId });
      sums.set(key, (sums.get(key) ?? 0) + held);
      left -= held;
    };
    for (const { locationId, reserved } of places) if (left > 0) add(locationId, Math.min(left, reserved));
    if (left !== 0) add(first.locationId, left);
  }
  return sums;
}

/**
 * Of goods on their way back: those that stock never set aside are on hand by the record until they lie there; those
 * it set aside lie there, once put back, before the record says so.
 */
export function heldByPutBack({ quantity, setAsideQuantity, doneQuantity }: PutBackLine): number {
  const setAsideDone = Math.min(doneQuantity, setAsideQuantity);
  return quantity - setAsideQuantity - (doneQuantity - setAsideDone) - setAsideDone;
}

/** Reads what is in hand of these products now, over all orders; in one command with locked levels it stays true. */
export async function readUnitsInHand(ctx: ReadContext, productIds: readonly string[]): Promise<Map<string, number>> {
  if (productIds.length === 0) return new Map();
  const prepared = await ctx.select<PreparedRow>(PREPARED, { productIds });
  const working = await ctx.select<WorkingRow>(WORKING, { productIds });
  const waving = await ctx.select<WavingRow>(WAVING, { productIds });
  const trolleys = waving.map(({ productId, locationId, collectedQuantity, inSlots }) => {
    return {
      productId,
      units: Math.max(0, collectedQuantity - Number(inSlots)),
      places: [{ locationId, reserved: 0 }],
    };
  });
  return unitsInHand([...byLine(prepared, preparedUnits), ...byLine(working, workingUnits), ...trolleys]);
}

/** Units of each order line that are picked and not sent, or being picked, at one place, by the line's id. */
export async function unitsHeldAt(
  ctx: ReadContext,
  { productId, locationId }: { productId: string; locationId: string },
): Promise<Map<string, number>> {
  const productIds = [productId];
  const prepared = await ctx.select<PreparedRow>(PREPARED, { productIds });
  const working = await ctx.select<WorkingRow>(WORKING, { productIds });
  const picking = working.filter(({ kind }) => kind === 'picking');
  const held = new Map<string, number>();
  for (const line of [...byLine(prepared, preparedUnits), ...byLine(picking, workingUnits)]) {
    const here = unitsInHand([line]).get(shelfKey({ productId, locationId })) ?? 0;
    if (here > 0) held.set(line.lineId, (held.get(line.lineId) ?? 0) + here);
  }
  const waving = await ctx.select<WavingRow>(WAVING, { productIds });
  const here = waving.filter((trolley) => trolley.locationId === locationId);
  for (const [lineId, units] of unitsOnTrolleys(here, here.length > 0 ? await ctx.select(ROOMS, { productIds }) : [])) {
    held.set(lineId, (held.get(lineId) ?? 0) + units);
  }
  return held;
}

/** Whose units lie unsorted on the trolleys: what a wave has is for its slots with room, the first first, as it sorts. */
export function unitsOnTrolleys(
  trolleys: readonly Pick<WavingRow, 'waveId' | 'collectedQuantity' | 'inSlots'>[],
  rooms: readonly RoomRow[],
): Map<string, number> {
  const held = new Map<string, number>();
  for (const { waveId, collectedQuantity, inSlots } of trolleys) {
    let left = Math.max(0, collectedQuantity - Number(inSlots));
    for (const { lineId, room } of rooms.filter((one) => one.waveId === waveId)) {
      const units = Math.min(left, Math.max(0, Number(room)));
      if (units > 0) held.set(lineId, (held.get(lineId) ?? 0) + units);
      left -= units;
    }
  }
  return held;
}

interface LineRow extends Place {
  /** The order's line, or that of a task. */
  id: string;
  /** The order's. */
  lineId: string;
  productId: string;
}

interface PreparedRow extends LineRow {
  dispatched: number;
  preparedQuantity: number;
  shippedQuantity: number;
  deliveredQuantity: number;
  returnedQuantity: number;
}

interface WorkingRow extends LineRow, PutBackLine {
  kind: 'picking' | 'put_back';
}

interface WavingRow {
  waveId: string;
  productId: string;
  locationId: string;
  collectedQuantity: number;
  /** Sorted to an order, whose task counts them from then on. */
  inSlots: number;
}

/** A line of a wave's order that is still to be sorted, and how many units it takes. */
interface RoomRow {
  waveId: string;
  /** The order's. */
  lineId: string;
  room: number;
}

const PREPARED = `SELECT l.id, l.id AS line_id, l.product_id, r.location_id, r.reserved, r.dispatched, l.prepared_quantity,
    l.shipped_quantity, l.delivered_quantity, l.returned_quantity
  FROM reservations r JOIN order_lines l ON l.id = r.line_id
  WHERE r.product_id IN (:productIds) AND r.open_units > 0 AND r.source_type = 'order'
    AND l.prepared_quantity > l.shipped_quantity
  ORDER BY r.id`;

const WORKING = `SELECT tl.id, tl.line_id, tl.product_id, t.kind, tl.quantity, tl.set_aside_quantity, tl.done_quantity,
    r.location_id, r.reserved
  FROM tasks t JOIN task_lines tl ON tl.task_id = t.id
  JOIN reservations r ON r.source_type = 'order' AND r.source_id = t.order_id AND r.line_id = tl.line_id
  WHERE t.open_marker = 1 AND t.kind IN ('picking', 'put_back') AND tl.product_id IN (:productIds)
  ORDER BY r.id`;

const WAVING = `SELECT wl.wave_id, wl.product_id, wl.collected_quantity,
    (SELECT MIN(id) FROM locations WHERE store_id = w.store_id) AS location_id,
    (SELECT COALESCE(SUM(tl.done_quantity), 0) FROM wave_orders wo JOIN task_lines tl ON tl.task_id = wo.task_id
      WHERE wo.wave_id = wl.wave_id AND tl.product_id = wl.product_id) AS in_slots
  FROM waves w JOIN wave_lines wl ON wl.wave_id = w.id
  WHERE w.open_marker = 1 AND wl.product_id IN (:productIds)`;

const ROOMS = `SELECT wo.wave_id, tl.line_id, tl.quantity - tl.short_quantity - tl.done_quantity AS room
  FROM waves w JOIN wave_orders wo ON wo.wave_id = w.id
  JOIN tasks t ON t.id = wo.task_id JOIN task_lines tl ON tl.task_id = t.id
  WHERE w.open_marker = 1 AND t.open_marker = 1 AND tl.product_id IN (:productIds)
  ORDER BY w.id, wo.slot, tl.position`;

function byLine<Row extends LineRow>(
  rows: readonly Row[],
  unitsOf: (rows: readonly Row[]) => number,
): (HeldLine & { lineId: string })[] {
  const lines = new Map<string, Row[]>();
  for (const row of rows) lines.set(row.id, [...(lines.get(row.id) ?? []), row]);
  return [...lines.values()].map((places) => ({
    productId: (places[0] as Row).productId,
    lineId: (places[0] as Row).lineId,
    units: unitsOf(places),
    places,
  }));
}

/** Prepared, and neither shipped nor taken off the shelf for it. */
function preparedUnits(rows: readonly PreparedRow[]): number {
  const line = rows[0] as PreparedRow;
  const undelivered = Math.max(0, line.shippedQuantity - line.deliveredQuantity - line.returnedQuantity);
  const dispatched = rows.reduce((sum, row) => sum + row.dispatched, 0);
  return line.preparedQuantity - line.shippedQuantity - Math.max(0, dispatched - undelivered);
}

/** What a picking that is under way has counted is no longer on its shelf. */
function workingUnits(rows: readonly WorkingRow[]): number {
  const line = rows[0] as WorkingRow;
  return line.kind === 'picking' ? line.doneQuantity : heldByPutBack(line);
}
