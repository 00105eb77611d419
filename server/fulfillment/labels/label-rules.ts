import type { OrderRow, OrderStatus } from '../../orders';
import { ConflictError } from '../../platform/errors';

/** While an order is worked on, its parcel may get a label. */
const LABEL_STATUSES: readonly OrderStatus[] = ['processing', 'partially_fulfilled', 'fulfilled', 'awaiting_handoff'];

/** What must be done first, where something can be done. */
const WAYS_OUT: Partial<Record<OrderStatus, string>> = {
  pending: 'Confirm and process it first.',
  confirmed: 'Process it first.',
  ready_for_pickup: 'It waits for its customer at the counter; resume it to send it after all.',
  shipped: 'Its parcel is on its way. If it comes back, recall it with fail_delivery.',
  delivery_failed: 'Its parcel has left already; make another delivery of it with reattempt.',
};

type Labelled = Pick<OrderRow, 'status' | 'fulfillmentMethod' | 'shippingAddress'>;

/**
 * Whether a new label makes sense. A store that ships unpicked orders may label them as soon as they are confirmed.
 * Throws 409 NOT_FOR_DELIVERY, ADDRESS_MISSING or LABEL_NOT_POSSIBLE.
 */
export function assertLabelPossible(order: Labelled, preparation: 'optional' | 'required'): void {
  const { status, fulfillmentMethod, shippingAddress } = order;
  if (fulfillmentMethod !== 'delivery') {
    throw new ConflictError(
      'NOT_FOR_DELIVERY',
      `This order is for ${fulfillmentMethod}: its customer comes for it, so it has no label. Print its packing slip instead.`,
      { facts: { fulfillmentMethod } },
    );
  }
  if (!shippingAddress) {
    throw new ConflictError(
      'ADDRESS_MISSING',
      'The order has no address to print. Give it one first: PUT /api/v1/orders/:id with shippingAddress.',
      { errors: [{ path: 'shippingAddress', code: 'REQUIRED', message: 'Give the address of the order.' }] },
    );
  }
  const allowed = preparation === 'optional' ? ['confirmed', ...LABEL_STATUSES] : LABEL_STATUSES;
  if (allowed.includes(status)) return;
  const wayOut = WAYS_OUT[status] ?? 'There is nothing left to send.';
  throw new ConflictError('LABEL_NOT_POSSIBLE', `An order that is ${status} gets no label. ${wayOut}`, {
    facts: { orderStatus: status, allowedStatuses: allowed },
  });
}
