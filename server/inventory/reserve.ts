import type { CommandContext, ReadContext } from '../platform/context';
import { ConflictError, type FieldError } from '../platform/errors';
import { type Allocation, allocateLines, type Shortage, type WantedLine } from './allocation';
import { type ReservationRow, reservations, type StockLevelRow } from './inventory.models';
import { lockLevels, StockChange, type StockSource } from './stock-change';

/** A line of a source as the door takes it. */
export type StockLine = WantedLine;

export interface ReserveOptions {
  /** When the promise lapses, unless it is kept first; see `expiredSources`. */
  expiresAt?: string;
  /** The source holds nothing yet, as when an order is placed: saves looking for what it holds. */
  isNew?: boolean;
  allowBackorder?: boolean;
}

export interface Reserved {
  lineId: string;
  reserved: number;
  backordered: number;
}

/**
 * Promises stock to the lines of a source: all of them or none. Lines with one SKU are counted together. A line that
 * holds something already gets more. Throws 409 STOCK_INSUFFICIENT with what is there of each SKU that is short.
 */
export async function reserve(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly StockLine[],
  options: ReserveOptions = {},
): Promise<Reserved[]> {
  const levels = await lockLevels(
    ctx,
    lines.map((line) => line.productId),
  );
  const wanted = options.allowBackorder ? lines.map((line) => ({ ...line, allowBackorder: true })) : lines;
  const { allocations, shortages } = allocateLines(wanted, levels);
  if (shortages.length > 0) throw insufficient(shortages);
  const held = options.isNew ? [] : await reservationsOf(ctx, source);
  const change = new StockChange(ctx, source, levels);
  for (const allocation of allocations) hold(ctx, change, allocation, held, options.expiresAt);
  await change.write();
  return lines.map(({ lineId }) => sumOfLine(lineId, allocations));
}

/** What the lines of a source hold, by location. */
export function reservationsOf(
  ctx: ReadContext,
  { sourceType, sourceId }: Pick<StockSource, 'sourceType' | 'sourceId'>,
): Promise<ReservationRow[]> {
  return ctx.find(reservations, 'source_type = :sourceType AND source_id = :sourceId ORDER BY id', {
    sourceType,
    sourceId,
  });
}

/** The refusal of a shortage, for those who check before they ask. */
export function insufficient(shortages: readonly Shortage[]): ConflictError {
  const errors = shortages.map(({ index, sku, requested, available }): FieldError => ({
    path: `lines[${index}]`,
    code: 'STOCK_INSUFFICIENT',
    sku,
    requested,
    available,
    message: `Only ${available} of ${sku} can be promised, ${requested} are asked for. Ask for fewer, or allow a backorder.`,
  }));
  const skus = [...new Set(shortages.map(({ sku }) => sku))].join(', ');
  return new ConflictError('STOCK_INSUFFICIENT', `There is not enough stock of ${skus}. Nothing was reserved.`, {
    errors,
  });
}

function hold(
  ctx: CommandContext,
  change: StockChange,
  { line, level, reserved, backordered }: Allocation<StockLevelRow>,
  held: readonly ReservationRow[],
  expiresAt: string | undefined,
): void {
  const { lineId, sku } = line;
  const quantity = reserved + backordered;
  change.move(level, { kind: 'reserve', quantity: reserved, lineId, sku });
  const there = held.find((row) => row.lineId === lineId && row.locationId === level.locationId);
  if (there) return change.shift(there, { quantity, reserved, backordered });
  newReservation(ctx, change.source, { line, level, reserved, backordered }, expiresAt);
}

/** Writes down what a line holds at a location where it held nothing. */
export function newReservation(
  ctx: CommandContext,
  { storeId, sourceType, sourceId, orderId }: StockSource,
  { line, level, reserved, backordered }: Allocation<StockLevelRow>,
  expiresAt?: string,
): void {
  const row: ReservationRow = {
    ...{ id: ctx.newId(), storeId, sourceType, sourceId, orderId: orderId ?? null },
    ...{ lineId: line.lineId, sku: line.sku },
    ...{ productId: level.productId, locationId: level.locationId },
    ...{ quantity: reserved + backordered, reserved, backordered },
    ...{ dispatched: 0, delivered: 0, released: 0, returned: 0, costMinor: 0, deliveredCostMinor: 0 },
    ...{ expiresAt: expiresAt ?? null, createdAt: ctx.now, updatedAt: ctx.now },
  };
  ctx.insert(reservations, row);
}

function sumOfLine(lineId: string, allocations: readonly Allocation<StockLevelRow>[]): Reserved {
  const own = allocations.filter(({ line }) => line.lineId === lineId);
  return {
    lineId,
    reserved: own.reduce((sum, { reserved }) => sum + reserved, 0),
    backordered: own.reduce((sum, { backordered }) => sum + backordered, 0),
  };
}
