import { type PostalPattern, readPattern, sizeOf } from './postal-patterns';
import { isWhole, plainCity, type Reach } from './zone-match';

/** Whether two zones name something equally closely. Pure. */

type Range = Extract<PostalPattern, { kind: 'range' }>;

/** What a zone names, read once, so that it can be held against many others. */
export interface Ground {
  reach: Reach;
  /** As compared, with what was written. */
  cities: ReadonlyMap<string, string>;
  /** Codes and beginnings, as compared, with what was written. */
  fixed: ReadonlyMap<string, string>;
  /** By length and size, since only ranges that are alike in both can tie; rising by where they begin. */
  ranges: ReadonlyMap<string, readonly WrittenRange[]>;
}

interface WrittenRange {
  from: number;
  size: number;
  written: string;
}

export function groundOf(reach: Reach): Ground {
  const fixed = new Map<string, string>();
  const ranges = new Map<string, WrittenRange[]>();
  for (const written of reach.postalPatterns) {
    const pattern = readPattern(written);
    if (pattern?.kind === 'range') {
      const alike = ranges.get(kindOf(pattern)) ?? [];
      alike.push({ from: Number(pattern.from), size: sizeOf(pattern), written });
      ranges.set(kindOf(pattern), alike);
    } else if (pattern) {
      fixed.set(pattern.kind === 'code' ? pattern.code : `${pattern.beginning}*`, written);
    }
  }
  for (const alike of ranges.values()) alike.sort((a, b) => a.from - b.from);
  return { reach, cities: new Map(reach.cities.map((name) => [plainCity(name), name])), fixed, ranges };
}

/** What two zones name equally closely, as the other wrote it; such zones may not stand side by side, or nobody knew the price. */
export function sharedGround(one: Ground, other: Ground): string | undefined {
  const { country } = one.reach;
  if (country !== other.reach.country) return undefined;
  if (isWhole(one.reach) && isWhole(other.reach)) return country === null ? 'everywhere else' : `all of ${country}`;
  return (
    sharedName(one.cities, other.cities) ??
    sharedName(one.fixed, other.fixed) ??
    [...other.ranges]
      .map(([kind, alike]) => alike.find((range) => meets(one.ranges.get(kind) ?? [], range)))
      .find((range) => range !== undefined)?.written
  );
}

function sharedName(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string | undefined {
  for (const [name, written] of other) if (one.has(name)) return written;
  return undefined;
}

/** Whether one of these ranges, all as wide as this one and rising, has a code in common with it. */
function meets(ranges: readonly WrittenRange[], { from, size }: WrittenRange): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ranges[middle]?.from ?? 0) + size > from) high = middle;
    else low = middle + 1;
  }
  const first = ranges[low];
  return first !== undefined && first.from < from + size;
}

function kindOf(range: Range): string {
  return `${range.from.length}/${sizeOf(range)}`;
}
