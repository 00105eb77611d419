import { setTimeout as sleep } from 'node:timers/promises';

/** How long a pipeline has for the next step before somebody at the desk does it by hand. */
const PIPELINE_FIRST_MS = 8_000;
const LOOK_EVERY_MS = 500;
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
    await this.#confirmOncePaid(order);
  }

  /** The customer sent too little, is asked, and sends the rest. */
  async collectTheRest(order) {
    const { balanceDueMinor } = order.seen;
    await this.#record(order, { turn: 0, amountMinor: balanceDueMinor - TOO_LITTLE_MINOR, acceptDifference: true });
    await order.until('a part payment', () => order.seen.paymentStatus === 'partially_paid');
    await this.#record(order, { turn: 1 });
    await this.#confirmOncePaid(order);
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

  /** Money back by the way it came. A pipeline decides it, or else the desk; the cashier sends it. */
  async refund(order) {
    const decided = await this.#pipelineFirst(async () => (await order.read()).refunds.find(isOpen));
    const refund = decided ?? (await order.postTo('refund', '/refund', { reason: 'Cancelled' }));
    await order.post(`refund-${refund.id}`, `/refunds/${refund.id}/execute`, {
      transactionId: this.#book.transactionId(order.body.paymentMethod, order.n, REFUND_TURN),
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

  async #confirmOncePaid(order) {
    const isConfirmed = await this.#pipelineFirst(() => order.seen.status !== 'pending');
    if (!isConfirmed) await order.moveUnlessMoved('confirm');
  }

  /** What a pipeline has done within its time; undefined when it is left to people. */
  async #pipelineFirst(look) {
    for (const until = Date.now() + PIPELINE_FIRST_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
      const seen = await look();
      if (seen) return seen;
    }
    return undefined;
  }
}

function isOpen({ status }) {
  return status !== 'settled';
}
