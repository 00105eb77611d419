const SANDBOX = '/sandbox/steadfast/control';
const CARRIED_BY_HAND = 'manual';

/** The courier's riders: what happens to a parcel after it has left the shop. */
export class Courier {
  #api;

  constructor(api) {
    this.#api = api;
  }

  /** Tells of the parcel as the courier would, and has the service ask for it. */
  async report(order, courierStatus, ifByHand) {
    const consignment = await this.#consignmentOf(order);
    if (!consignment) return ifByHand();
    await this.#api.outside('PUT', `${SANDBOX}/parcels/${encodeURIComponent(consignment.reference)}`, {
      status: courierStatus,
    });
    await order.post(`sync-${courierStatus}`, `/consignments/${consignment.id}/sync`, {});
  }

  deliver(order) {
    return this.report(order, 'delivered', () => order.move('deliver'));
  }

  /** The customer did not take it, and it came back to the shop, where somebody takes it in. */
  async bringBack(order) {
    await this.report(order, 'cancelled', () => order.move('fail_delivery', { reason: 'refused' }));
    await order.untilStatus('delivery_failed', 'returned');
    await this.report(order, 'cancelled_return_received', () => {});
    await order.moveUnlessMoved('return_all', { reason: 'refused' });
  }

  /** Undefined when somebody of the shop brings it. */
  async #consignmentOf(order) {
    const { consignments } = await order.read();
    return consignments.find(({ courier, status }) => courier !== CARRIED_BY_HAND && status !== 'rejected');
  }
}
