import Handlebars from 'handlebars';
import { DateTime } from 'luxon';
import { formatMoney } from '../money';

const DATE_FORMAT = 'd LLL yyyy, HH:mm';

/** An ISO time on the store's own clock; `format` is Luxon's. */
export function date(time: string, timeZone: string, format = DATE_FORMAT): string {
  const local = DateTime.fromISO(time, { zone: 'utc' }).setZone(timeZone);
  if (!local.isValid) throw new Error(`"${time}" in "${timeZone}" is no time: ${local.invalidExplanation}`);
  return local.setLocale('en').toFormat(format);
}

/** What every template may call. Handlebars passes its options last, so optional arguments are told by their type. */
export function registerHelpers(handlebars: typeof Handlebars, css: (name: string) => string): void {
  handlebars.registerHelper('money', (amountMinor: number, currency: string) => formatMoney(amountMinor, currency));
  handlebars.registerHelper('date', (time: string, timeZone: string, format: unknown) =>
    date(time, timeZone, typeof format === 'string' ? format : undefined),
  );
  handlebars.registerHelper('eq', (left: unknown, right: unknown) => left === right);
  // Mail programs load no style sheets, so a mail carries its own.
  handlebars.registerHelper('css', (name: string) => new Handlebars.SafeString(css(name)));
}
