import { managementMessages } from '../notifications';
import type { Registry } from '../platform/registry';
import { dailyReport } from './daily-report/report-mail';
import { integrityRoute } from './integrity.route';
import { reportsRoutes } from './reports.routes';

export { type DailySummary, dailySummary } from './daily-summary/daily-summary';

export function install(registry: Registry): void {
  registry.addRoutes(integrityRoute(registry), ...reportsRoutes);
  managementMessages.add('report', dailyReport);
}
