import { lockShelves, readShelves, type ShelfRecord } from '../../inventory';
import type { CommandContext, ReadContext } from '../../platform/context';
import type { ShelfFacts } from './count-figures';
import { readUnitsInHand, shelfKey } from './units-in-hand';

/** A shelf as it stands, with what is needed to tell later what was corrected since. */
export interface ShelfNow extends ShelfFacts {
  correctedUnits: number;
  worthOf(units: number): number;
}

interface Place {
  productId: string;
  locationId: string;
}

export type Shelves = (place: Place) => ShelfNow;

/** How the shelves of these products stand; nobody else moves their goods until the commit. */
export async function lockShelfFacts(ctx: CommandContext, productIds: readonly string[]): Promise<Shelves> {
  return factsOf(ctx, productIds, await lockShelves(ctx, productIds));
}

export async function readShelfFacts(ctx: ReadContext, productIds: readonly string[]): Promise<Shelves> {
  return factsOf(ctx, productIds, await readShelves(ctx, productIds));
}

async function factsOf(
  ctx: ReadContext,
  productIds: readonly string[],
  records: readonly ShelfRecord[],
): Promise<Shelves> {
  const inHand = await readUnitsInHand(ctx, productIds);
  const waiting = await unitsToWriteOff(ctx, productIds);
  return (place) => {
    const record = records.find((one) => shelfKey(one) === shelfKey(place));
    const setForWriteOff = waiting.get(shelfKey(place)) ?? 0;
    return {
      onHand: record?.onHand ?? 0,
      inHand: inHand.get(shelfKey(place)) ?? 0,
      setForWriteOff,
      correctedUnits: (record?.correctedUnits ?? 0) - setForWriteOff,
      worthOf: (units) => record?.worthOf(units) ?? 0,
    };
  };
}

/** Units that were seen damaged or past their date and that nobody has decided on. */
async function unitsToWriteOff(ctx: ReadContext, productIds: readonly string[]): Promise<Map<string, number>> {
  if (productIds.length === 0) return new Map();
  const rows = await ctx.select<Place & { units: number }>(
    `SELECT product_id, location_id, -SUM(units) AS units FROM stock_findings
      WHERE product_id IN (:productIds) AND status = 'proposed' AND kind IN ('damaged', 'expired')
      GROUP BY product_id, location_id`,
    { productIds },
  );
  return new Map(rows.map((row) => [shelfKey(row), Number(row.units)]));
}
