/**
 * The day of a field that takes a day: as it is written, or of a time that an expression such as `$today` gives, on
 * that time's own clock. What is no day goes to the service as it stands, which says so.
 */
export function dayOf(value: unknown): string {
  const time = value as { toISODate?: () => string } | null;
  if (typeof time?.toISODate === 'function') return time.toISODate();
  const text = String(value ?? '').trim();
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? text.slice(0, 10) : text;
}
