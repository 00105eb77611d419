import type { CommandContext } from '../../platform/context';
import { ConflictError, NotFoundError, ValidationError } from '../../platform/errors';
import { type Bracket, bracketFault, type BracketFault } from './rates';
import { type ShippingRateRow, shippingRates } from './rates.models';
import { BRACKETS_MAX, type RateBody } from './rates.schema';
import { lockZone, subjectOf } from './zones.service';

/** Throws 404 ZONE_NOT_FOUND, 409 RATE_EXISTS or TOO_MANY_RATES, 422 RATE_BELOW_LIGHTER. */
export async function addRate(ctx: CommandContext, { zoneId, ...bracket }: RateBody): Promise<ShippingRateRow> {
  const { row, rates, currency } = await lockZone(ctx, zoneId);
  if (rates.length >= BRACKETS_MAX) {
    throw new ConflictError('TOO_MANY_RATES', `A zone has at most ${BRACKETS_MAX} prices. Change one of them.`);
  }
  assertFits(bracket, rates, currency);
  const stamps = { createdAt: ctx.now, updatedAt: ctx.now };
  const rate: ShippingRateRow = { id: ctx.newId(), storeId: row.storeId, zoneId, ...bracket, ...stamps };
  ctx.insert(shippingRates, rate);
  ctx.audit({ ...subjectOf(row), action: 'shipping_rate.add', after: { rateId: rate.id, ...bracket } });
  return rate;
}

/** Throws 404 RATE_NOT_FOUND, and what adding such a rate throws. */
export async function changeRate(ctx: CommandContext, id: string, change: Partial<Bracket>): Promise<ShippingRateRow> {
  const { zone, rate, others, currency } = await lockRate(ctx, id);
  const after = { ...rate, ...change, updatedAt: ctx.now };
  assertFits(after, others, currency);
  await ctx.update(shippingRates, { ...change, updatedAt: ctx.now }, 'id = :id', { id });
  const { upToGrams, priceMinor } = rate;
  ctx.audit({
    ...subjectOf(zone),
    action: 'shipping_rate.change',
    before: { rateId: id, upToGrams, priceMinor },
    after: { rateId: id, upToGrams: after.upToGrams, priceMinor: after.priceMinor },
  });
  return after;
}

/** Throws 404 RATE_NOT_FOUND, 409 RATE_NEEDED for a zone's only one. */
export async function removeRate(ctx: CommandContext, id: string): Promise<ShippingRateRow> {
  const { zone, rate, others } = await lockRate(ctx, id);
  if (others.length === 0) {
    const message = `This is the only price of "${zone.name}". Change it, or DELETE /api/v1/shipping/zones/${zone.id}.`;
    throw new ConflictError('RATE_NEEDED', message, { facts: { zoneId: zone.id, zone: zone.name } });
  }
  await ctx.execute('DELETE FROM shipping_rates WHERE id = :id', { id });
  const { upToGrams, priceMinor } = rate;
  ctx.audit({ ...subjectOf(zone), action: 'shipping_rate.remove', before: { rateId: id, upToGrams, priceMinor } });
  return rate;
}

async function lockRate(ctx: CommandContext, id: string) {
  const known = await ctx.get(shippingRates, 'id = :id', { id });
  if (!known) throw rateNotFound();
  const { row: zone, rates, currency } = await lockZone(ctx, known.zoneId);
  const rate = rates.find((one) => one.id === id);
  if (!rate) throw rateNotFound();
  return { zone, rate, others: rates.filter((one) => one.id !== id), currency };
}

function assertFits(bracket: Bracket, others: readonly ShippingRateRow[], currency: string): void {
  const fault = bracketFault([...others, bracket], currency);
  if (!fault) return;
  throw refusalOf(fault, others);
}

/** Whichever of two prices the fault stands at, the one that was sent is the one to put right. */
function refusalOf({ field: path, code, message }: BracketFault, others: readonly ShippingRateRow[]): Error {
  const errors = [{ path, code, message }];
  if (code !== 'RATE_EXISTS') return new ValidationError(code, message, { errors });
  return new ConflictError(code, message, { errors, facts: { zoneId: others[0]?.zoneId } });
}

function rateNotFound(): NotFoundError {
  return new NotFoundError('RATE_NOT_FOUND', 'There is no such price. GET /api/v1/shipping/rates lists them.');
}
