import { businessDay } from '../../accounting';
import type { StoreRow } from '../../people';
import { plusMs } from '../../platform/clock';
import type { ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { heaviestGrams, type Price, priceAtTheDoor, priceOf, type Tariff, weightText } from './rates';
import type { ShippingZoneRow } from './rates.models';
import { type QuoteView, transitDaysOf } from './rates.schema';
import { type Place, zoneOf } from './zone-match';
import { ratesOf, zonesOf } from './zones.service';

const DAY_MS = 86_400_000;

interface Wanted {
  place: Place;
  weightGrams: number;
  fragile: boolean;
  /** What the rider collects in all; or only the goods, where the delivery that is worked out here comes on top. */
  cod: { totalMinor: number } | { goodsMinor: number };
  /** When it leaves, or left; now unless said. */
  leavesAt?: string;
}

/** Which fields a refusal names, in the words of whoever asks, and what helps them. */
export interface Asking {
  placeField?: string;
  weightField?: string;
  /** What they can do beside changing the zones. */
  instead?: string;
}

/**
 * What bringing a parcel to a place costs and why. Throws 409 ADDRESS_NOT_SERVICEABLE where no zone covers it, and
 * 409 PARCEL_TOO_HEAVY where its zone carries nothing as heavy.
 */
export async function quoteShipping(
  ctx: ReadContext,
  store: StoreRow,
  wanted: Wanted,
  asking: Asking = {},
): Promise<QuoteView> {
  return quoteWithin(ctx, store, await zonesOf(ctx, store.id), wanted, asking);
}

/** As `quoteShipping`; undefined in a store that has no zones and so charges nothing by itself. */
export async function quoteIfZoned(
  ctx: ReadContext,
  store: StoreRow,
  wanted: Wanted,
  asking: Asking = {},
): Promise<QuoteView | undefined> {
  const zones = await zonesOf(ctx, store.id);
  return zones.length === 0 ? undefined : quoteWithin(ctx, store, zones, wanted, asking);
}

async function quoteWithin(
  ctx: ReadContext,
  store: StoreRow,
  zones: readonly ShippingZoneRow[],
  { place, weightGrams, fragile, cod, leavesAt = ctx.now }: Wanted,
  asking: Asking,
): Promise<QuoteView> {
  const zone = zoneOf(zones, place);
  if (!zone) throw notServiceable(zones, place, asking);
  const tariff: Tariff = { ...zone, brackets: await ratesOf(ctx, zone.id) };
  const parcel = { weightGrams, fragile };
  const price =
    'goodsMinor' in cod
      ? priceAtTheDoor(tariff, { ...parcel, goodsMinor: cod.goodsMinor }, store.currency)
      : priceOf(tariff, { ...parcel, codMinor: cod.totalMinor }, store.currency);
  if (!price) throw tooHeavy(zone, tariff, weightGrams, asking);
  const codMinor = 'goodsMinor' in cod ? cod.goodsMinor + price.totalMinor : cod.totalMinor;
  return { ...viewOf(store, zone, price), ...{ weightGrams, fragile, codMinor }, ...timesOf(store, zone, leavesAt) };
}

function viewOf(
  { currency }: StoreRow,
  { id: zoneId, name: zone }: ShippingZoneRow,
  { totalMinor, lines }: Price,
): Pick<QuoteView, 'totalMinor' | 'currency' | 'zone' | 'zoneId' | 'lines'> {
  return { totalMinor, currency, zone, zoneId, lines };
}

/** The days are those of the store, whatever the hour is elsewhere. */
function timesOf(
  { timezone }: StoreRow,
  zone: ShippingZoneRow,
  leavesAt: string,
): Pick<QuoteView, 'transitDays' | 'estimatedDelivery'> {
  const transitDays = transitDaysOf(zone);
  const day = businessDay(leavesAt, { timezone, dayEndsAt: '00:00' });
  return {
    transitDays,
    estimatedDelivery: transitDays && { from: daysAfter(day, transitDays.min), to: daysAfter(day, transitDays.max) },
  };
}

function daysAfter(day: string, days: number): string {
  return plusMs(`${day}T00:00:00.000Z`, days * DAY_MS).slice(0, 10);
}

function notServiceable(zones: readonly ShippingZoneRow[], place: Place, asking: Asking): ConflictError {
  const written = [place.city, place.postalCode, place.country].filter(Boolean).join(', ');
  const why =
    zones.length === 0 ? 'The store has no shipping zones yet' : `None of the store’s shipping zones covers ${written}`;
  const remedy = `${asking.instead ?? 'Correct the address'}, or add a zone with POST /api/v1/shipping/zones.`;
  const message = `${why}. ${remedy}`;
  const isCountryKnown = zones.some(({ country }) => country === place.country);
  const path = asking.placeField ?? (isCountryKnown ? (place.postalCode ? 'postalCode' : 'city') : 'country');
  return new ConflictError('ADDRESS_NOT_SERVICEABLE', message, {
    errors: [{ path, code: 'ADDRESS_NOT_SERVICEABLE', message: `${why}.` }],
    facts: { zones: zones.map(({ name }) => name) },
  });
}

function tooHeavy(zone: ShippingZoneRow, tariff: Tariff, weightGrams: number, asking: Asking): ConflictError {
  const heaviest = heaviestGrams(tariff);
  const end =
    heaviest === undefined ? 'no parcel of such a weight is carried' : `its prices end at ${weightText(heaviest)}`;
  const why = `${weightText(weightGrams)} is too heavy for "${zone.name}": ${end}`;
  const remedy = `${asking.instead ?? 'Split the parcel'}, or set furtherKgMinor with PATCH /api/v1/shipping/zones/${zone.id}.`;
  return new ConflictError('PARCEL_TOO_HEAVY', `${why}. ${remedy}`, {
    errors: [{ path: asking.weightField ?? 'weightGrams', code: 'PARCEL_TOO_HEAVY', message: `${why}.` }],
    facts: { zoneId: zone.id, zone: zone.name, weightGrams, heaviestGrams: heaviest ?? null },
  });
}
