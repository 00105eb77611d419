import { resolveStore, type StoreRow } from '../people';
import { permission } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { listOf } from '../platform/http/paging';
import { command, query, type Route } from '../platform/http/route';
import { accounts } from './accounting.models';
import {
  accountView,
  closeBody,
  closedView,
  closeParams,
  entriesQuery,
  entryView,
  periodQuery,
  type PeriodQuery,
  profitAndLossView,
  storeQuery,
  trialBalanceView,
} from './accounting.schema';
import { closeDay } from './books';
import { listEntries } from './entry-list';
import { profitAndLoss, trialBalance, type TrialBalance } from './trial-balance';

const tag = 'accounting';
const readBooks = permission('accounting.read', ['store_manager', 'reporting']);
const closeBooks = permission('accounting.close', ['store_manager']);

export const accountingRoutes: Route[] = [
  query({
    method: 'get',
    path: '/accounting/accounts',
    tag,
    summary: 'The accounts of a store',
    permission: readBooks,
    query: storeQuery,
    response: listOf(accountView),
    run: async (ctx, { query: { storeId } }) => {
      const store = await resolveStore(ctx, storeId);
      const rows = await ctx.find(accounts, 'store_id = :id ORDER BY code', { id: store.id });
      return { items: rows.map(({ code, name, kind }) => ({ code, name, kind })), nextCursor: null };
    },
  }),
  query({
    method: 'get',
    path: '/accounting/entries',
    tag,
    summary: 'The journal, newest first',
    permission: readBooks,
    query: entriesQuery,
    response: listOf(entryView),
    run: async (ctx, { query: wanted }) => listEntries(ctx, (await resolveStore(ctx, wanted.storeId)).id, wanted),
  }),
  query({
    method: 'get',
    path: '/accounting/trial-balance',
    tag,
    summary: 'What was debited and credited to each account; balances stand on the side where the account grows',
    permission: readBooks,
    query: periodQuery,
    response: trialBalanceView,
    run: async (ctx, { query: wanted }) => {
      const { head, sums } = await sumsOf(ctx, wanted);
      return { ...head, ...sums };
    },
  }),
  query({
    method: 'get',
    path: '/accounting/profit-and-loss',
    tag,
    summary: 'Revenue, costs and profit of a period',
    permission: readBooks,
    query: periodQuery,
    response: profitAndLossView,
    run: async (ctx, { query: wanted }) => {
      const { head, sums } = await sumsOf(ctx, wanted);
      return { ...head, ...profitAndLoss(sums) };
    },
  }),
  command({
    method: 'post',
    path: '/accounting/periods/:id/close',
    tag,
    summary: 'Close a day, named by its date, and all before it',
    permission: closeBooks,
    params: closeParams,
    body: closeBody,
    response: closedView,
    run: async (ctx, { params, body }) => {
      const store = await resolveStore(ctx, body.storeId);
      const { storeId, closedThroughDay, closedAt } = await closeDay(ctx, store.id, params.id);
      return { storeId, closedThroughDay, closedAt };
    },
  }),
];

interface Head {
  currency: StoreRow['currency'];
  from: string | null;
  to: string | null;
}

async function sumsOf(ctx: ReadContext, wanted: PeriodQuery): Promise<{ head: Head; sums: TrialBalance }> {
  const store = await resolveStore(ctx, wanted.storeId);
  const { from, to = wanted.asOf } = wanted;
  const sums = await trialBalance(ctx, store.id, { from, to });
  return { head: { currency: store.currency, from: from ?? null, to: to ?? null }, sums };
}
