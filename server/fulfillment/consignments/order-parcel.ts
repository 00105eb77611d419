import type { OrderRow, OrderState } from '../../orders';
import type { Parcel } from '../../shipping';
import { NOTE_MAX } from './consignments.schema';
import { leavingUnits, type Parts } from './parcel-parts';

const DESCRIPTION_MAX = 250;

/** The address as a rider reads it: the lines, then the place. */
export function addressText(address: OrderRow['shippingAddress']): string {
  if (!address) return '';
  const { line1, line2, city, region, postalCode } = address;
  const place = [city, postalCode].filter(Boolean).join(' ');
  return [line1, line2, place, region].filter(Boolean).join(', ');
}

/** What a courier gets to know of an order: no more than it needs to find the door and collect the money. */
export function parcelOf(state: OrderState, parts: Parts, note?: string): Parcel {
  const { order } = state;
  const unitsOf = leavingUnits(state, parts);
  const inside = state.lines.filter((line) => unitsOf(line) > 0);
  const text = inside.map((line) => `${unitsOf(line)} × ${line.name}`).join(', ');
  return {
    recipientName: order.customerName,
    recipientPhone: order.customerPhone ?? '',
    address: addressText(order.shippingAddress),
    country: order.shippingAddress?.country ?? '',
    description: text.length > DESCRIPTION_MAX ? `${text.slice(0, DESCRIPTION_MAX - 1)}…` : text,
    units: inside.reduce((sum, line) => sum + unitsOf(line), 0),
    ...(note ? { note } : {}),
  };
}

/** What the rider is told: first what must be done at the door, since couriers cut a long note off at its end. */
export function riderNote(note: string | undefined, minimumAge: number | null): string | undefined {
  if (minimumAge === null) return note;
  const atTheDoor = `Check the age: ${minimumAge} or older.`;
  return note ? `${atTheDoor} ${note}`.slice(0, NOTE_MAX) : atTheDoor;
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
