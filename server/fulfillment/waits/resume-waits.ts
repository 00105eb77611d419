const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Five minutes of five-second waits: n8n restarts within that, and the picker has put the phone away. */
const PROMPT_WAITS = 60;
/** Half an hour of half-minute waits. */
const PATIENT_WAITS = 60;
/** The rest of a day, every five minutes. */
const LONG_WAITS = 281;

/** Waits between the attempts to resume a paused run, in milliseconds. A day in all. */
export const RESUME_WAITS_MS: readonly number[] = [
  1 * SECOND_MS,
  2 * SECOND_MS,
  3 * SECOND_MS,
  ...Array<number>(PROMPT_WAITS).fill(5 * SECOND_MS),
  ...Array<number>(PATIENT_WAITS).fill(30 * SECOND_MS),
  ...Array<number>(LONG_WAITS).fill(5 * MINUTE_MS),
];

export type ResumeAnswer = 'resumed' | 'ended' | 'gone' | 'later';

/** "The execution … has finished already", or "with error". */
const ENDED = /has finished/i;

/**
 * What n8n's answer means. 401 and 404 are final: the address is not its own, or it has forgotten the run. 409 is
 * said of a run that has not yet gone to sleep, which is asked again, and of one that has ended: it had woken after all.
 */
export function readResumeAnswer(status: number, text = ''): ResumeAnswer {
  if (status >= 200 && status < 300) return 'resumed';
  if (status === 409 && ENDED.test(text)) return 'ended';
  return status === 401 || status === 404 ? 'gone' : 'later';
}
