import type { OrderRow } from '../orders';

/** The address as it is written on paper, one entry a line; empty when the order has none. */
export function addressLines({ shippingAddress }: Pick<OrderRow, 'shippingAddress'>): string[] {
  if (!shippingAddress) return [];
  const { line1, line2, city, region, postalCode, country } = shippingAddress;
  const town = [city, postalCode].filter(Boolean).join(' ');
  return [line1, line2, town, region, countryName(country)].filter((line): line is string => Boolean(line));
}

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });

function countryName(code: string): string {
  return COUNTRIES.of(code) ?? code;
}
