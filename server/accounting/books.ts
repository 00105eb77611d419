import { storeSettings } from '../people';
import { plusMs } from '../platform/clock';
import type { CommandContext, JobContext } from '../platform/context';
import { ConflictError, NotFoundError } from '../platform/errors';
import { type BookRow, books } from './accounting.models';
import { businessDay, businessDayBounds, dayBefore } from './business-day';

/** A command that began just before the day ended may still be committing; until it must have, the day is not over. */
const DAY_SETTLES_MS = 15 * 60 * 1000;
export const SUM_DAYS_EVERY_MS = 15 * 60 * 1000;

/**
 * Closes a day and all before it; facts that arrive later for these days are posted to the day they arrive on.
 * Closing again changes nothing. Throws 409 DAY_NOT_OVER.
 */
export async function closeDay(ctx: CommandContext, storeId: string, day: string): Promise<BookRow> {
  const lastDay = await lastSettledDay(ctx, storeId);
  if (day > lastDay) {
    const closableAt = plusMs(businessDayBounds(day, await storeSettings(ctx, storeId)).to, DAY_SETTLES_MS);
    const message = `${day} is not over and settled yet. Close it from ${closableAt} on; the latest day that can be closed now is ${lastDay}.`;
    throw new ConflictError('DAY_NOT_OVER', message, { facts: { day, lastDay, closableAt } });
  }
  const book = await lockBook(ctx, storeId);
  if (book.closedThroughDay && day <= book.closedThroughDay) return book;
  const closed = { closedThroughDay: day, closedAt: ctx.now };
  await ctx.update(books, closed, 'id = :id', { id: book.id });
  ctx.audit({
    action: 'books.close',
    subjectType: 'book',
    subjectId: book.id,
    storeId,
    before: { closedThroughDay: book.closedThroughDay },
    after: closed,
  });
  return { ...book, ...closed };
}

/** Sums up the days that are over, so that balances need not read every posting ever made. Safe to repeat. */
export async function sumDays(job: JobContext): Promise<void> {
  for (const { storeId } of await job.read.find(books, '1 = 1 ORDER BY id')) {
    await job.transaction((ctx) => sumDaysOfStore(ctx, storeId));
  }
}

async function sumDaysOfStore(ctx: CommandContext, storeId: string): Promise<void> {
  const to = await lastSettledDay(ctx, storeId);
  const book = await lockBook(ctx, storeId);
  const after = book.summedThroughDay ?? '';
  if (to <= after) return;
  await ctx.execute('DELETE FROM account_snapshots WHERE store_id = :storeId AND business_day > :after', {
    storeId,
    after,
  });
  await ctx.execute(
    `INSERT INTO account_snapshots (store_id, business_day, code, debit_minor, credit_minor)
     SELECT store_id, business_day, code, SUM(debit_minor), SUM(credit_minor) FROM (
       SELECT store_id, business_day, debit_code AS code, amount_minor AS debit_minor, 0 AS credit_minor FROM postings
       WHERE store_id = :storeId AND business_day > :after AND business_day <= :to
       UNION ALL
       SELECT store_id, business_day, credit_code, 0, amount_minor FROM postings
       WHERE store_id = :storeId AND business_day > :after AND business_day <= :to
     ) AS sides GROUP BY store_id, business_day, code`,
    { storeId, after, to },
  );
  await ctx.update(books, { summedThroughDay: to }, 'id = :id', { id: book.id });
}

async function lastSettledDay(ctx: CommandContext, storeId: string): Promise<string> {
  const store = await storeSettings(ctx, storeId);
  return dayBefore(businessDay(plusMs(ctx.now, -DAY_SETTLES_MS), store));
}

async function lockBook(ctx: CommandContext, storeId: string): Promise<BookRow> {
  const [book] = await ctx.lock(books, 'store_id = :storeId', { storeId });
  if (!book) throw new NotFoundError('BOOK_NOT_FOUND', `The store "${storeId}" has no book.`);
  return book;
}
