import { z } from 'zod';
import { listOf, pageQuery } from '../../platform/http/paging';
import { readPattern } from './postal-patterns';
import { COD_PERCENT_MAX, QUOTE_LINE_KINDS, WEIGHT_GRAMS_MAX } from './rates';
import type { ShippingRateRow, ShippingZoneRow } from './rates.models';

const RATE_MINOR_MAX = 100_000_000;
const COD_MINOR_MAX = 9_000_000_000_000;
/** Of cities and of postal patterns each: more than a country has districts. A shop names codes by beginning or range. */
const PLACES_MAX = 200;
export const BRACKETS_MAX = 50;
const TRANSIT_DAYS_MAX = 365;
const BASIS_POINTS_PER_PERCENT = 100;

const price = (what: string): z.ZodNumber =>
  z
    .int(`${what} is a whole number of minor units, such as 6000 for 60.00.`)
    .min(0, `${what} is at least 0.`)
    .max(RATE_MINOR_MAX, `${what} is at most ${RATE_MINOR_MAX}.`);

const grams = (what: string, least: number): z.ZodNumber =>
  z
    .int(`${what} is a whole number of grams.`)
    .min(least, `${what} is at least ${least} g.`)
    .max(WEIGHT_GRAMS_MAX, `${what} is at most ${WEIGHT_GRAMS_MAX} g.`);

const line = (what: string, most: number): z.ZodString =>
  z
    .string({ error: `${what} is a text.` })
    .trim()
    .min(1, `${what} is not empty.`)
    .max(most, `${what} has at most ${most} characters.`);

const storeId = z.string().min(1).max(26).optional();
const country = z.string().regex(/^[A-Z]{2}$/, 'The country is two capital letters, such as BD.');
const cities = z
  .array(line('The city', 120))
  .max(
    PLACES_MAX,
    `At most ${PLACES_MAX} cities in a zone. Name them by postal codes, or make a second zone with the same prices.`,
  )
  .transform((names) => [...new Set(names)]);
const pattern = line('The pattern', 30).refine((text) => readPattern(text) !== undefined, {
  message:
    'A postal pattern is a code without hyphens (1209), a beginning (12*) or a range of digits, lower first (1200-1299).',
});
const postalPatterns = z
  .array(pattern)
  .max(PLACES_MAX, `At most ${PLACES_MAX} postal patterns in a zone. Use a beginning (12*) or a range (1200-1299).`)
  .transform((texts) => [...new Set(texts)]);

const days = (what: string): z.ZodNumber =>
  z
    .int(`${what} is a whole number of days.`)
    .min(0, `${what} is at least 0 days.`)
    .max(TRANSIT_DAYS_MAX, `${what} is at most ${TRANSIT_DAYS_MAX} days.`);
const transitDays = z
  .strictObject({ min: days('transitDays.min'), max: days('transitDays.max') })
  .refine(({ min, max }) => min <= max, { path: ['max'], message: 'The longest time is not below the shortest.' })
  .nullable();

const surcharges = {
  codPercent: z
    .number({ error: 'codPercent is a percentage, such as 1 or 1.5.' })
    .min(0, 'codPercent is at least 0.')
    .max(COD_PERCENT_MAX, `codPercent is at most ${COD_PERCENT_MAX}.`)
    .multipleOf(0.01, 'codPercent has at most two decimals.'),
  codMinimumMinor: price('codMinimumMinor'),
  remoteMinor: price('remoteMinor'),
  fragileMinor: price('fragileMinor'),
};
const roundUpToMinor = price('roundUpToMinor').min(1, 'roundUpToMinor is at least 1, which rounds nothing.');

const bracket = { upToGrams: grams('upToGrams', 1), priceMinor: price('priceMinor') };
const name = line('The name', 120);

export const zoneBody = z.strictObject({
  storeId,
  name,
  country: country.nullable().default(null),
  cities: cities.default([]),
  postalPatterns: postalPatterns.default([]),
  transitDays: transitDays.default(null),
  rates: z
    .array(z.strictObject(bracket), { error: 'rates is a list of prices by weight.' })
    .min(1, 'A zone has at least one price: {"upToGrams": 1000, "priceMinor": 6000}.')
    .max(BRACKETS_MAX, `A zone has at most ${BRACKETS_MAX} prices.`),
  furtherKgMinor: price('furtherKgMinor').nullable().default(null),
  surcharges: z.strictObject(surcharges).partial().default({}),
  roundUpToMinor: roundUpToMinor.default(1),
});
export type ZoneBody = z.output<typeof zoneBody>;

export const zoneChangeBody = z
  .strictObject({
    name,
    country: country.nullable(),
    cities,
    postalPatterns,
    transitDays,
    furtherKgMinor: price('furtherKgMinor').nullable(),
    surcharges: z.strictObject(surcharges).partial(),
    roundUpToMinor,
  })
  .partial()
  .refine((change) => Object.keys(columnsOf(change)).length > 0, 'Say what is to change.');
export type ZoneChangeBody = z.output<typeof zoneChangeBody>;

export const rateBody = z.strictObject({ zoneId: z.string().min(1).max(26), ...bracket });
export type RateBody = z.output<typeof rateBody>;
export const rateChangeBody = z
  .strictObject(bracket)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Say what is to change.');

export const byId = z.strictObject({ id: z.string().min(1).max(26) });
export const zonesQuery = pageQuery.extend({ storeId }).strict();
export type ZonesQuery = z.output<typeof zonesQuery>;
export const ratesQuery = pageQuery.extend({ storeId, zoneId: z.string().min(1).max(26).optional() }).strict();
export type RatesQuery = z.output<typeof ratesQuery>;

export const rateView = z.object({ id: z.string(), zoneId: z.string(), upToGrams: z.int(), priceMinor: z.int() });
export const rateList = listOf(rateView);
const daysView = z.object({ min: z.int(), max: z.int() }).nullable();
export const zoneView = z.object({
  id: z.string(),
  storeId: z.string(),
  name: z.string(),
  country: z.string().nullable(),
  cities: z.array(z.string()),
  postalPatterns: z.array(z.string()),
  transitDays: daysView,
  rates: z.array(rateView),
  furtherKgMinor: z.int().nullable(),
  surcharges: z.object({
    codPercent: z.number(),
    codMinimumMinor: z.int(),
    remoteMinor: z.int(),
    fragileMinor: z.int(),
  }),
  roundUpToMinor: z.int(),
});
export const zoneList = listOf(zoneView);

export const quoteBody = z.strictObject({
  storeId,
  country,
  city: line('The city', 120).optional(),
  postalCode: line('The postal code', 20).optional(),
  weightGrams: grams('weightGrams', 0),
  codMinor: z
    .int('codMinor is a whole number of minor units.')
    .min(0, 'codMinor is at least 0.')
    .max(COD_MINOR_MAX, `codMinor is at most ${COD_MINOR_MAX}.`)
    .default(0),
  fragile: z.boolean({ error: 'fragile is true or false.' }).default(false),
});

export const quoteView = z.object({
  totalMinor: z.int(),
  currency: z.string(),
  zone: z.string().nullable(),
  zoneId: z.string().nullable(),
  weightGrams: z.int(),
  codMinor: z.int(),
  fragile: z.boolean(),
  lines: z.array(z.object({ kind: z.enum(QUOTE_LINE_KINDS), label: z.string(), amountMinor: z.int() })),
  transitDays: daysView,
  estimatedDelivery: z.object({ from: z.string(), to: z.string() }).nullable(),
});
export type QuoteView = z.output<typeof quoteView>;

/** What stands in columns of a zone, as requests write it. */
type ZoneChange = Partial<
  Omit<ZoneBody, 'storeId' | 'rates' | 'surcharges'> & { surcharges: Partial<ZoneBody['surcharges']> }
>;

/** Outside, a share in percent and days as one thing; inside, basis points and two columns. */
export function columnsOf<Body extends ZoneChange>({ transitDays: time, surcharges: extra = {}, ...rest }: Body) {
  const { codPercent, ...amounts } = extra;
  return {
    ...rest,
    ...amounts,
    ...(codPercent === undefined ? {} : { codBasisPoints: Math.round(codPercent * BASIS_POINTS_PER_PERCENT) }),
    ...(time === undefined ? {} : { transitDaysMin: time?.min ?? null, transitDaysMax: time?.max ?? null }),
  } satisfies Partial<ShippingZoneRow>;
}

export function viewRate({ id, zoneId, upToGrams, priceMinor }: ShippingRateRow): z.output<typeof rateView> {
  return { id, zoneId, upToGrams, priceMinor };
}

export function viewZone(row: ShippingZoneRow, rates: readonly ShippingRateRow[]): z.output<typeof zoneView> {
  const { id, storeId: store, name: called, codBasisPoints, codMinimumMinor, remoteMinor, fragileMinor } = row;
  return {
    id,
    storeId: store,
    name: called,
    country: row.country,
    cities: row.cities,
    postalPatterns: row.postalPatterns,
    transitDays: transitDaysOf(row),
    rates: rates.map(viewRate),
    furtherKgMinor: row.furtherKgMinor,
    surcharges: {
      codPercent: codBasisPoints / BASIS_POINTS_PER_PERCENT,
      ...{ codMinimumMinor, remoteMinor, fragileMinor },
    },
    roundUpToMinor: row.roundUpToMinor,
  };
}

export function transitDaysOf({
  transitDaysMin: min,
  transitDaysMax: max,
}: Pick<ShippingZoneRow, 'transitDaysMin' | 'transitDaysMax'>): { min: number; max: number } | null {
  return min === null || max === null ? null : { min, max };
}
