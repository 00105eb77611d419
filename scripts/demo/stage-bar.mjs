const BAR_WIDTH = 30;
/** Without a terminal a line is written when something has changed, at most this often. */
const PLAIN_LINE_MS = 5_000;
const STATUS_ORDER = [
  'pending', 'confirmed', 'processing', 'partially_fulfilled', 'fulfilled', 'ready_for_pickup', 'awaiting_handoff',
  'shipped', 'delivery_failed', 'delivered', 'completed', 'returned', 'cancelled', 'rejected',
]; // prettier-ignore

/** How many orders have come to their end, and where the others are: a bar on a terminal, else a line now and then. */
export class StageBar {
  #stream;
  #startedAt = Date.now();
  #linesDrawn = 0;
  #lastPlain = { at: 0, text: '' };

  constructor(stream = process.stdout) {
    this.#stream = stream;
  }

  show(progress) {
    if (this.#stream.isTTY) this.#draw(progress);
    else this.#writeNowAndThen(progress);
  }

  /** Leaves what was shown last standing. */
  end(progress) {
    if (this.#stream.isTTY) this.#draw(progress);
    else this.#write(describe(progress));
  }

  #draw({ ended, count, byStatus }) {
    const filled = Math.round((BAR_WIDTH * ended) / count);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const width = this.#stream.columns ?? 80;
    const lines = [`${bar} ${ended} of ${count} orders at their end, ${this.#seconds} s`, `  ${listOf(byStatus)}`];
    const back = this.#linesDrawn > 0 ? `\x1b[${this.#linesDrawn}A` : '';
    // A line that wraps would be two to go back, so it is cut.
    this.#stream.write(back + lines.map((line) => `\r\x1b[K${line.slice(0, width - 1)}\n`).join(''));
    this.#linesDrawn = lines.length;
  }

  #writeNowAndThen(progress) {
    const text = describe(progress);
    if (text === this.#lastPlain.text || Date.now() - this.#lastPlain.at < PLAIN_LINE_MS) return;
    this.#write(text);
  }

  #write(text) {
    this.#lastPlain = { at: Date.now(), text };
    this.#stream.write(`… ${text} (${this.#seconds} s)\n`);
  }

  get #seconds() {
    return Math.round((Date.now() - this.#startedAt) / 1000);
  }
}

function describe({ ended, count, byStatus }) {
  return `${ended} of ${count} orders at their end: ${listOf(byStatus)}`;
}

/** In the order in which an order lives. */
function listOf(byStatus) {
  const known = STATUS_ORDER.filter((status) => byStatus[status]);
  return known.map((status) => `${status} ${byStatus[status]}`).join(' · ') || 'placing them';
}
