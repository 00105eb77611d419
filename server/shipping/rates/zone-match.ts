import { areTied, coversCode, plainCode, precisionOf, readPattern } from './postal-patterns';

/** Which zone an address lies in. Pure. */

export interface Place {
  /** Two capital letters. */
  country: string;
  city?: string | null;
  postalCode?: string | null;
}

/** What a zone covers: cities and postal codes of its country, all of it where none is named, or every country. */
export interface Reach {
  country: string | null;
  cities: readonly string[];
  postalPatterns: readonly string[];
}

const EVERYWHERE = 0;
const COUNTRY = 1;
const CITY = 2;
const POSTAL = 3;

/** How closely a zone names a place: by what, and of postal codes how precisely. */
interface Closeness {
  by: number;
  precision: number;
}

/** The zone that names the place most closely: by postal code, then city, then country, then everywhere else. */
export function zoneOf<Zone extends Reach>(zones: readonly Zone[], place: Place): Zone | undefined {
  let best: { zone: Zone; closeness: Closeness } | undefined;
  for (const zone of zones) {
    const closeness = closenessOf(zone, place);
    if (closeness && (!best || isCloser(closeness, best.closeness))) best = { zone, closeness };
  }
  return best?.zone;
}

/** What two zones name equally closely, in words; such zones may not stand side by side, or nobody knew the price. */
export function sharedGround(one: Reach, other: Reach): string | undefined {
  if (one.country !== other.country) return undefined;
  if (isWhole(one) && isWhole(other)) return one.country === null ? 'everywhere else' : `all of ${one.country}`;
  const cities = new Set(one.cities.map(plainCity));
  const city = other.cities.find((name) => cities.has(plainCity(name)));
  if (city !== undefined) return city;
  return other.postalPatterns.find((text) => one.postalPatterns.some((written) => areWrittenTied(text, written)));
}

/** A city as people mean it, however they write it. */
export function plainCity(city: string): string {
  return city.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function closenessOf(zone: Reach, { country, city, postalCode }: Place): Closeness | undefined {
  if (zone.country === null) return { by: EVERYWHERE, precision: 0 };
  if (zone.country !== country) return undefined;
  const precisions = postalCode ? zone.postalPatterns.flatMap((text) => precisionFor(text, plainCode(postalCode))) : [];
  if (precisions.length > 0) return { by: POSTAL, precision: Math.max(...precisions) };
  if (city && zone.cities.some((name) => plainCity(name) === plainCity(city))) return { by: CITY, precision: 0 };
  return isWhole(zone) ? { by: COUNTRY, precision: 0 } : undefined;
}

function precisionFor(text: string, code: string): number[] {
  const pattern = readPattern(text);
  return pattern && coversCode(pattern, code) ? [precisionOf(pattern)] : [];
}

function isCloser(one: Closeness, other: Closeness): boolean {
  return one.by === other.by ? one.precision > other.precision : one.by > other.by;
}

function isWhole({ cities, postalPatterns }: Reach): boolean {
  return cities.length === 0 && postalPatterns.length === 0;
}

function areWrittenTied(one: string, other: string): boolean {
  const [left, right] = [readPattern(one), readPattern(other)];
  return left !== undefined && right !== undefined && areTied(left, right);
}
