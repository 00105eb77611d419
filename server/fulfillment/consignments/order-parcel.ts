import { openQuantity, type OrderState, type OrderRow } from '../../orders';
import type { Parcel } from '../../shipping';

const DESCRIPTION_MAX = 250;

/** The address as a rider reads it: the lines, then the place. */
export function addressText(address: OrderRow['shippingAddress']): string {
  if (!address) return '';
  const { line1, line2, city, region, postalCode } = address;
  const place = [city, postalCode].filter(Boolean).join(' ');
  return [line1, line2, place, region].filter(Boolean).join(', ');
}

/** What a courier gets to know of an order: no more than it needs to find the door and collect the money. */
export function parcelOf({ order, lines }: OrderState, note?: string): Parcel {
  const open = lines.filter((line) => openQuantity(line) > 0);
  const text = open.map((line) => `${openQuantity(line)} × ${line.name}`).join(', ');
  return {
    recipientName: order.customerName,
    recipientPhone: order.customerPhone ?? '',
    address: addressText(order.shippingAddress),
    country: order.shippingAddress?.country ?? '',
    description: text.length > DESCRIPTION_MAX ? `${text.slice(0, DESCRIPTION_MAX - 1)}…` : text,
    units: open.reduce((sum, line) => sum + openQuantity(line), 0),
    ...(note ? { note } : {}),
  };
}

/** What the rider collects: the balance due of an order that is paid at the door; of any other, nothing. */
export function codAmountOf({ paymentMethod, receivableMinor }: OrderRow): number {
  return paymentMethod === 'cod' ? receivableMinor : 0;
}

const ORDER_FIELDS: Readonly<Record<string, string>> = {
  reference: 'reference',
  'parcel.recipientName': 'customer.name',
  'parcel.recipientPhone': 'customer.phone',
  'parcel.address': 'shippingAddress.line1',
  'parcel.country': 'shippingAddress.country',
  'parcel.description': 'lines',
  'parcel.units': 'lines',
  'parcel.note': 'note',
  codAmountMinor: 'balanceDueMinor',
};

/** The field of the order, or of the request, that stands behind a field of the parcel. */
export function orderField(path: string): string {
  return ORDER_FIELDS[path] ?? path;
}
