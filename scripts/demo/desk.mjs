import { setTimeout as sleep } from 'node:timers/promises';

/** How long a pipeline has for the next step before somebody at the desk does it by hand. */
const PIPELINE_FIRST_MS = 6_000;
/** A customer who types an amount wrong sends this much less. */
const TOO_LITTLE_MINOR = 5_000;

/** The cashier, customer service and the manager: what people of the shop do that no pipeline decides. */
export class Desk {
  #book;

  constructor(book) {
    this.#book = book;
  }

  /** The money was in the shop's wallet after all: the cashier types the transaction id from the statement. */
  async findPayment(order) {
    await this.#record(order, { turn: 0 });
    await this.#confirmOnceDue(order);
  }

  /** The customer sent too little, is asked, and sends the rest. */
  async collectTheRest(order) {
    const { balanceDueMinor } = order.seen;
    await this.#record(order, { turn: 0, amountMinor: balanceDueMinor - TOO_LITTLE_MINOR, acceptDifference: true });
    await order.until('a part payment', () => order.seen.paymentStatus === 'partially_paid');
    await this.#record(order, { turn: 1 });
    await this.#confirmOnceDue(order);
  }

  /** At the counter: money in the till if any is due, then the goods over it. */
  async handOver(order) {
    const { balanceDueMinor } = await order.read();
    if (balanceDueMinor > 0) await order.postTo('till', '/payments', { method: 'cash' });
    await order.moveUnlessMoved('complete');
  }

  cancel(order, reason, note) {
    const asked = reason === 'customer_requested' ? this.#askedBy(order) : {};
    return order.postTo('cancel', '/cancel', { reason, note, restock: true, notify: true, ...asked });
  }

  /** Money back by the way it came, once the cancellation has said how much. */
  async refund(order) {
    const refund = await order.until('a refund to send', async () => {
      const { refunds = [] } = await order.read();
      return refunds.find(({ status }) => status === 'approved' || status === 'settled');
    });
    if (refund.status === 'settled') return;
    await order.post(`refund-${refund.id}`, `/refunds/${refund.id}/execute`, {
      transactionId: this.#book.transactionId(order.body.paymentMethod, order.n, 9),
    });
  }

  /** The courier's payout for one parcel is on the bank statement. */
  remit(order) {
    return order.postTo('remit', '/payments', { method: 'cod' });
  }

  #askedBy({ body }) {
    return { customerContact: body.customer.phone, requestedAt: new Date().toISOString() };
  }

  #record(order, { turn, ...amount }) {
    const method = order.body.paymentMethod;
    const transactionId = this.#book.transactionId(method, order.n, turn);
    return order.postTo(`payment-${turn}`, '/payments', { method, transactionId, ...amount });
  }

  async #confirmOnceDue(order) {
    const until = Date.now() + PIPELINE_FIRST_MS;
    while (Date.now() < until && order.seen.status === 'pending') await sleep(500);
    if (order.seen.status === 'pending') await order.moveUnlessMoved('confirm');
  }
}
