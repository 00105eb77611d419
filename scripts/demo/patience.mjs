import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 300;

/** Thrown when the demonstration's time is over; `waitedFor` says what did not come. */
export class TimeUp extends Error {
  constructor(waitedFor) {
    super(`The time is over; it waited for ${waitedFor}.`);
    this.waitedFor = waitedFor;
  }
}

/** One deadline for everything the demonstration waits for. */
export class Patience {
  #until;

  constructor(limitMs) {
    this.#until = Date.now() + limitMs;
  }

  /** Nobody waits any longer. */
  end() {
    this.#until = 0;
  }

  get isOver() {
    return Date.now() >= this.#until;
  }

  /**
   * Looks until `look` answers something true, and gives it back.
   * @param {string} what the words that end "it waited for"
   * @throws {TimeUp}
   */
  async until(what, look) {
    for (;;) {
      const seen = await look();
      if (seen) return seen;
      if (this.isOver) throw new TimeUp(what);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
