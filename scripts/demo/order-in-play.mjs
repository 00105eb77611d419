import { RequestFailed } from '../launcher/json-client.mjs';

/** One order of the demonstration: its story acts through it, and waits through it. */
export class OrderInPlay {
  #crew;
  /** Things that went otherwise than the story says. */
  problem;
  /** What it waits for at the moment, or waited for when the time was over. */
  waitsFor = 'its turn';

  /**
   * @param {{api: import('./api.mjs').Api, watch: import('./watch.mjs').Watch, patience: import('./patience.mjs').Patience}} crew
   * @param {number} n its place in the run
   */
  constructor(crew, { n, story, body }) {
    this.#crew = crew;
    this.n = n;
    this.story = story;
    this.body = body;
    this.number = body.number;
  }

  /** As it was seen last; undefined before it was placed. */
  get seen() {
    return this.#crew.watch.order(this.number);
  }

  get isAsExpected() {
    const { status, paymentStatus } = this.story.ends;
    const isPaidSo = paymentStatus === undefined || this.seen?.paymentStatus === paymentStatus;
    return this.seen?.status === status && isPaidSo;
  }

  async place() {
    await this.post('place', '/orders', this.body);
  }

  /** The order with its tasks, payments, refunds and consignments, as it stands now. */
  read() {
    return this.#crew.api.get(`/orders/number:${this.number}`);
  }

  /** What the service says of why it does not move. */
  explain() {
    return this.#crew.api.get(`/orders/number:${this.number}/explain`);
  }

  until(what, look) {
    this.waitsFor = what;
    return this.#crew.patience.until(what, look);
  }

  untilStatus(...statuses) {
    return this.until(`status ${statuses.join(' or ')}`, () => {
      const { seen } = this;
      return statuses.includes(seen?.status) && seen;
    });
  }

  untilAsExpected() {
    const { status, paymentStatus } = this.story.ends;
    return this.until(paymentStatus ? `${status}, ${paymentStatus}` : status, () => this.isAsExpected);
  }

  /** @param {string} act the business fact, once per order; it makes the idempotency key */
  post(act, path, body) {
    return this.#crew.api.post(path, body, this.#key(act));
  }

  put(act, path, body) {
    return this.#crew.api.put(path, body, this.#key(act));
  }

  /** Below this order's own path. */
  postTo(act, path, body) {
    return this.post(act, `/orders/number:${this.number}${path}`, body);
  }

  move(move, fields = {}) {
    return this.put(move, `/orders/number:${this.number}/status`, { move, ...fields });
  }

  /** As `move`, when a pipeline may have made the same move a moment before. */
  async moveUnlessMoved(move, fields) {
    try {
      await this.move(move, fields);
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.body?.code !== 'MOVE_NOT_ALLOWED') throw error;
    }
  }

  #key(act) {
    return `demo-${this.number}-${act}`;
  }
}
