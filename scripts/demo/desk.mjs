/** A customer who types an amount wrong sends this much less. */
const TOO_LITTLE_MINOR = 5_000;
/** Tells the transfer back from the customer's own. */
const REFUND_TURN = 9;

/** The cashier, customer service and the manager: what people of the shop do that no pipeline decides. */
export class Desk {
  #book;

  constructor(book) {
    this.#book = book;
  }

  /** The money was in the shop's wallet after all: the cashier types the transaction id from the statement. */
  async findPayment(order) {
    await this.#record(order, { turn: 0 });
  }

  /** The customer sent too little, is asked, and sends the rest. */
  async collectTheRest(order) {
    const { balanceDueMinor } = order.seen;
    await this.#record(order, { turn: 0, amountMinor: balanceDueMinor - TOO_LITTLE_MINOR, acceptDifference: true });
    await order.until('a part payment', () => order.seen.paymentStatus === 'partially_paid');
    await this.#record(order, { turn: 1 });
  }

  /** The manager has taken what was not found off the bill; the cashier pays it back. */
  async payBackMissing(order) {
    await order.until('what is missing to be taken off the bill', async () => {
      const { refundsPayableMinor } = await order.read();
      return refundsPayableMinor > 0;
    });
    await this.#payBack(order, await order.postTo('refund', '/refund', { reason: 'Not on the shelf' }));
  }

  /** Money in the till, if any is due. */
  async takePayment(order) {
    const { balanceDueMinor } = await order.read();
    if (balanceDueMinor > 0) await order.postTo('till', '/payments', { method: 'cash' });
  }

  /** Asked on the phone; whoever hands the goods over looks at a document. */
  async askAge(order) {
    await order.postTo('age', '/compliance_checks', { kind: 'age', documentKind: 'phone', confirmed: true });
  }

  /** The customer asked for it. */
  cancel(order, note) {
    const { phone } = order.body.customer;
    const asked = { customerContact: phone, requestedAt: new Date().toISOString() };
    return order.postTo('cancel', '/cancel', { reason: 'customer_requested', note, ...asked });
  }

  /** A pipeline decides what is paid back of a cancelled order; the cashier sends it by the way it came. */
  async refundCancelled(order) {
    const refund = await order.until('its refund to be decided', async () => {
      const { refunds } = await order.read();
      return refunds.find(({ status }) => status === 'approved');
    });
    await this.#payBack(order, refund);
  }

  /** The courier's payout for one parcel is on the bank statement. */
  remit(order) {
    return order.postTo('remit', '/payments', { method: 'cod' });
  }

  #payBack(order, { id }) {
    const transactionId = this.#book.transactionId(order.body.paymentMethod, order.n, REFUND_TURN);
    return order.post(`refund-${id}`, `/refunds/${id}/execute`, { transactionId });
  }

  #record(order, { turn, ...amount }) {
    const method = order.body.paymentMethod;
    const transactionId = this.#book.transactionId(method, order.n, turn);
    return order.postTo(`payment-${turn}`, '/payments', { method, transactionId, ...amount });
  }
}
