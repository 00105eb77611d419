/** The only source of "now". Times are ISO 8601 UTC with milliseconds, so they sort and compare as text. */
export interface Clock {
  now(): string;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** A clock that stands still until a test moves it. */
export class MovableClock implements Clock {
  private currentMs: number;

  constructor(start = '2026-11-20T09:00:00.000Z') {
    this.currentMs = Date.parse(start);
  }

  now(): string {
    return new Date(this.currentMs).toISOString();
  }

  advance(ms: number): void {
    this.currentMs += ms;
  }

  set(time: string): void {
    this.currentMs = Date.parse(time);
  }
}

/** The moment `ms` milliseconds after `time`; negative goes back. */
export function plusMs(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
