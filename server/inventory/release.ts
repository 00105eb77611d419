import type { CommandContext, ReadContext } from '../platform/context';
import { reservations } from './inventory.models';
import { backorderedUnits, type LinePart, openHeld, portionsOf, reservedUnits } from './portions';
import type { StockSource } from './stock-change';

const EXPIRED_SOURCES_MAX = 500;

export interface Released {
  lineId: string;
  /** Free for others again. */
  released: number;
  /** No longer waited for. */
  backordered: number;
}

/**
 * Gives up what a source holds and has not dispatched; of a part, what was only backordered goes first.
 * What is no longer held is passed over, so releasing twice changes nothing. Whoever waits for these products gets
 * them, unless the units are missing: looked for, and not found.
 */
export async function release(
  ctx: CommandContext,
  source: StockSource,
  lines?: readonly LinePart[],
  { isMissing = false } = {},
): Promise<Released[]> {
  if (lines?.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const answers = new Map<string, Released>();
  const answerOf = (lineId: string): Released => {
    const answer = answers.get(lineId) ?? { lineId, released: 0, backordered: 0 };
    answers.set(lineId, answer);
    return answer;
  };
  for (const { reservation, quantity } of portionsOf(held, backorderedUnits, lines)) {
    change.shift(reservation, { backordered: -quantity, released: quantity });
    answerOf(reservation.lineId).backordered += quantity;
  }
  const rest = lines?.map(({ lineId, quantity }) =>
    quantity === undefined ? { lineId } : { lineId, quantity: quantity - (answers.get(lineId)?.backordered ?? 0) },
  );
  for (const { reservation, quantity } of portionsOf(held, reservedUnits, rest)) {
    const { productId, locationId, lineId, sku } = reservation;
    change.move(change.levelAt(productId, locationId), { kind: 'release', quantity, lineId, sku, isMissing });
    change.shift(reservation, { reserved: -quantity, released: quantity });
    answerOf(lineId).released += quantity;
  }
  await change.write();
  return [...answers.values()];
}

/**
 * Lines give their promise up and wait for goods instead, as when the shelf turns out to be empty. They are served
 * again by `fillBackorders`, first come, first served. Answers the units that wait now and did not before.
 */
export async function backorder(
  ctx: CommandContext,
  source: StockSource,
  lines: readonly LinePart[],
): Promise<{ lineId: string; quantity: number }[]> {
  if (lines.length === 0) return [];
  const { held, change } = await openHeld(ctx, source);
  const moved = portionsOf(held, reservedUnits, lines).map(({ reservation, quantity }) => {
    const { productId, locationId, lineId, sku } = reservation;
    change.move(change.levelAt(productId, locationId), {
      ...{ kind: 'release', quantity, lineId, sku },
      ...{ reason: 'backorder', isMissing: true },
    });
    change.shift(reservation, { reserved: -quantity, backordered: quantity });
    return { lineId, quantity };
  });
  await change.write();
  return moved;
}

/** Sets when what a source holds lapses; null keeps it for good, as after payment. */
export async function setExpiry(ctx: CommandContext, source: StockSource, expiresAt: string | null): Promise<void> {
  const { sourceType, sourceId } = source;
  await ctx.execute(
    'UPDATE reservations SET expires_at = :expiresAt WHERE source_type = :sourceType AND source_id = :sourceId',
    { expiresAt, sourceType, sourceId },
  );
}

/** Sources whose promise has lapsed; their owner cancels them, and with that releases the stock. */
export function expiredSources(
  ctx: ReadContext,
  sourceType: string,
): Promise<{ storeId: string; sourceId: string; orderId: string | null; expiresAt: string }[]> {
  return ctx.select(
    `SELECT store_id, source_id, order_id, MIN(expires_at) AS expires_at FROM ${reservations.name}
     WHERE expires_at <= :now AND source_type = :sourceType AND reserved + backordered > 0
     GROUP BY store_id, source_id, order_id ORDER BY expires_at LIMIT ${EXPIRED_SOURCES_MAX}`,
    { now: ctx.now, sourceType },
  );
}
