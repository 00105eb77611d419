import { type StoreRow, stores } from '../../people';
import { authorise, permission } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { isDuplicateKey } from '../../platform/database/database';
import { ConflictError, NotFoundError, ValidationError } from '../../platform/errors';
import { page, readCursor } from '../../platform/http/paging';
import { bracketFault } from './rates';
import { type ShippingRateRow, shippingRates, type ShippingZoneRow, shippingZones } from './rates.models';
import { columnsOf, type RatesQuery, type ZoneBody, type ZoneChangeBody, type ZonesQuery } from './rates.schema';
import { plainCity } from './zone-match';
import { groundOf, sharedGround } from './zone-overlap';

export const readShipping = permission('shipping.read', [
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
]);
export const manageShipping = permission('shipping.manage', ['store_manager']);

/** More than a courier's list of prices has; an address is compared with each of them. */
const ZONES_MAX = 100;
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
export async function addZone(
  ctx: CommandContext,
  { id: storeId, currency }: StoreRow,
  input: ZoneBody,
): Promise<Zone> {
  authorise(ctx.actor, manageShipping, storeId);
  const { storeId: _storeId, rates: brackets, ...body } = input;
  const columns = columnsOf(body);
  const stamps = { createdAt: ctx.now, updatedAt: ctx.now };
  const row: ShippingZoneRow = { id: ctx.newId(), storeId, ...NOTHING_EXTRA, ...columns, ...stamps };
  const fault = bracketFault(brackets, currency);
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
  assertPlaced(row);
  assertNamed(row, others);
  assertAlone(row, others);
  const rates = brackets.map((bracket) => ({ id: ctx.newId(), storeId, zoneId: row.id, ...bracket, ...stamps }));
  ctx.insert(shippingZones, row);
  ctx.insert(shippingRates, rates);
  await named(row, () => ctx.flush());
  ctx.audit({ ...subjectOf(row), action: 'shipping_zone.add', after: { ...columns, rates: brackets } });
  return { row, rates: rates.sort((a, b) => a.upToGrams - b.upToGrams) };
}

/** Throws 404 ZONE_NOT_FOUND, and what adding such a zone throws. */
export async function changeZone(ctx: CommandContext, id: string, change: ZoneChangeBody): Promise<Zone> {
  const { row } = await lockZone(ctx, id);
  const columns = columnsOf(change);
  const after: ShippingZoneRow = { ...row, ...columns, updatedAt: ctx.now };
  const isMoved = change.country !== undefined || change.cities !== undefined || change.postalPatterns !== undefined;
  if (isMoved || change.name !== undefined) {
    const others = (await zonesOf(ctx, row.storeId)).filter((other) => other.id !== id);
    assertPlaced(after);
    if (change.name !== undefined) assertNamed(after, others);
    if (isMoved) assertAlone(after, others);
  }
  await named(after, () => ctx.update(shippingZones, { ...columns, updatedAt: ctx.now }, 'id = :id', { id }));
  const fields = Object.keys(columns) as (keyof typeof columns)[];
  const before = Object.fromEntries(fields.map((field) => [field, row[field]]));
  ctx.audit({ ...subjectOf(row), action: 'shipping_zone.change', before, after: columns });
  return { row: after, rates: await ratesOf(ctx, id) };
}

/**
 * Its prices go with it; orders keep what they were charged. Throws 404 ZONE_NOT_FOUND, 409 ZONE_NEEDED for the last
 * one: a store without zones charges nothing for delivery, which nobody should come to by clearing up.
 */
export async function removeZone(ctx: CommandContext, id: string): Promise<Zone> {
  const zone = await lockZone(ctx, id);
  const { name, storeId } = zone.row;
  if ((await zonesOf(ctx, storeId)).length === 1) {
    const message = `"${name}" is the store’s last zone; without any, orders that name no delivery charge would be delivered free of charge. Change it with PATCH /api/v1/shipping/zones/${id}, or set its prices to 0 if that is meant.`;
    throw new ConflictError('ZONE_NEEDED', message, { facts: { zoneId: id, zone: name } });
  }
  await ctx.execute('DELETE FROM shipping_rates WHERE zone_id = :id', { id });
  await ctx.execute('DELETE FROM shipping_zones WHERE id = :id', { id });
  const { id: _id, storeId: _storeId, createdAt: _createdAt, updatedAt: _updatedAt, ...columns } = zone.row;
  const rates = zone.rates.map(({ upToGrams, priceMinor }) => ({ upToGrams, priceMinor }));
  ctx.audit({ ...subjectOf(zone.row), action: 'shipping_zone.remove', before: { ...columns, rates } });
  return zone;
}

/** The zone with its prices as they are now; no other change of the store's zones comes between. */
export async function lockZone(ctx: CommandContext, id: string): Promise<Zone & { currency: string }> {
  const known = await ctx.get(shippingZones, 'id = :id', { id });
  if (!known) throw zoneNotFound();
  authorise(ctx.actor, manageShipping, known.storeId);
  const store = await lockStore(ctx, known.storeId);
  const [row] = await ctx.lock(shippingZones, 'id = :id', { id });
  if (!row || !store) throw zoneNotFound();
  return { row, rates: await ratesOf(ctx, id), currency: store.currency };
}

/** Whether zones share ground is a question about all of them, so they change one after the other. */
async function lockStore(ctx: CommandContext, storeId: string): Promise<StoreRow | undefined> {
  const [store] = await ctx.lock(stores, 'id = :storeId', { storeId });
  return store;
}

export function subjectOf({ id, storeId }: Pick<ShippingZoneRow, 'id' | 'storeId'>): {
  subjectType: string;
  subjectId: string;
  storeId: string;
} {
  return { subjectType: 'shipping_zone', subjectId: id, storeId };
}

function assertPlaced({ country, cities, postalPatterns }: ShippingZoneRow): void {
  if (country !== null || cities.length + postalPatterns.length === 0) return;
  const message = 'Cities and postal codes are those of a country. Name it, such as BD.';
  throw new ValidationError('COUNTRY_MISSING', message, {
    errors: [{ path: 'country', code: 'COUNTRY_MISSING', message }],
  });
}

function assertNamed(zone: ShippingZoneRow, others: readonly ShippingZoneRow[]): void {
  const other = others.find(({ name }) => plainCity(name) === plainCity(zone.name));
  if (other) throw zoneExists(other.name, other.id);
}

/** Names that a database holds for one, such as with and without an accent, are one to us too. */
async function named<Result>({ name }: ShippingZoneRow, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw isDuplicateKey(error) ? zoneExists(name) : error;
  }
}

function zoneExists(name: string, zoneId?: string): ConflictError {
  const path = zoneId === undefined ? '/api/v1/shipping/zones/:id' : `/api/v1/shipping/zones/${zoneId}`;
  const message = `The store has a zone "${name}" already. PATCH ${path} changes it.`;
  const errors = [{ path: 'name', code: 'ZONE_EXISTS', message: 'Use another name.' }];
  return new ConflictError('ZONE_EXISTS', message, { errors, facts: zoneId ? { zoneId, zone: name } : {} });
}

function assertAlone(zone: ShippingZoneRow, others: readonly ShippingZoneRow[]): void {
  const ground = groundOf(zone);
  for (const other of others) {
    const shared = sharedGround(ground, groundOf(other));
    if (shared === undefined) continue;
    const message = `"${other.name}" covers ${shared} as well, so nobody could tell which price counts. Take it out of one of the two zones.`;
    const errors = [{ path: pathOf(zone, shared), code: 'ZONE_OVERLAPS', message }];
    throw new ConflictError('ZONE_OVERLAPS', message, {
      errors,
      facts: { zoneId: other.id, zone: other.name, shared },
    });
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
