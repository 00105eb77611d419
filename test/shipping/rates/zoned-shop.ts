import type { TestApp } from '../../support/app';
import { expectStatus } from '../../support/shop';

type Json = Record<string, any>;

/** What a shop in Dhaka charges: the city, its suburbs by postal code, the rest of the country. */
export const DHAKA: Json = {
  name: 'Inside Dhaka',
  country: 'BD',
  cities: ['Dhaka', 'ঢাকা'],
  rates: [
    { upToGrams: 1000, priceMinor: 6_000 },
    { upToGrams: 2000, priceMinor: 7_500 },
  ],
  furtherKgMinor: 1_500,
  transitDays: { min: 1, max: 2 },
};
export const SUBURBS: Json = {
  name: 'Dhaka suburbs',
  country: 'BD',
  postalPatterns: ['1310-1349', '170*', '1400'],
  rates: [{ upToGrams: 1000, priceMinor: 10_000 }],
  furtherKgMinor: 2_000,
  surcharges: { codPercent: 1, fragileMinor: 1_000 },
  roundUpToMinor: 100,
  transitDays: { min: 2, max: 3 },
};
export const COUNTRY: Json = {
  name: 'Outside Dhaka',
  country: 'BD',
  rates: [
    { upToGrams: 1000, priceMinor: 13_000 },
    { upToGrams: 5000, priceMinor: 20_000 },
  ],
  surcharges: { codPercent: 1, codMinimumMinor: 1_500, remoteMinor: 2_500, fragileMinor: 1_000 },
  roundUpToMinor: 100,
};

export const addressIn = (city: string, postalCode?: string): Json => ({
  line1: 'House 12, Road 5',
  ...{ city, postalCode, country: 'BD' },
});

export async function addZones(app: TestApp, zones: readonly Json[] = [DHAKA, SUBURBS, COUNTRY]): Promise<Json[]> {
  const made: Json[] = [];
  for (const zone of zones) made.push(expectStatus(await app.post('/shipping/zones', zone), 201).body);
  return made;
}
