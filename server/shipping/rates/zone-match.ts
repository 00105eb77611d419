import { coversCode, plainCode, precisionOf, readPattern } from './postal-patterns';

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

const PLAIN_TEXT = /^[ -~]*$/;
const SPACES = /\s+/g;
/** Keyboards differ: Cox's Bazar, Cox’s Bazar. */
const APOSTROPHES = /[\u2018\u2019\u02bc]/g;
/** The four digits that an American code may end in name a street, which no price is set for. */
const ZIP_PLUS_FOUR = /^\d{9}$/;
const ZIP_DIGITS = 5;

const EVERYWHERE = 0;
const COUNTRY = 1;
const CITY = 2;
const POSTAL = 3;

/** How closely a zone names a place: by what, and of postal codes how precisely. */
interface Closeness {
  by: number;
  precision: number;
}

/** As places are compared: each name and code in one spelling. */
interface PlainPlace {
  country: string;
  city?: string;
  code?: string;
}

/** The zone that names the place most closely: by postal code, then city, then country, then everywhere else. */
export function zoneOf<Zone extends Reach>(zones: readonly Zone[], place: Place): Zone | undefined {
  const plain = plainPlace(place);
  let best: { zone: Zone; closeness: Closeness } | undefined;
  for (const zone of zones) {
    const closeness = closenessOf(zone, plain);
    if (closeness && (!best || isCloser(closeness, best.closeness))) best = { zone, closeness };
  }
  return best?.zone;
}

/** A city as people mean it, however they write it. */
export function plainCity(city: string): string {
  const text = PLAIN_TEXT.test(city) ? city : city.normalize('NFKC').replace(APOSTROPHES, "'");
  return text.trim().replace(SPACES, ' ').toLowerCase();
}

export function isWhole({ cities, postalPatterns }: Reach): boolean {
  return cities.length === 0 && postalPatterns.length === 0;
}

function plainPlace({ country, city, postalCode }: Place): PlainPlace {
  const code = postalCode ? plainCode(postalCode) : undefined;
  return {
    country,
    ...(city ? { city: plainCity(city) } : {}),
    ...(code ? { code: country === 'US' && ZIP_PLUS_FOUR.test(code) ? code.slice(0, ZIP_DIGITS) : code } : {}),
  };
}

function closenessOf(zone: Reach, { country, city, code }: PlainPlace): Closeness | undefined {
  if (zone.country === null) return { by: EVERYWHERE, precision: 0 };
  if (zone.country !== country) return undefined;
  const precision = code === undefined ? undefined : precisionFor(zone, code);
  if (precision !== undefined) return { by: POSTAL, precision };
  if (city !== undefined && zone.cities.some((name) => plainCity(name) === city)) return { by: CITY, precision: 0 };
  return isWhole(zone) ? { by: COUNTRY, precision: 0 } : undefined;
}

/** That of the pattern which fixes most of the code; undefined where none covers it. */
function precisionFor({ postalPatterns }: Reach, code: string): number | undefined {
  let best: number | undefined;
  for (const text of postalPatterns) {
    const pattern = readPattern(text);
    if (pattern && coversCode(pattern, code)) best = Math.max(best ?? 0, precisionOf(pattern));
  }
  return best;
}

function isCloser(one: Closeness, other: Closeness): boolean {
  return one.by === other.by ? one.precision > other.precision : one.by > other.by;
}
