import type { ReadContext } from '../platform/context';
import { accounts } from './accounting.models';
import { ACCOUNT, type AccountKind, balanceOf } from './chart-of-accounts';

/** Days, both included; a missing one leaves that side open. */
export interface Period {
  from?: string;
  to?: string;
}

export interface AccountSum {
  code: string;
  name: string;
  kind: AccountKind;
  debitMinor: number;
  creditMinor: number;
  /** On the side where the account grows. */
  balanceMinor: number;
}

export interface TrialBalance {
  totalDebitMinor: number;
  totalCreditMinor: number;
  accounts: AccountSum[];
}

interface ProfitLine {
  code: string;
  name: string;
  amountMinor: number;
}

export interface ProfitAndLoss {
  revenueMinor: number;
  cogsMinor: number;
  grossProfitMinor: number;
  expensesMinor: number;
  netProfitMinor: number;
  income: ProfitLine[];
  expenses: ProfitLine[];
}

const FIRST_DAY = '0000-00-00';
const LAST_DAY = '9999-99-99';

/** Days that are summed up come from the snapshots, later ones from the postings; one statement sees both at one moment. */
export const SIDES_OF_STORE = `
  SELECT snapshot.code, snapshot.debit_minor, snapshot.credit_minor
  FROM account_snapshots snapshot JOIN books ON books.store_id = snapshot.store_id
  WHERE snapshot.store_id = :storeId AND snapshot.business_day BETWEEN :from AND :to
    AND snapshot.business_day <= books.summed_through_day
  UNION ALL
  SELECT debit_code, amount_minor, 0
  FROM postings JOIN books ON books.store_id = postings.store_id
  WHERE postings.store_id = :storeId AND business_day BETWEEN :from AND :to
    AND business_day > COALESCE(books.summed_through_day, '')
  UNION ALL
  SELECT credit_code, 0, amount_minor
  FROM postings JOIN books ON books.store_id = postings.store_id
  WHERE postings.store_id = :storeId AND business_day BETWEEN :from AND :to
    AND business_day > COALESCE(books.summed_through_day, '')`;

/** Every account of the store with what was debited and credited to it in the period. */
export async function trialBalance(ctx: ReadContext, storeId: string, period: Period = {}): Promise<TrialBalance> {
  const sums = await ctx.select<{ code: string; debitMinor: number; creditMinor: number }>(
    `SELECT code, SUM(debit_minor) AS debit_minor, SUM(credit_minor) AS credit_minor FROM (${SIDES_OF_STORE}) AS sides GROUP BY code`,
    { storeId, from: period.from ?? FIRST_DAY, to: period.to ?? LAST_DAY },
  );
  const sumByCode = new Map(sums.map((sum) => [sum.code, sum]));
  const chart = await ctx.find(accounts, 'store_id = :storeId ORDER BY code', { storeId });
  const rows = chart.map(({ code, name, kind }) => {
    const { debitMinor = 0, creditMinor = 0 } = sumByCode.get(code) ?? {};
    return { code, name, kind, debitMinor, creditMinor, balanceMinor: balanceOf(kind, debitMinor, creditMinor) };
  });
  return {
    totalDebitMinor: total(sums.map((sum) => sum.debitMinor)),
    totalCreditMinor: total(sums.map((sum) => sum.creditMinor)),
    accounts: rows,
  };
}

/** What was earned in the period; returns and allowances lessen the revenue. */
export function profitAndLoss({ accounts: sums }: TrialBalance): ProfitAndLoss {
  const lines = (kinds: readonly AccountKind[]): ProfitLine[] =>
    sums
      .filter((sum) => kinds.includes(sum.kind) && sum.balanceMinor !== 0)
      .map(({ code, name, kind, balanceMinor }) => ({
        code,
        name,
        amountMinor: kind === 'contra_income' ? -balanceMinor : balanceMinor,
      }));
  const income = lines(['income', 'contra_income']);
  const expenses = lines(['expense']);
  const revenueMinor = total(income.map((line) => line.amountMinor));
  const allExpensesMinor = total(expenses.map((line) => line.amountMinor));
  const cogsMinor = expenses.find((line) => line.code === ACCOUNT.costOfGoodsSold)?.amountMinor ?? 0;
  return {
    revenueMinor,
    cogsMinor,
    grossProfitMinor: revenueMinor - cogsMinor,
    expensesMinor: allExpensesMinor - cogsMinor,
    netProfitMinor: revenueMinor - allExpensesMinor,
    income,
    expenses,
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
