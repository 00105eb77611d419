const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Ten minutes of 15-second waits: a receiver that restarts gets what it missed within that time. */
const PROMPT_WAITS = 40;
const LONG_WAITS = 11;

/** Waits after the 1st, 2nd … failed attempt, in milliseconds. About three days in all. */
export const RETRY_WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  ...Array<number>(PROMPT_WAITS).fill(15 * SECOND_MS),
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  ...Array<number>(LONG_WAITS).fill(6 * HOUR_MS),
];

/** How long to wait after so many failed attempts; undefined when that was the last. */
export function waitAfter(attempts: number): number | undefined {
  return RETRY_WAITS_MS[attempts - 1];
}

/** True when the receiver was not there, rather than there and displeased with this one event. */
export function wasUnreachable(status: number | null): boolean {
  return status === null || [404, 410, 502, 503, 504].includes(status);
}
