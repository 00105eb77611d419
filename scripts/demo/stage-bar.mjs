const BAR_WIDTH = 30;
/** Without a terminal a line is written when something has changed, at most this often … */
const PLAIN_LINE_MS = 5_000;
/** … and now and then when nothing has, so that a log shows that it is alive and what it waits for. */
const PLAIN_SAME_LINE_MS = 20_000;
const WAITING_SHOWN = 3;
/** Some terminals do not say how wide they are. */
const COLUMNS = 80;
const STATUS_ORDER = [
  'pending',
  'confirmed',
  'processing',
  'partially_fulfilled',
  'fulfilled',
  'ready_for_pickup',
  'awaiting_handoff',
  'shipped',
  'delivery_failed',
  'delivered',
  'completed',
  'returned',
  'cancelled',
  'rejected',
];

/** How many orders have come to their end, and where the others are: a bar on a terminal, else a line now and then. */
export class StageBar {
  #stream;
  #startedAt = Date.now();
  #linesDrawn = 0;
  #lastPlain = { at: 0, text: '' };

  /** @param {{isTTY?: boolean, columns?: number, write(text: string): unknown}} stream */
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
    else if (describe(progress) !== this.#lastPlain.text) this.#write(describe(progress));
  }

  #draw(progress) {
    const { ended, count, byStatus } = progress;
    const filled = Math.round((BAR_WIDTH * ended) / count);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const width = this.#stream.columns || COLUMNS;
    const head = `${bar} ${ended} of ${count} orders at their end, ${this.#seconds} s`;
    const lines = [head, `  ${listOf(byStatus)}`, `  ${waitingIn(progress)}`];
    const back = this.#linesDrawn > 0 ? `\x1b[${this.#linesDrawn}A` : '';
    // A line that wraps would be two to go back, so it is cut.
    this.#stream.write(back + lines.map((line) => `\r\x1b[K${line.slice(0, width - 1)}\n`).join(''));
    this.#linesDrawn = lines.length;
  }

  #writeNowAndThen(progress) {
    const text = describe(progress);
    const least = text === this.#lastPlain.text ? PLAIN_SAME_LINE_MS : PLAIN_LINE_MS;
    if (Date.now() - this.#lastPlain.at >= least) this.#write(text);
  }

  #write(text) {
    this.#lastPlain = { at: Date.now(), text };
    this.#stream.write(`… ${text} (${this.#seconds} s)\n`);
  }

  get #seconds() {
    return Math.round((Date.now() - this.#startedAt) / 1000);
  }
}

function describe(progress) {
  const { ended, count, byStatus } = progress;
  const waiting = waitingIn(progress);
  return `${ended} of ${count} orders at their end: ${listOf(byStatus)}${waiting && `; ${waiting}`}`;
}

/** Said once only a few are left: before that it would change with every look. */
function waitingIn({ waiting }) {
  if (waiting.length === 0 || waiting.length > WAITING_SHOWN) return '';
  return waiting.map(({ number, waitsFor }) => `${number} waits for ${waitsFor}`).join(', ');
}

/** In the order in which an order lives. */
function listOf(byStatus) {
  const known = STATUS_ORDER.filter((status) => byStatus[status]);
  return known.map((status) => `${status} ${byStatus[status]}`).join(' · ') || 'placing them';
}
