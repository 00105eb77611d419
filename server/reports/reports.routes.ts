import { resolveStore } from '../people';
import { permission } from '../platform/auth/permissions';
import { query, type Route } from '../platform/http/route';
import { dailySummary } from './daily-summary/daily-summary';
import { summaryQuery, summaryView } from './reports.schema';

const readReports = permission('reports.read', ['store_manager', 'reporting']);

export const reportsRoutes: Route[] = [
  query({
    method: 'get',
    path: '/reports/daily-summary',
    tag: 'reports',
    summary: 'The figures of one business day, from the journal; without a date, of the last day that is over',
    permission: readReports,
    query: summaryQuery,
    response: summaryView,
    run: async (ctx, { query: { date, storeId } }) => dailySummary(ctx, await resolveStore(ctx, storeId), date),
  }),
];
