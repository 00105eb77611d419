/**
 * Sends what a person did, one after the other in the order they did it, and keeps it until it was answered. What
 * somebody waits for (`isNow`) is kept nowhere: sent in its turn or not at all.
 */
const RETRY_MS = { first: 1000, most: 15_000 };
/** An action on which the service stumbles so often must not hold up the others. */
const STUMBLES_MAX = 5;

/**
 * `send` answers `{ ok, … }`, `{ stumbled: true }` when the service failed, and throws when there is no connection.
 * `onAnswer(action, answer)` hears each answer, `onUnsent(action)` of each that had to be answered now and was not, and
 * `onChange()` whenever something was added, answered or has to wait.
 */
export class Queue {
  #kept;
  #actions = [];
  #send;
  #onAnswer;
  #onUnsent;
  #onChange;
  #isSending = false;
  #retry;
  #retryMs = RETRY_MS.first;
  #stumbles = 0;
  /** Whether the last attempt met no connection. */
  isWaiting = false;

  constructor(kept, { send, onAnswer, onUnsent, onChange }) {
    this.#kept = kept;
    this.#send = send;
    this.#onAnswer = onAnswer;
    this.#onUnsent = onUnsent;
    this.#onChange = onChange;
  }

  get actions() {
    return this.#actions;
  }

  /** Takes up what an earlier visit of the page left. */
  async open() {
    this.#actions = (await this.#kept.all()).map((action) => ({ ...action, hasWaited: true }));
    if (this.#actions.length === 0) return;
    this.isWaiting = true;
    this.#onChange();
    void this.flush();
  }

  async add(action) {
    if (action.isNow) {
      this.#actions.push(action);
      return void this.flush();
    }
    // A phone that is full keeps it as long as the page is open.
    const kept = await this.#kept.add(action).catch(() => action);
    this.#actions.push({ ...kept, hasWaited: this.isWaiting });
    this.#onChange();
    if (!this.isWaiting) void this.flush();
  }

  /** Sends until nothing is left or there is no connection; then tries again by itself, ever more rarely. */
  async flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#retry);
    let unsent = [];
    try {
      while (this.#actions.length > 0) await this.#sendFirst();
      this.#retryMs = RETRY_MS.first;
    } catch {
      unsent = this.#actions.filter(({ isNow }) => isNow);
      this.#actions = this.#actions.filter(({ isNow }) => !isNow);
      if (this.#actions.length > 0) this.#wait();
    } finally {
      this.#isSending = false;
      this.#onChange();
      for (const action of unsent) this.#onUnsent(action);
    }
  }

  async #sendFirst() {
    const [action] = this.#actions;
    const answer = await this.#send(action);
    if (answer.stumbled && !action.isNow && (this.#stumbles += 1) < STUMBLES_MAX)
      throw new Error('The service stumbled.');
    this.#stumbles = 0;
    // Answered is answered: if this phone forgets to forget it, its id keeps it from counting twice.
    if (!action.isNow) await this.#kept.remove(action).catch(() => undefined);
    this.#actions = this.#actions.filter((one) => one !== action);
    this.isWaiting = false;
    this.#onAnswer(action, answer);
    this.#onChange();
  }

  #wait() {
    this.isWaiting = true;
    for (const action of this.#actions) action.hasWaited = true;
    this.#retry = setTimeout(() => void this.flush(), this.#retryMs);
    this.#retryMs = Math.min(RETRY_MS.most, this.#retryMs * 2);
  }
}
