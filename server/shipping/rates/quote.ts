import { businessDay } from '../../accounting';
import type { StoreRow } from '../../people';
import { plusMs } from '../../platform/clock';
import type { ReadContext } from '../../platform/context';
import { ConflictError } from '../../platform/errors';
import { AMOUNT_MINOR_MAX, formatMoney } from '../../platform/money';
import { heaviestGrams, type ParcelFacts, type Price, priceAtTheDoor, priceOf, type Tariff, weightText } from './rates';
import type { ShippingZoneRow } from './rates.models';
import { type QuoteView, transitDaysOf } from './rates.schema';
import { type Place, zoneOf } from './zone-match';
import { ratesOf, zonesOf } from './zones.service';

const DAY_MS = 86_400_000;

interface Wanted {
  place: Place;
  /** All that goes there; each is priced on its own. */
  parcels: readonly ParcelFacts[];
  /** What the rider collects in all; or only the goods, where the delivery that is worked out here comes on top. */
  cod: { totalMinor: number } | { goodsMinor: number };
  /** When it leaves, or left; now unless said. */
  leavesAt?: string;
}

/** Which fields a refusal names, in the words of whoever asks, and what helps them. */
export interface Asking {
  placeField?: string;
  weightField?: string;
  /** What they can do where no zone is, and where a parcel is too heavy, beside changing the zones. */
  instead?: string;
}

/**
 * What bringing parcels to a place costs and why. Throws 409 ADDRESS_NOT_SERVICEABLE where no zone covers it, and
 * 409 PARCEL_TOO_HEAVY where its zone carries nothing as heavy, and AMOUNT_TOO_LARGE for what nobody could pay.
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
  { place, parcels, cod, leavesAt = ctx.now }: Wanted,
  asking: Asking,
): Promise<QuoteView> {
  const found = await tariffFor(ctx, zones, place);
  if ('zones' in found) throw notServiceable(ctx, found.zones, place, asking);
  const { zone, tariff } = found;
  const price =
    'goodsMinor' in cod
      ? priceAtTheDoor(tariff, { parcels, goodsMinor: cod.goodsMinor }, store.currency)
      : priceOf(tariff, { parcels, codMinor: cod.totalMinor }, store.currency);
  if (!price) throw tooHeavy(zone, tariff, parcels, asking);
  if (price.totalMinor > AMOUNT_MINOR_MAX) throw tooDear(store, asking);
  const codMinor = 'goodsMinor' in cod ? cod.goodsMinor + price.totalMinor : cod.totalMinor;
  const weightGrams = parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0);
  const fragile = parcels.some((parcel) => parcel.fragile);
  return { ...viewOf(store, zone, price), ...{ weightGrams, fragile, codMinor }, ...timesOf(store, zone, leavesAt) };
}

/**
 * The zone of a place with its prices; without one, the zones that were looked at. A zone has a price at all times, so
 * one without any was removed between the two questions, and the zones of now are looked at instead.
 */
async function tariffFor(
  ctx: ReadContext,
  zones: readonly ShippingZoneRow[],
  place: Place,
  isSecondLook = false,
): Promise<{ zone: ShippingZoneRow; tariff: Tariff } | { zones: readonly ShippingZoneRow[] }> {
  const zone = zoneOf(zones, place);
  if (!zone) return { zones };
  const brackets = await ratesOf(ctx, zone.id);
  if (brackets.length > 0 || isSecondLook) return { zone, tariff: { ...zone, brackets } };
  return tariffFor(ctx, await zonesOf(ctx, zone.storeId), place, true);
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

function notServiceable(
  { actor }: ReadContext,
  zones: readonly ShippingZoneRow[],
  place: Place,
  asking: Asking,
): ConflictError {
  // Those who only read figures see of an address no more than its city.
  const known = actor.role === 'reporting' ? [place.city] : [place.city, place.postalCode, place.country];
  const written = known.filter(Boolean).join(', ') || 'the address';
  const why =
    zones.length === 0 ? 'The store has no shipping zones yet' : `None of the store’s shipping zones covers ${written}`;
  // Where there is no zone at all, no other address would do.
  const instead = asking.instead ?? (zones.length === 0 ? undefined : 'Correct the address');
  const add = 'dd a zone with POST /api/v1/shipping/zones.';
  const message = `${why}. ${instead === undefined ? `A${add}` : `${instead}, or a${add}`}`;
  const isCountryKnown = zones.some(({ country }) => country === place.country);
  const path = asking.placeField ?? (isCountryKnown ? (place.postalCode ? 'postalCode' : 'city') : 'country');
  return new ConflictError('ADDRESS_NOT_SERVICEABLE', message, {
    errors: [{ path, code: 'ADDRESS_NOT_SERVICEABLE', message: `${why}.` }],
    facts: { zones: zones.map(({ name }) => name) },
  });
}

function tooHeavy(
  zone: ShippingZoneRow,
  tariff: Tariff,
  parcels: readonly ParcelFacts[],
  asking: Asking,
): ConflictError {
  const { name, weightGrams } = parcels.reduce((most, one) => (one.weightGrams > most.weightGrams ? one : most));
  const heaviest = heaviestGrams(tariff);
  const end =
    heaviest === undefined ? 'no parcel of such a weight is carried' : `its prices end at ${weightText(heaviest)}`;
  const subject =
    parcels.length > 1 && name !== undefined ? `${name} with ${weightText(weightGrams)}` : weightText(weightGrams);
  const why = `${subject} is too heavy for "${zone.name}": ${end}`;
  const remedy = `${asking.instead ?? 'Split the parcel'}, or set furtherKgMinor with PATCH /api/v1/shipping/zones/${zone.id}.`;
  return new ConflictError('PARCEL_TOO_HEAVY', `${why}. ${remedy}`, {
    errors: [{ path: asking.weightField ?? 'weightGrams', code: 'PARCEL_TOO_HEAVY', message: `${why}.` }],
    facts: { zoneId: zone.id, zone: zone.name, weightGrams, heaviestGrams: heaviest ?? null },
  });
}

function tooDear({ currency }: StoreRow, asking: Asking): ConflictError {
  const message = `Its delivery would cost more than ${formatMoney(AMOUNT_MINOR_MAX, currency)}, which no order can be worth. Lower the zone’s prices, or correct the weight.`;
  return new ConflictError('AMOUNT_TOO_LARGE', message, {
    errors: [{ path: asking.weightField ?? 'weightGrams', code: 'AMOUNT_TOO_LARGE', message }],
  });
}
