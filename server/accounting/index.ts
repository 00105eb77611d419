import type { Registry } from '../platform/registry';
import { accountingRoutes } from './accounting.routes';
import { openBooks } from './accounting.service';
import { SUM_DAYS_EVERY_MS, sumDays } from './books';
import { installIntegrityChecks } from './integrity';

export {
  balancesOfDimension,
  balancesOfOrder,
  balancesOfSource,
  flowsOfOrder,
  type NewEntry,
  openBooks,
  type OrderFlow,
  postEntry,
} from './accounting.service';
export { closeDay } from './books';
export { businessDay, businessDayBounds, dayBefore } from './business-day';
export { ACCOUNT, type Account, accountName, CHART_OF_ACCOUNTS } from './chart-of-accounts';
export * from './postings';
export { type Period, profitAndLoss, type ProfitAndLoss, trialBalance, type TrialBalance } from './trial-balance';

export function install(registry: Registry): void {
  registry.addRoutes(...accountingRoutes);
  registry.onStoreOpened(openBooks);
  registry.every('accounting.sum_days', SUM_DAYS_EVERY_MS, sumDays);
  installIntegrityChecks(registry);
}
