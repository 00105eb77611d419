import { availableOf } from './stock-movements';

/** Which levels the lines of a source are served from. Pure, so that a shortage can be shown as a table. */

export interface WantedLine {
  lineId: string;
  productId: string;
  sku: string;
  quantity: number;
  allowBackorder?: boolean;
}

interface FreeLevel {
  productId: string;
  locationId: string;
  onHand: number;
  reserved: number;
}

/** What one line takes from one level. */
export interface Allocation<Level> {
  line: WantedLine;
  level: Level;
  reserved: number;
  backordered: number;
}

export interface Shortage {
  /** The line's place in the request. */
  index: number;
  sku: string;
  /** Of all lines with this SKU together. */
  requested: number;
  available: number;
}

/**
 * A line is served from the first location that has all of it, else from several in their order; what is missing
 * becomes a backorder at the first location where that is allowed, and a shortage where it is not.
 */
export function allocateLines<Level extends FreeLevel>(
  lines: readonly WantedLine[],
  levels: readonly Level[],
): { allocations: Allocation<Level>[]; shortages: Shortage[] } {
  const free = new Map(levels.map((level) => [level, availableOf(level)]));
  const allocations: Allocation<Level>[] = [];
  const shortages: Shortage[] = [];
  lines.forEach((line, index) => {
    const candidates = levels.filter((level) => level.productId === line.productId);
    const { taken, missing } = serve(line, candidates, free);
    const first = candidates[0];
    if (missing > 0 && (!line.allowBackorder || !first)) shortages.push(shortageOf(lines, levels, line, index));
    else if (missing > 0 && first) addBackorder(taken, line, first, missing);
    allocations.push(...taken);
  });
  return { allocations, shortages };
}

function serve<Level extends FreeLevel>(
  line: WantedLine,
  candidates: readonly Level[],
  free: Map<Level, number>,
): { taken: Allocation<Level>[]; missing: number } {
  const whole = candidates.find((level) => (free.get(level) ?? 0) >= line.quantity);
  const taken: Allocation<Level>[] = [];
  let missing = line.quantity;
  for (const level of whole ? [whole] : candidates) {
    const reserved = Math.min(missing, Math.max(0, free.get(level) ?? 0));
    if (reserved === 0) continue;
    taken.push({ line, level, reserved, backordered: 0 });
    free.set(level, (free.get(level) ?? 0) - reserved);
    missing -= reserved;
  }
  return { taken, missing };
}

function addBackorder<Level>(taken: Allocation<Level>[], line: WantedLine, level: Level, backordered: number): void {
  const there = taken.find((allocation) => allocation.level === level);
  if (there) there.backordered += backordered;
  else taken.push({ line, level, reserved: 0, backordered });
}

function shortageOf(
  lines: readonly WantedLine[],
  levels: readonly FreeLevel[],
  { productId, sku }: WantedLine,
  index: number,
): Shortage {
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    index,
    sku,
    requested: sum(lines.filter((line) => line.productId === productId).map((line) => line.quantity)),
    available: sum(levels.filter((level) => level.productId === productId).map(availableOf)),
  };
}
