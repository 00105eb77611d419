import type { StoreRow } from '../../../server/people';
import type { ReadContext } from '../../../server/platform/context';
import { quoteShipping } from '../../../server/shipping/rates/quote';
import { shippingRates, shippingZones } from '../../../server/shipping/rates/rates.models';
import { AMOUNT_MINOR_MAX } from '../../../server/platform/money';

type Json = Record<string, any>;

const STORE = { id: 'main', currency: 'BDT', timezone: 'Asia/Dhaka' } as StoreRow;
const NOTHING_EXTRA = { codBasisPoints: 0, codMinimumMinor: 0, remoteMinor: 0, fragileMinor: 0, roundUpToMinor: 1 };
const zone = (id: string, more: Json): Json => ({
  ...{ id, name: id, storeId: 'main', country: 'BD', cities: [], postalPatterns: [], furtherKgMinor: null },
  ...{ ...NOTHING_EXTRA, transitDaysMin: null, transitDaysMax: null },
  ...more,
});
const CITY = zone('city', { cities: ['Dhaka'] });
const COUNTRY = zone('country', {});
const RATES: Record<string, Json[]> = { country: [{ upToGrams: 1000, priceMinor: 13_000 }] };

/** Answers one list of zones after the other. */
const ledger = (...zoneLists: Json[][]): ReadContext =>
  ({
    actor: { role: 'store_manager' },
    now: '2026-11-20T09:00:00.000Z',
    find: (table: unknown, _where: string, { zoneId = '' }: Record<string, string>) => {
      if (table === shippingRates) return Promise.resolve(RATES[zoneId] ?? []);
      expect(table).toBe(shippingZones);
      return Promise.resolve(zoneLists.length > 1 ? zoneLists.shift() : zoneLists[0]);
    },
  }) as unknown as ReadContext;

const quote = (ctx: ReadContext, weightGrams = 500) => {
  const place = { country: 'BD', city: 'Dhaka' };
  return quoteShipping(ctx, STORE, { place, parcels: [{ weightGrams, fragile: false }], cod: { totalMinor: 0 } });
};

describe('A zone that is removed while a quote is made', () => {
  it('is looked for again, so that the zone which covers the place now counts', async () => {
    expect(await quote(ledger([CITY, COUNTRY], [COUNTRY]))).toMatchObject({ zone: 'country', totalMinor: 13_000 });
  });

  it('leaves the place to nobody where no other covers it', async () => {
    await expect(quote(ledger([CITY], []))).rejects.toMatchObject({ code: 'ADDRESS_NOT_SERVICEABLE' });
  });

  it('is looked for once more only, and a zone without any price carries nothing', async () => {
    await expect(quote(ledger([CITY]))).rejects.toMatchObject({
      ...{ code: 'PARCEL_TOO_HEAVY', facts: { heaviestGrams: 0 } },
      message: expect.not.stringContaining('Infinity'),
    });
  });
});

it('A delivery that no order could be worth is refused', async () => {
  RATES.dear = [{ upToGrams: 1, priceMinor: 0 }];
  const ctx = ledger([zone('dear', { furtherKgMinor: 100_000_000 })]);
  expect((await quote(ctx, 90_000_000)).totalMinor).toBe(AMOUNT_MINOR_MAX);
  await expect(quote(ctx, 90_001_000)).rejects.toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
});
