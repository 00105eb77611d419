import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

const DATE_OR_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A time of a date field as the service takes it. The field gives a local time without saying where; it is meant in
 * the workflow's time zone, which n8n's expressions know. An empty field stays empty.
 */
export function toUtc(context: IExecuteFunctions, itemIndex: number, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = value instanceof Date ? value.toISOString() : textOf(value);
  if (DATE_OR_TIME.test(text)) {
    const iso = text.replace(' ', 'T');
    return context.evaluateExpression(`{{ DateTime.fromISO("${iso}").toUTC().toISO() }}`, itemIndex) as string;
  }
  throw new NodeOperationError(context.getNode(), `"${text}" is not a time`, {
    itemIndex,
    description: 'Write a time such as 2026-11-20T17:00.',
  });
}

/** An expression may give a Luxon time, which knows its own zone. */
function textOf(value: unknown): string {
  const time = value as { toISO?: () => string };
  return typeof time.toISO === 'function' ? time.toISO() : String(value);
}

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
