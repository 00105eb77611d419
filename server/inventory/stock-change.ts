import type { CommandContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { changeCounters, type CounterChange } from './counters';
import {
  type ReservationRow,
  reservations,
  type StockLevelRow,
  stockLevels,
  type StockMovementRow,
  stockMovements,
} from './inventory.models';
import { availableOf, effectsOf, LEVEL_COUNTERS, type LevelEffects, type MovementKind } from './stock-movements';

/** On whose behalf stock moves: an order, a receipt, a count. */
export interface StockSource {
  storeId: string;
  sourceType: string;
  sourceId: string;
  orderId?: string;
  /** When it happened, if not now. */
  occurredAt?: string;
}

/** One movement to be made at a level. */
export interface Movement {
  kind: MovementKind;
  quantity: number;
  /** What the units cost in all; 0 for what is only promised. */
  costMinor?: number;
  sku?: string;
  lineId?: string;
  reason?: string;
  note?: string;
  reference?: string;
  /** Nobody found these units: promised to the next in line, they would be missed again. */
  isMissing?: boolean;
}

export type ReservationCounter =
  | 'quantity'
  | 'reserved'
  | 'backordered'
  | 'dispatched'
  | 'delivered'
  | 'released'
  | 'returned'
  | 'costMinor'
  | 'deliveredCostMinor';

/** The levels of these products at every location, ours until the commit; always locked in this one order. */
export function lockLevels(ctx: CommandContext, productIds: readonly string[]): Promise<StockLevelRow[]> {
  const ids = [...new Set(productIds)].sort();
  if (ids.length === 0) return Promise.resolve([]);
  return ctx.lock(stockLevels, 'product_id IN (:ids) ORDER BY product_id, location_id', { ids });
}

/**
 * Everything one command does to stock, gathered and then written with one statement for the levels and one for the
 * reservations. The only writer of both. Whoever changes a reservation holds the lock of its product's levels, so
 * nobody else does at the same time. The rows given are kept up to date, so that later movements see earlier ones.
 */
export class StockChange {
  private readonly levelChanges = new Map<StockLevelRow, LevelEffects>();
  private readonly reservationChanges = new Map<ReservationRow, Record<string, number>>();
  private readonly movements: StockMovementRow[] = [];
  /** Units by product that others may have from now on. */
  private readonly freed = new Map<string, number>();

  constructor(
    private readonly ctx: CommandContext,
    readonly source: StockSource,
    readonly levels: readonly StockLevelRow[],
  ) {}

  /** Throws 409 STOCK_LEVEL_MISSING. */
  levelAt(productId: string, locationId?: string): StockLevelRow {
    const found = this.levels.find(
      (level) => level.productId === productId && (locationId === undefined || level.locationId === locationId),
    );
    if (found) return found;
    throw new ConflictError(
      'STOCK_LEVEL_MISSING',
      'This product has no stock record at that location. Receive it there first.',
      {
        facts: { productId, locationId },
      },
    );
  }

  move(level: StockLevelRow, movement: Movement): void {
    const { kind, quantity, costMinor = 0, sku, lineId, reason, note, reference } = movement;
    if (quantity === 0) return;
    const effects = effectsOf(kind, quantity, costMinor);
    const sum = this.levelChanges.get(level) ?? effectsOf(kind, 0, 0);
    for (const counter of LEVEL_COUNTERS) {
      sum[counter] += effects[counter];
      level[counter] += effects[counter];
    }
    this.levelChanges.set(level, sum);
    if (!movement.isMissing) this.countFreed(level.productId, availableOf(effects));
    const { storeId, sourceType, sourceId, orderId = null, occurredAt = this.ctx.now } = this.source;
    const { productId, locationId } = level;
    this.movements.push({
      ...{ id: this.ctx.newId(), storeId, kind, productId, locationId, quantity, ...effects, costMinor },
      ...{ sourceType, sourceId, orderId, lineId: lineId ?? null },
      ...{ reason: reason ?? null, note: note ?? null, reference: reference ?? null },
      ...{ actor: this.ctx.actor.name, occurredAt },
    });
    this.ctx.effect('movements', { kind, sku, productId, locationId, quantity, costMinor, lineId, reason });
  }

  shift(reservation: ReservationRow, counters: Partial<Record<ReservationCounter, number>>): void {
    const sum = this.reservationChanges.get(reservation) ?? {};
    for (const [counter, amount] of Object.entries(counters)) {
      sum[counter] = (sum[counter] ?? 0) + amount;
      reservation[counter as ReservationCounter] += amount;
    }
    this.reservationChanges.set(reservation, sum);
  }

  /** Throws 409 STOCK_CHANGED when a level or a reservation does not hold what was to be taken from it. */
  async write(): Promise<void> {
    const crossings = this.crossings();
    const levelChanges = [...this.levelChanges].map(([level, effects]): CounterChange => {
      const crossing = crossings.has(level);
      return { id: level.id, add: { ...effects }, ...(crossing ? { set: { isLow: level.isLow ? 1 : 0 } } : {}) };
    });
    const reservationChanges = [...this.reservationChanges].map(([{ id }, add]) => ({ id, add }));
    this.forgetExpiry();
    await Promise.all([
      changeCounters(this.ctx, stockLevels, levelChanges, levelGuards),
      changeCounters(this.ctx, reservations, reservationChanges, reservationGuards),
    ]);
    this.ctx.insert(stockMovements, this.movements);
    for (const level of crossings) this.announce(level);
    await this.tellOfFreed();
  }

  private countFreed(productId: string, quantity: number): void {
    this.freed.set(productId, (this.freed.get(productId) ?? 0) + quantity);
  }

  /** `stock.freed`: units of these products can be had that somebody waits for (`fillBackorders`). */
  private async tellOfFreed(): Promise<void> {
    const ids = [...this.freed].filter(([, quantity]) => quantity > 0).map(([id]) => id);
    if (ids.length === 0) return;
    const waiting = await this.ctx.select<{ productId: string }>(
      `SELECT DISTINCT product_id FROM ${reservations.name} WHERE product_id IN (:ids) AND backordered > 0`,
      { ids },
    );
    if (waiting.length === 0) return;
    const productIds = waiting.map(({ productId }) => productId);
    this.ctx.emit({ topic: 'stock.freed', storeId: this.source.storeId, data: { productIds } });
  }

  /** What holds nothing that could lapse is never looked at for expiry again. */
  private forgetExpiry(): void {
    const ids = [...this.reservationChanges.keys()]
      .filter(({ expiresAt, reserved, backordered }) => expiresAt !== null && reserved + backordered === 0)
      .map(({ id }) => id);
    if (ids.length === 0) return;
    this.ctx.executeLater('UPDATE reservations SET expires_at = NULL WHERE id IN (:ids)', { ids });
  }

  /** Levels whose available units went over their threshold or back, raised once per crossing. */
  private crossings(): Set<StockLevelRow> {
    const crossed = [...this.levelChanges.keys()].filter((level) => {
      const isLow = level.lowStockThreshold !== null && availableOf(level) <= level.lowStockThreshold;
      return isLow !== level.isLow;
    });
    for (const level of crossed) level.isLow = !level.isLow;
    return new Set(crossed);
  }

  private announce(level: StockLevelRow): void {
    const { storeId, productId, locationId, lowStockThreshold, isLow } = level;
    const data = { productId, locationId, available: availableOf(level), lowStockThreshold };
    this.ctx.emit({ topic: isLow ? 'stock.low' : 'stock.back', storeId, data });
  }
}

function levelGuards(after: (column: string) => string): string[] {
  return [
    `${after('onHand')} >= ${after('reserved')}`,
    ...['reserved', 'unavailable', 'outgoing'].map((column) => `${after(column)} >= 0`),
  ];
}

function reservationGuards(after: (column: string) => string): string[] {
  return ['reserved', 'backordered', 'dispatched'].map((column) => `${after(column)} >= 0`);
}
