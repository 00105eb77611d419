import { UnavailableError } from '../errors';

/** What a refused caller is told to wait. */
const RETRY_AFTER_SECONDS = 5;

export interface SlotLimits {
  /** How many work at the same time. */
  atOnce: number;
  /** How many may wait for their turn; one more is refused. */
  waitingMax: number;
  /** How long one waits before it is refused, in milliseconds. */
  waitMaxMs: number;
}

/** Turns for work that costs much memory: so many at once, so many in the queue, and a clear No to the rest. */
export class Slots {
  private busy = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly limits: SlotLimits) {}

  get inUse(): number {
    return this.busy;
  }

  /** Waits for a turn and answers what gives it back. Throws 503 PDF_BUSY when the queue is full or too slow. */
  async take(): Promise<() => void> {
    if (this.busy < this.limits.atOnce) this.busy += 1;
    else await this.waitForTurn();
    let given = false;
    return () => {
      if (given) return;
      given = true;
      // The turn is handed on, so nobody who comes later slips in between.
      const next = this.queue.shift();
      if (next) next();
      else this.busy -= 1;
    };
  }

  private waitForTurn(): Promise<void> {
    if (this.queue.length >= this.limits.waitingMax) throw busy(this.queue.length);
    return new Promise((go, fail) => {
      const turn = (): void => {
        clearTimeout(patience);
        go();
      };
      const patience = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(turn), 1);
        fail(busy(this.queue.length));
      }, this.limits.waitMaxMs);
      this.queue.push(turn);
    });
  }
}

function busy(waiting: number): UnavailableError {
  return new UnavailableError(
    'PDF_BUSY',
    `${waiting} PDFs are waiting to be made. Ask for this one again in a moment.`,
    {
      facts: { waiting, retryAfterSeconds: RETRY_AFTER_SECONDS },
    },
  );
}
