const SENT_PREFIX = 'evt_';

/** An event's own id. Webhooks send it with a prefix, as their standard has it, and nodes pass on what they got. */
export function eventIdOf(sent: string | undefined): string | null {
  if (!sent) return null;
  return sent.startsWith(SENT_PREFIX) ? sent.slice(SENT_PREFIX.length) : sent;
}
