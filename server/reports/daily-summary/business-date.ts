import { businessDay, businessDayBounds, dayBefore } from '../../accounting';
import type { StoreRow } from '../../people';
import type { ReadContext } from '../../platform/context';
import { ValidationError } from '../../platform/errors';

/** One business day of one store, with the moments it begins and ends (exclusive), ISO 8601 UTC. */
export interface ReportDay {
  store: StoreRow;
  date: string;
  from: string;
  to: string;
}

/** The day asked for; missing, the last one that is over. Throws 422 DATE_IN_FUTURE. */
export function reportDay(ctx: ReadContext, store: StoreRow, date?: string): ReportDay {
  const today = businessDay(ctx.now, store);
  const wanted = date ?? dayBefore(today);
  if (wanted > today) {
    const message = `${wanted} has not begun for ${store.name}; its business day is ${today}. Ask for that or an earlier day.`;
    throw new ValidationError('DATE_IN_FUTURE', message, {
      errors: [{ path: 'date', code: 'DATE_IN_FUTURE', message: `The latest day is ${today}.` }],
      facts: { date: wanted, today },
    });
  }
  return { store, date: wanted, ...businessDayBounds(wanted, store) };
}
