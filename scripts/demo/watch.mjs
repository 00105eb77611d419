import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 700;
const PAGE = 200;

/** Reads all orders of the run again and again, so that many may wait for their own at the cost of one. */
export class Watch {
  #api;
  #prefix;
  #orders = new Map();
  #ended = false;

  constructor(api, prefix) {
    this.#api = api;
    this.#prefix = prefix;
  }

  /** Runs until `end` is called; `onLook` hears after each reading. */
  async run(onLook) {
    while (!this.#ended) {
      await this.look();
      onLook(this);
      await sleep(LOOK_EVERY_MS);
    }
  }

  end() {
    this.#ended = true;
  }

  async look() {
    for (let after = ''; after !== null;) {
      const path = `/orders?text=${encodeURIComponent(this.#prefix)}&limit=${PAGE}`;
      const page = await this.#api.get(`${path}${after && `&after=${encodeURIComponent(after)}`}`);
      for (const order of page.items) this.#orders.set(order.number, order);
      after = page.nextCursor;
    }
  }

  order(number) {
    return this.#orders.get(number);
  }

  /** How many orders have each status. */
  countByStatus() {
    const counts = {};
    for (const { status } of this.#orders.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }
}
