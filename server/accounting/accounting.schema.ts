import { z } from 'zod';
import { pageQuery } from '../platform/http/paging';

const dayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'A day is written YYYY-MM-DD.');
const storeId = z.string().min(1).max(26).optional();
const code = z.string().regex(/^\d{4,10}$/, 'An account is named by its code, such as 1100.');
const money = z.number().int();

export const storeQuery = z.strictObject({ storeId });

export const periodQuery = z
  .strictObject({ storeId, from: dayText.optional(), to: dayText.optional(), asOf: dayText.optional() })
  .refine(({ to, asOf }) => !(to && asOf), {
    path: ['asOf'],
    error: 'Give either "to" or "asOf": both are the last day.',
  })
  .refine(({ from, to, asOf }) => !from || from <= (to ?? asOf ?? from), {
    path: ['from'],
    error: 'The first day comes after the last. Swap them.',
  });

export const entriesQuery = pageQuery
  .extend({
    storeId,
    orderId: z.string().max(26).optional(),
    event: z.string().max(40).optional(),
    day: dayText.optional(),
    account: code.optional(),
  })
  .strict();

export const closeParams = z.object({ id: dayText });
export const closeBody = z.strictObject({ storeId });

export const accountView = z.object({ code: z.string(), name: z.string(), kind: z.string() });
const side = z.object({ code: z.string(), name: z.string() });

export const entryView = z.object({
  id: z.string(),
  event: z.string(),
  sourceType: z.string(),
  sourceId: z.string(),
  orderId: z.string().nullable(),
  currency: z.string(),
  businessDay: z.string(),
  adjustsDay: z.string().nullable(),
  occurredAt: z.string(),
  postedAt: z.string(),
  memo: z.string().nullable(),
  reversesEntryId: z.string().nullable(),
  workflowId: z.string().nullable(),
  executionId: z.string().nullable(),
  node: z.string().nullable(),
  postings: z.array(z.object({ debit: side, credit: side, amountMinor: money, dimension: z.string().nullable() })),
});

export const trialBalanceView = z.object({
  currency: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  totalDebitMinor: money,
  totalCreditMinor: money,
  accounts: z.array(accountView.extend({ debitMinor: money, creditMinor: money, balanceMinor: money })),
});

const profitLine = z.object({ code: z.string(), name: z.string(), amountMinor: money });

export const profitAndLossView = z.object({
  currency: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  revenueMinor: money,
  cogsMinor: money,
  grossProfitMinor: money,
  expensesMinor: money,
  netProfitMinor: money,
  income: z.array(profitLine),
  expenses: z.array(profitLine),
});

export const closedView = z.object({ storeId: z.string(), closedThroughDay: z.string(), closedAt: z.string() });

export type EntriesQuery = z.output<typeof entriesQuery>;
export type PeriodQuery = z.output<typeof periodQuery>;
