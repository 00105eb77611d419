import { storeSettings } from '../people';
import type { CommandContext, ReadContext } from '../platform/context';
import { type BookRow, accounts, books, entries, postings as postingRows } from './accounting.models';
import { businessDay, dayBefore } from './business-day';
import { accountKind, accountName, balanceOf, CHART_OF_ACCOUNTS } from './chart-of-accounts';
import type { Posting } from './postings';

/** What the books are told of one event. Times are ISO 8601 UTC. */
export interface NewEntry {
  storeId: string;
  /** Past tense: `placed`, `paid`, `goods_received`. */
  event: string;
  sourceType: string;
  sourceId: string;
  orderId?: string;
  occurredAt: string;
  currency: string;
  postings: readonly Posting[];
  memo?: string;
  /** The entry this one undoes; an entry is undone once. */
  reversesEntryId?: string;
}

/** Gives a new store its accounts and its book. */
export function openBooks(ctx: CommandContext, storeId: string): Promise<void> {
  const createdAt = ctx.now;
  ctx.insert(
    accounts,
    CHART_OF_ACCOUNTS.map((account) => ({ id: ctx.newId(), storeId, ...account, createdAt })),
  );
  ctx.insert(books, {
    id: ctx.newId(),
    storeId,
    closedThroughDay: null,
    closedAt: null,
    summedThroughDay: null,
    createdAt,
  });
  return Promise.resolve();
}

/**
 * Writes one entry with its postings; the only way into the journal. An event of a day that is closed counts today
 * and names the day it adjusts. Returns the entry's id, or null when there was nothing to post.
 */
export async function postEntry(ctx: CommandContext, entry: NewEntry): Promise<string | null> {
  if (entry.postings.length === 0) return null;
  const { businessDay: day, adjustsDay } = await openDay(ctx, entry);
  const { storeId, sourceType, sourceId, orderId = null } = entry;
  const id = ctx.newId();
  ctx.insert(entries, {
    id,
    storeId,
    event: entry.event,
    sourceType,
    sourceId,
    orderId,
    currency: entry.currency,
    businessDay: day,
    adjustsDay,
    occurredAt: entry.occurredAt,
    postedAt: ctx.now,
    memo: entry.memo ?? null,
    reversesEntryId: entry.reversesEntryId ?? null,
    workflowId: ctx.execution.workflowId ?? null,
    executionId: ctx.execution.executionId ?? null,
    node: ctx.execution.node ?? null,
    requestId: ctx.requestId,
  });
  for (const { debit, credit, amountMinor, dimension = null } of entry.postings) {
    const row = { storeId, businessDay: day, sourceType, sourceId, orderId, amountMinor, dimension };
    ctx.insert(postingRows, { id: ctx.newId(), entryId: id, debitCode: debit, creditCode: credit, ...row });
    ctx.effect('postings', {
      event: entry.event,
      debit: { code: debit, name: accountName(debit) },
      credit: { code: credit, name: accountName(credit) },
      amountMinor,
      currency: entry.currency,
    });
  }
  return id;
}

/** What one source (a payment, a receipt) left in each account, on the side where the account grows. */
export function balancesOfSource(
  ctx: ReadContext,
  sourceType: string,
  sourceId: string,
): Promise<Record<string, number>> {
  return balances(ctx, 'source_type = :sourceType AND source_id = :sourceId', { sourceType, sourceId });
}

/** What everything about one order (sale, payments, goods, refunds) left in each account. */
export function balancesOfOrder(ctx: ReadContext, orderId: string): Promise<Record<string, number>> {
  return balances(ctx, 'order_id = :orderId', { orderId });
}

/** What was kept apart under one dimension, such as the clearing of one consignment. */
export function balancesOfDimension(ctx: ReadContext, dimension: string): Promise<Record<string, number>> {
  return balances(ctx, 'dimension = :dimension', { dimension });
}

/** What an order's entries of one kind moved from account to account. */
export interface OrderFlow {
  event: string;
  debitCode: string;
  creditCode: string;
  amountMinor: number;
}

/** As they were posted, where a balance would only say what is left of them. */
export function flowsOfOrder(ctx: ReadContext, orderId: string): Promise<OrderFlow[]> {
  return ctx.select<OrderFlow>(
    `SELECT e.event, p.debit_code, p.credit_code, SUM(p.amount_minor) AS amount_minor FROM postings p
     JOIN entries e ON e.id = p.entry_id WHERE p.order_id = :orderId GROUP BY e.event, p.debit_code, p.credit_code`,
    { orderId },
  );
}

interface Pair {
  debitCode: string;
  creditCode: string;
  amountMinor: number;
}

async function balances(
  ctx: ReadContext,
  where: string,
  params: Record<string, string>,
): Promise<Record<string, number>> {
  const pairs = await ctx.select<Pair>(
    `SELECT debit_code, credit_code, SUM(amount_minor) AS amount_minor FROM postings WHERE ${where} GROUP BY debit_code, credit_code`,
    params,
  );
  const result: Record<string, number> = {};
  const add = (code: string, debitMinor: number, creditMinor: number): void => {
    result[code] = (result[code] ?? 0) + balanceOf(accountKind(code), debitMinor, creditMinor);
  };
  for (const { debitCode, creditCode, amountMinor } of pairs) {
    add(debitCode, amountMinor, 0);
    add(creditCode, 0, amountMinor);
  }
  return result;
}

/**
 * The day an entry counts in. Entries of today, nearly all, need no look at the book: today cannot be closed.
 * For an earlier day the book is locked, so that it is not closed or summed up under our feet.
 */
async function openDay(
  ctx: CommandContext,
  entry: NewEntry,
): Promise<{ businessDay: string; adjustsDay: string | null }> {
  const store = await storeSettings(ctx, entry.storeId);
  const today = businessDay(ctx.now, store);
  const day = entry.occurredAt === ctx.now ? today : businessDay(entry.occurredAt, store);
  if (day >= today) return { businessDay: today, adjustsDay: null };
  const [book] = await ctx.lock(books, 'store_id = :storeId', { storeId: entry.storeId });
  if (book?.closedThroughDay && day <= book.closedThroughDay) return { businessDay: today, adjustsDay: day };
  if (book?.summedThroughDay && day <= book.summedThroughDay) await sumAgainFrom(ctx, book, day);
  return { businessDay: day, adjustsDay: null };
}

/** The snapshots from this day on are out of date; until the job has made new ones, sums read the postings. */
async function sumAgainFrom(ctx: CommandContext, book: BookRow, day: string): Promise<void> {
  await ctx.update(books, { summedThroughDay: dayBefore(day) }, 'id = :id', { id: book.id });
}
