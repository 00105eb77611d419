import { stores } from '../../people';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { ConflictError, NotFoundError, ValidationError } from '../../platform/errors';
import { page, readCursor } from '../../platform/http/paging';
import { bracketFault } from './rates';
import { type ShippingRateRow, shippingRates, type ShippingZoneRow, shippingZones } from './rates.models';
import { columnsOf, type RatesQuery, type ZoneBody, type ZoneChangeBody, type ZonesQuery } from './rates.schema';
import { plainCity, sharedGround } from './zone-match';

export const readShipping = permission('shipping.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);
export const manageShipping = permission('shipping.manage', ['store_manager']);

/** More than a country has districts; an address is compared with each of them. */
const ZONES_MAX = 200;
const NOTHING_EXTRA = {
  ...{ codBasisPoints: 0, codMinimumMinor: 0, remoteMinor: 0, fragileMinor: 0 },
  ...{ transitDaysMin: null, transitDaysMax: null },
};

export interface Zone {
  row: ShippingZoneRow;
  rates: ShippingRateRow[];
}

export function zonesOf(ctx: ReadContext, storeId: string): Promise<ShippingZoneRow[]> {
  return ctx.find(shippingZones, 'store_id = :storeId ORDER BY id', { storeId });
}

/** Of one zone, by weight. */
export function ratesOf(ctx: ReadContext, zoneId: string): Promise<ShippingRateRow[]> {
  return ctx.find(shippingRates, 'zone_id = :zoneId ORDER BY up_to_grams', { zoneId });
}

/** In the order in which they were made. */
export async function listZones(
  ctx: ReadContext,
  storeId: string,
  { limit, after }: ZonesQuery,
): Promise<{ items: Zone[]; nextCursor: string | null }> {
  const later = after === undefined ? '' : 'AND id > :after ';
  const rows = await ctx.find(shippingZones, `store_id = :storeId ${later}ORDER BY id LIMIT ${limit + 1}`, {
    storeId,
    after: after && readCursor(after, 1)[0],
  });
  const { items, nextCursor } = page(rows, limit, (row) => [row.id]);
  const ids = items.map(({ id }) => id);
  const where = 'zone_id IN (:ids) ORDER BY zone_id, up_to_grams';
  const rates = ids.length === 0 ? [] : await ctx.find(shippingRates, where, { ids });
  return {
    items: items.map((row) => ({ row, rates: rates.filter(({ zoneId }) => zoneId === row.id) })),
    nextCursor,
  };
}

/** By zone and weight, of one zone or of all of a store. */
export async function listRates(
  ctx: ReadContext,
  storeId: string,
  { limit, after, zoneId }: RatesQuery,
): Promise<{ items: ShippingRateRow[]; nextCursor: string | null }> {
  const conditions = ['store_id = :storeId'];
  if (zoneId !== undefined) conditions.push('zone_id = :zoneId');
  if (after !== undefined) conditions.push('(zone_id > :zone OR (zone_id = :zone AND up_to_grams > :grams))');
  const [zone, grams] = after === undefined ? [] : readCursor(after, 2);
  const where = `${conditions.join(' AND ')} ORDER BY zone_id, up_to_grams LIMIT ${limit + 1}`;
  const rows = await ctx.find(shippingRates, where, { storeId, zoneId, zone, grams });
  return page(rows, limit, (row) => [row.zoneId, row.upToGrams]);
}

/** Throws 409 ZONE_EXISTS, ZONE_OVERLAPS or TOO_MANY_ZONES, 422 COUNTRY_MISSING, RATE_EXISTS or RATE_BELOW_LIGHTER. */
export async function addZone(ctx: CommandContext, storeId: string, input: ZoneBody): Promise<Zone> {
  authorise(ctx.actor, manageShipping, storeId);
  const { storeId: _storeId, rates: brackets, ...body } = input;
  const columns = columnsOf(body);
  const stamps = { createdAt: ctx.now, updatedAt: ctx.now };
  const row: ShippingZoneRow = { id: ctx.newId(), storeId, ...NOTHING_EXTRA, ...columns, ...stamps };
  const fault = bracketFault(brackets);
  if (fault) {
    const errors = [{ path: `rates[${fault.index}].${fault.field}`, code: fault.code, message: fault.message }];
    throw new ValidationError(fault.code, fault.message, { errors });
  }
  await lockStore(ctx, storeId);
  const others = await zonesOf(ctx, storeId);
  if (others.length >= ZONES_MAX) {
    throw new ConflictError(
      'TOO_MANY_ZONES',
      `A store has at most ${ZONES_MAX} zones. Put places with one price together.`,
    );
  }
  assertFits(row, others);
  const rates = brackets.map((bracket) => ({ id: ctx.newId(), storeId, zoneId: row.id, ...bracket, ...stamps }));
  ctx.insert(shippingZones, row);
  ctx.insert(shippingRates, rates);
  ctx.audit({ ...subjectOf(row), action: 'shipping_zone.add', after: { ...columns, rates: brackets } });
  return { row, rates: rates.sort((a, b) => a.upToGrams - b.upToGrams) };
}

/** Throws 404 ZONE_NOT_FOUND, and what adding such a zone throws. */
export async function changeZone(ctx: CommandContext, id: string, change: ZoneChangeBody): Promise<Zone> {
  const { row } = await lockZone(ctx, id);
  const columns = columnsOf(change);
  const after: ShippingZoneRow = { ...row, ...columns, updatedAt: ctx.now };
  assertFits(
    after,
    (await zonesOf(ctx, row.storeId)).filter((other) => other.id !== id),
  );
  await ctx.update(shippingZones, { ...columns, updatedAt: ctx.now }, 'id = :id', { id });
  const fields = Object.keys(columns) as (keyof typeof columns)[];
  const before = Object.fromEntries(fields.map((field) => [field, row[field]]));
  ctx.audit({ ...subjectOf(row), action: 'shipping_zone.change', before, after: columns });
  return { row: after, rates: await ratesOf(ctx, id) };
}

/** Its prices go with it; orders keep what they were charged. Throws 404 ZONE_NOT_FOUND. */
export async function removeZone(ctx: CommandContext, id: string): Promise<Zone> {
  const zone = await lockZone(ctx, id);
  await ctx.execute('DELETE FROM shipping_rates WHERE zone_id = :id', { id });
  await ctx.execute('DELETE FROM shipping_zones WHERE id = :id', { id });
  const { name, country, cities, postalPatterns } = zone.row;
  const before = { name, country, cities, postalPatterns };
  ctx.audit({ ...subjectOf(zone.row), action: 'shipping_zone.remove', before });
  return zone;
}

/** The zone with its prices as they are now; no other change of the store's zones comes between. */
export async function lockZone(ctx: CommandContext, id: string): Promise<Zone> {
  const known = await ctx.get(shippingZones, 'id = :id', { id });
  if (!known) throw zoneNotFound();
  authorise(ctx.actor, manageShipping, known.storeId);
  await lockStore(ctx, known.storeId);
  const [row] = await ctx.lock(shippingZones, 'id = :id', { id });
  if (!row) throw zoneNotFound();
  return { row, rates: await ratesOf(ctx, id) };
}

/** Whether zones share ground is a question about all of them, so they change one after the other. */
async function lockStore(ctx: CommandContext, storeId: string): Promise<void> {
  await ctx.lock(stores, 'id = :storeId', { storeId });
}

export function subjectOf({ id, storeId }: Pick<ShippingZoneRow, 'id' | 'storeId'>): {
  subjectType: string;
  subjectId: string;
  storeId: string;
} {
  return { subjectType: 'shipping_zone', subjectId: id, storeId };
}

function assertFits(zone: ShippingZoneRow, others: readonly ShippingZoneRow[]): void {
  if (zone.country === null && zone.cities.length + zone.postalPatterns.length > 0) {
    const message = 'Cities and postal codes are those of a country. Name it, such as BD.';
    throw new ValidationError('COUNTRY_MISSING', message, {
      errors: [{ path: 'country', code: 'COUNTRY_MISSING', message }],
    });
  }
  for (const other of others) {
    const facts = { zoneId: other.id, zone: other.name };
    if (plainCity(other.name) === plainCity(zone.name)) {
      const message = `The store has a zone "${other.name}". PATCH /api/v1/shipping/zones/${other.id} changes it.`;
      const errors = [{ path: 'name', code: 'ZONE_EXISTS', message: 'Use another name.' }];
      throw new ConflictError('ZONE_EXISTS', message, { errors, facts });
    }
    const shared = sharedGround(zone, other);
    if (shared === undefined) continue;
    const message = `"${other.name}" covers ${shared} as well, so nobody could tell which price counts. Take it out of one of the two zones.`;
    const errors = [{ path: pathOf(zone, shared), code: 'ZONE_OVERLAPS', message }];
    throw new ConflictError('ZONE_OVERLAPS', message, { errors, facts: { ...facts, shared } });
  }
}

function pathOf({ cities, postalPatterns }: ShippingZoneRow, shared: string): string {
  const city = cities.findIndex((name) => plainCity(name) === plainCity(shared));
  if (city >= 0) return `cities[${city}]`;
  return postalPatterns.length > 0 ? 'postalPatterns' : 'country';
}

function zoneNotFound(): NotFoundError {
  const message = 'There is no such shipping zone. GET /api/v1/shipping/zones lists them.';
  return new NotFoundError('ZONE_NOT_FOUND', message);
}
