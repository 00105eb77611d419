import { z } from 'zod';

const TIMES_MAX = 1000;
const SLOW_MS_DEFAULT = 15_000;
const SLOW_MS_MAX = 60_000;

/** What goes wrong at the next bookings. `lost_reply` and `slow` take the parcel; the others do not. */
export const FAULT_KINDS = ['lost_reply', 'slow', 'error_500', 'rejected', 'unauthorised'] as const;

export const faultsInput = z.strictObject({
  faults: z
    .array(
      z.strictObject({
        kind: z.enum(FAULT_KINDS, { error: `kind is one of ${FAULT_KINDS.join(', ')}.` }),
        times: z.int().min(1).max(TIMES_MAX).default(1),
        /** How late a slow answer comes. */
        delayMs: z.int().min(0).max(SLOW_MS_MAX).default(SLOW_MS_DEFAULT),
      }),
    )
    .max(FAULT_KINDS.length * 10),
});
export type Fault = z.output<typeof faultsInput>['faults'][number];

/** Faults in the order they will happen, one a booking. */
export class Faults {
  private waiting: Fault[] = [];

  set(faults: readonly Fault[]): void {
    this.waiting = faults.map((fault) => ({ ...fault }));
  }

  list(): readonly Fault[] {
    return this.waiting;
  }

  next(): Fault | undefined {
    const [first] = this.waiting;
    if (!first) return undefined;
    first.times -= 1;
    if (first.times === 0) this.waiting.shift();
    return { ...first };
  }
}
