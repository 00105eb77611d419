import { defineTable } from '../../platform/database/table';
import type { Tariff } from './rates';
import type { Reach } from './zone-match';

/** A part of the world with one tariff. */
export interface ShippingZoneRow extends Reach, Omit<Tariff, 'brackets'> {
  id: string;
  storeId: string;
  name: string;
  cities: string[];
  postalPatterns: string[];
  /** Days from leaving to arriving; both null when nobody promised any. */
  transitDaysMin: number | null;
  transitDaysMax: number | null;
  createdAt: string;
  updatedAt: string;
}

/** What a parcel up to a weight costs in a zone. */
export interface ShippingRateRow {
  id: string;
  storeId: string;
  zoneId: string;
  upToGrams: number;
  priceMinor: number;
  createdAt: string;
  updatedAt: string;
}

export const shippingZones = defineTable<ShippingZoneRow>('shipping_zones', { json: ['cities', 'postalPatterns'] });
export const shippingRates = defineTable<ShippingRateRow>('shipping_rates');
