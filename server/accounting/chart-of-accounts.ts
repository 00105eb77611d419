/**
 * The accounts every store starts with (codes and names of the business's own chart). A store may add accounts;
 * their codes follow the same first digits.
 */
export type AccountKind = 'asset' | 'liability' | 'equity' | 'income' | 'contra_income' | 'expense';

export interface Account {
  code: string;
  name: string;
  kind: AccountKind;
}

export const ACCOUNT = {
  cashTill: '1000',
  cashBank: '1010',
  cashBkash: '1020',
  cashNagad: '1021',
  cashRocket: '1022',
  cashCard: '1030',
  accountsReceivable: '1100',
  courierClearing: '1200',
  inventory: '1300',
  accountsPayable: '2000',
  refundsPayable: '2100',
  taxPayable: '2200',
  loyaltyLiability: '2300',
  openingBalance: '3000',
  salesRevenue: '4000',
  shippingIncome: '4010',
  salesReturns: '4100',
  salesAllowances: '4110',
  inventoryGain: '4200',
  costOfGoodsSold: '5000',
  inventoryLoss: '5100',
  courierCharges: '5200',
  codFees: '5210',
  loyaltyExpense: '5300',
} as const;

export const CHART_OF_ACCOUNTS: readonly Account[] = [
  { code: ACCOUNT.cashTill, name: 'Cash – till', kind: 'asset' },
  { code: ACCOUNT.cashBank, name: 'Cash – bank', kind: 'asset' },
  { code: ACCOUNT.cashBkash, name: 'Cash – bKash', kind: 'asset' },
  { code: ACCOUNT.cashNagad, name: 'Cash – Nagad', kind: 'asset' },
  { code: ACCOUNT.cashRocket, name: 'Cash – Rocket', kind: 'asset' },
  { code: ACCOUNT.cashCard, name: 'Cash – card', kind: 'asset' },
  { code: ACCOUNT.accountsReceivable, name: 'Accounts Receivable', kind: 'asset' },
  { code: ACCOUNT.courierClearing, name: 'Courier Clearing', kind: 'asset' },
  { code: ACCOUNT.inventory, name: 'Inventory', kind: 'asset' },
  { code: ACCOUNT.accountsPayable, name: 'Accounts Payable', kind: 'liability' },
  { code: ACCOUNT.refundsPayable, name: 'Refunds Payable', kind: 'liability' },
  { code: ACCOUNT.taxPayable, name: 'Tax Payable', kind: 'liability' },
  { code: ACCOUNT.loyaltyLiability, name: 'Loyalty Liability', kind: 'liability' },
  { code: ACCOUNT.openingBalance, name: 'Opening Balance', kind: 'equity' },
  { code: ACCOUNT.salesRevenue, name: 'Sales Revenue', kind: 'income' },
  { code: ACCOUNT.shippingIncome, name: 'Shipping Income', kind: 'income' },
  { code: ACCOUNT.salesReturns, name: 'Sales Returns', kind: 'contra_income' },
  { code: ACCOUNT.salesAllowances, name: 'Sales Allowances', kind: 'contra_income' },
  { code: ACCOUNT.inventoryGain, name: 'Inventory Gain', kind: 'income' },
  { code: ACCOUNT.costOfGoodsSold, name: 'COGS', kind: 'expense' },
  { code: ACCOUNT.inventoryLoss, name: 'Inventory Loss', kind: 'expense' },
  { code: ACCOUNT.courierCharges, name: 'Courier Charges', kind: 'expense' },
  { code: ACCOUNT.codFees, name: 'COD Fees', kind: 'expense' },
  { code: ACCOUNT.loyaltyExpense, name: 'Loyalty Expense', kind: 'expense' },
];

const accountByCode = new Map(CHART_OF_ACCOUNTS.map((account) => [account.code, account]));
const DEBIT_KINDS: ReadonlySet<AccountKind> = new Set(['asset', 'expense', 'contra_income']);
const KIND_BY_FIRST_DIGIT: Record<string, AccountKind> = {
  1: 'asset',
  2: 'liability',
  3: 'equity',
  4: 'income',
  5: 'expense',
};

/** The name as reports print it; an account that a store added shows its code until its row is read. */
export function accountName(code: string): string {
  return accountByCode.get(code)?.name ?? code;
}

export function accountKind(code: string): AccountKind {
  return accountByCode.get(code)?.kind ?? KIND_BY_FIRST_DIGIT[code[0] ?? ''] ?? 'asset';
}

/** A balance on the side where the account grows: money owed to us and money we owe are both positive. */
export function balanceOf(kind: AccountKind, debitMinor: number, creditMinor: number): number {
  // `|| 0` keeps an empty balance from becoming -0.
  return (DEBIT_KINDS.has(kind) ? debitMinor - creditMinor : creditMinor - debitMinor) || 0;
}
