import { allocate } from '../platform/money';
import { ACCOUNT } from './chart-of-accounts';

/**
 * What each event of the business does to the books. Pure: the caller brings the amounts and the balance due.
 * A posting has one debit, one credit and one amount, so an entry that does not balance cannot be written.
 */
export interface Posting {
  debit: string;
  credit: string;
  amountMinor: number;
  /** What an account is kept apart by: the consignment of a clearing. */
  dimension?: string;
}

/** Ways to pay that end in an account of ours at once; cash on delivery ends in the courier's clearing first. */
export const CASH_ACCOUNTS = {
  bkash: ACCOUNT.cashBkash,
  nagad: ACCOUNT.cashNagad,
  rocket: ACCOUNT.cashRocket,
  bank: ACCOUNT.cashBank,
  card: ACCOUNT.cashCard,
  cash: ACCOUNT.cashTill,
} as const;

export type CashMethod = keyof typeof CASH_ACCOUNTS;

/** What was sold, taken apart by the account it stands in; sales are net of discount. */
export interface SaleParts {
  salesMinor: number;
  shippingMinor: number;
  taxMinor: number;
}

/** Which side of the books is settled first: what the customer still owes, then what we owe back. */
interface Settlement {
  toReceivableMinor: number;
  toRefundsMinor: number;
}

export function placed(sale: SaleParts): Posting[] {
  return kept([
    posting(ACCOUNT.accountsReceivable, ACCOUNT.salesRevenue, sale.salesMinor),
    posting(ACCOUNT.accountsReceivable, ACCOUNT.shippingIncome, sale.shippingMinor),
    posting(ACCOUNT.accountsReceivable, ACCOUNT.taxPayable, sale.taxMinor),
  ]);
}

/** What is paid above the balance due is owed back. */
export function paid(payment: { method: CashMethod; amountMinor: number; balanceDueMinor: number }): Posting[] {
  const cash = CASH_ACCOUNTS[payment.method];
  const { toReceivableMinor, toRefundsMinor } = settle(payment.amountMinor, payment.balanceDueMinor);
  return kept([
    posting(cash, ACCOUNT.accountsReceivable, toReceivableMinor),
    posting(cash, ACCOUNT.refundsPayable, toRefundsMinor),
  ]);
}

/** Goods are the customer's now: their frozen cost leaves the stock. */
export function delivered(cost: { costMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.costOfGoodsSold, ACCOUNT.inventory, cost.costMinor)]);
}

/** The courier holds the customer's money; what it collected above the balance due is owed back. */
export function codDelivered(collected: {
  amountMinor: number;
  balanceDueMinor: number;
  consignment: string;
}): Posting[] {
  const { amountMinor, balanceDueMinor, consignment } = collected;
  const { toReceivableMinor, toRefundsMinor } = settle(amountMinor, balanceDueMinor);
  return kept([
    posting(ACCOUNT.courierClearing, ACCOUNT.accountsReceivable, toReceivableMinor, consignment),
    posting(ACCOUNT.courierClearing, ACCOUNT.refundsPayable, toRefundsMinor, consignment),
  ]);
}

/** The courier pays out what it holds less what it charges; charges above that are paid from the bank. */
export function codRemitted(remittance: {
  grossMinor: number;
  chargesMinor: number;
  feesMinor: number;
  consignment: string;
}): Posting[] {
  const { grossMinor, chargesMinor, feesMinor, consignment } = remittance;
  const netMinor = grossMinor - chargesMinor - feesMinor;
  return kept([
    posting(ACCOUNT.cashBank, ACCOUNT.courierClearing, Math.max(0, netMinor), consignment),
    posting(ACCOUNT.courierClearing, ACCOUNT.cashBank, Math.max(0, -netMinor), consignment),
    posting(ACCOUNT.courierCharges, ACCOUNT.courierClearing, chargesMinor, consignment),
    posting(ACCOUNT.codFees, ACCOUNT.courierClearing, feesMinor, consignment),
  ]);
}

/** What a courier charges for bringing a consignment back. */
export function courierCharged(fee: { amountMinor: number; consignment: string }): Posting[] {
  return kept([posting(ACCOUNT.courierCharges, ACCOUNT.courierClearing, fee.amountMinor, fee.consignment)]);
}

/**
 * A sale, or part of one, that will not happen: cancelled, rejected, expired, short-shipped, back before delivery.
 * It takes away what the customer still owes; the rest was paid and is owed back. Each account's share of the two
 * is fixed by the largest remainder.
 */
export function reversed(sale: SaleParts & { balanceDueMinor: number }): Posting[] {
  const parts: [code: string, amountMinor: number][] = [
    [ACCOUNT.salesRevenue, sale.salesMinor],
    [ACCOUNT.shippingIncome, sale.shippingMinor],
    [ACCOUNT.taxPayable, sale.taxMinor],
  ];
  const totalMinor = parts.reduce((sum, [, amountMinor]) => sum + amountMinor, 0);
  const { toReceivableMinor } = settle(totalMinor, sale.balanceDueMinor);
  const toReceivable = allocate(
    toReceivableMinor,
    parts.map(([, amountMinor]) => amountMinor),
  );
  return kept([
    ...parts.map(([code], index) => posting(code, ACCOUNT.accountsReceivable, toReceivable[index] ?? 0)),
    ...parts.map(([code, amountMinor], index) =>
      posting(code, ACCOUNT.refundsPayable, amountMinor - (toReceivable[index] ?? 0)),
    ),
  ]);
}

export function refundExecuted(refund: { method: CashMethod; amountMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.refundsPayable, CASH_ACCOUNTS[refund.method], refund.amountMinor)]);
}

/**
 * A customer's return, accepted after delivery; what it does to the stock is `goodsReturned`. What was never paid
 * is no longer owed; only the rest is owed back.
 */
export function returnAccepted(accepted: {
  salesMinor: number;
  taxMinor: number;
  balanceDueMinor?: number;
}): Posting[] {
  const { salesMinor, taxMinor, balanceDueMinor = 0 } = accepted;
  const sales = settle(salesMinor, balanceDueMinor);
  const tax = settle(taxMinor, balanceDueMinor - sales.toReceivableMinor);
  return kept([
    posting(ACCOUNT.salesReturns, ACCOUNT.accountsReceivable, sales.toReceivableMinor),
    posting(ACCOUNT.taxPayable, ACCOUNT.accountsReceivable, tax.toReceivableMinor),
    posting(ACCOUNT.salesReturns, ACCOUNT.refundsPayable, sales.toRefundsMinor),
    posting(ACCOUNT.taxPayable, ACCOUNT.refundsPayable, tax.toRefundsMinor),
  ]);
}

/** Delivered goods are ours again, at the cost they left with. */
export function goodsReturned(cost: { costMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.inventory, ACCOUNT.costOfGoodsSold, cost.costMinor)]);
}

export function goodwill(gesture: { amountMinor: number; taxMinor: number }): Posting[] {
  return kept([
    posting(ACCOUNT.salesAllowances, ACCOUNT.refundsPayable, gesture.amountMinor),
    posting(ACCOUNT.taxPayable, ACCOUNT.refundsPayable, gesture.taxMinor),
  ]);
}

export function goodsReceived(cost: { costMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.inventory, ACCOUNT.accountsPayable, cost.costMinor)]);
}

export function stockGained(cost: { costMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.inventory, ACCOUNT.inventoryGain, cost.costMinor)]);
}

/** Damaged, lost, or counted less. */
export function stockLost(cost: { costMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.inventoryLoss, ACCOUNT.inventory, cost.costMinor)]);
}

export function pointsEarned(points: { amountMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.loyaltyExpense, ACCOUNT.loyaltyLiability, points.amountMinor)]);
}

export function pointsRedeemed(points: { amountMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.loyaltyLiability, ACCOUNT.accountsReceivable, points.amountMinor)]);
}

export function pointsRestored(points: { amountMinor: number }): Posting[] {
  return kept([posting(ACCOUNT.accountsReceivable, ACCOUNT.loyaltyLiability, points.amountMinor)]);
}

/** The opposite of postings already made; nothing is ever taken out of the books. */
export function undone(postings: readonly Posting[]): Posting[] {
  return postings.map(({ debit, credit, ...rest }) => ({ ...rest, debit: credit, credit: debit })).reverse();
}

function settle(amountMinor: number, balanceDueMinor: number): Settlement {
  const toReceivableMinor = Math.min(amountMinor, Math.max(0, balanceDueMinor));
  return { toReceivableMinor, toRefundsMinor: amountMinor - toReceivableMinor };
}

function posting(debit: string, credit: string, amountMinor: number, dimension?: string): Posting {
  return dimension === undefined ? { debit, credit, amountMinor } : { debit, credit, amountMinor, dimension };
}

/** Nothing is posted for nothing; an amount below 0 is our own mistake. */
function kept(postings: Posting[]): Posting[] {
  const wrong = postings.find(({ amountMinor }) => !Number.isSafeInteger(amountMinor) || amountMinor < 0);
  if (wrong)
    throw new RangeError(`A posting of ${wrong.amountMinor} from ${wrong.debit} to ${wrong.credit} is impossible.`);
  return postings.filter(({ amountMinor }) => amountMinor > 0);
}
