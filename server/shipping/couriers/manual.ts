import type { FieldError } from '../../platform/errors';
import type { BookingRequest, Courier } from '../courier';

/** The shop brings the parcel itself, or gives it to somebody who has no system: people move the order. */
export const manualCourier: Courier = {
  name: 'manual',
  displayName: 'Own delivery',
  capabilities: { findByReference: false, status: false, cancel: true },
  fitReference: (number) => number,
  check: checkManual,
  assertReady: () => undefined,
  create: () =>
    Promise.resolve({
      kind: 'created',
      courierId: null,
      trackingCode: null,
      trackingUrl: null,
      status: 'pending',
      courierStatus: 'pending',
    }),
};

function checkManual({ parcel }: BookingRequest): FieldError[] {
  const required = [
    [
      'parcel.recipientPhone',
      parcel.recipientPhone,
      'RECIPIENT_PHONE_MISSING',
      'Whoever brings it must be able to call.',
    ],
    ['parcel.address', parcel.address, 'ADDRESS_MISSING', 'Give the address to deliver to.'],
  ] as const;
  return required
    .filter(([, value]) => value.trim() === '')
    .map(([path, , code, message]) => ({ path, code, message }));
}
