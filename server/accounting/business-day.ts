import { DateTime } from 'luxon';

interface DayRule {
  /** IANA name. */
  timezone: string;
  /** HH:MM; the business day ends then. */
  dayEndsAt: string;
}

const NOON_MINUTES = 12 * 60;

/**
 * The store's day that a moment belongs to, YYYY-MM-DD. A day that ends in the small hours reaches into the next
 * morning (02:00: a sale at 01:30 is yesterday's); one that ends in the evening hands the rest to tomorrow
 * (22:00: a sale at 22:30 is tomorrow's). 00:00 is the calendar day.
 */
export function businessDay(time: string, { timezone, dayEndsAt }: DayRule): string {
  const local = DateTime.fromISO(time, { zone: timezone });
  const [hours = 0, minutes = 0] = dayEndsAt.split(':').map(Number);
  const endMinutes = hours * 60 + minutes;
  const nowMinutes = local.hour * 60 + local.minute;
  if (endMinutes < NOON_MINUTES) return isoDay(nowMinutes < endMinutes ? local.minus({ days: 1 }) : local);
  return isoDay(nowMinutes >= endMinutes ? local.plus({ days: 1 }) : local);
}

/** When a store's day begins and when it is over (exclusive), ISO 8601 UTC: the moments that `businessDay` puts in it. */
export function businessDayBounds(day: string, { timezone, dayEndsAt }: DayRule): { from: string; to: string } {
  const [hour = 0, minute = 0] = dayEndsAt.split(':').map(Number);
  // Each end is looked up on its own date: a day on which the clocks change has not 24 hours.
  const endOn = (date: string): string => utcOf(clockTimeOn(date, timezone, hour, minute));
  const isMorning = hour * 60 + minute < NOON_MINUTES;
  return isMorning ? { from: endOn(day), to: endOn(dayAfter(day)) } : { from: endOn(dayBefore(day)), to: endOn(day) };
}

/** A time that the clocks skip on this date is the moment at which they go on. */
function clockTimeOn(date: string, zone: string, hour: number, minute: number): DateTime {
  const moment = DateTime.fromISO(date, { zone }).set({ hour, minute });
  return moment.hour === hour && moment.minute === minute ? moment : moment.startOf('hour');
}

function utcOf(moment: DateTime): string {
  return moment.toUTC().toISO() ?? '';
}

function dayAfter(day: string): string {
  return isoDay(DateTime.fromISO(day, { zone: 'utc' }).plus({ days: 1 }));
}

export function dayBefore(day: string): string {
  return isoDay(DateTime.fromISO(day, { zone: 'utc' }).minus({ days: 1 }));
}

function isoDay(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}
