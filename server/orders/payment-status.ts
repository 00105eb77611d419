export const PAYMENT_STATUSES = [
  'unpaid',
  'pending_verification',
  'partially_paid',
  'paid',
  'overpaid',
  'cod_due',
  'cod_collected',
  'refund_due',
  'partially_refunded',
  'refunded',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** What the payment axis is derived from; all amounts in minor units. */
export interface PaymentFacts {
  paymentMethod: string;
  /** Money taken in so far, refunds not subtracted. */
  paidMinor: number;
  /** What the customer still owes: the order's share of Accounts Receivable. */
  receivableMinor: number;
  /** What we owe the customer: the order's share of Refunds Payable. */
  refundsPayableMinor: number;
  refundedMinor: number;
  /** What the courier collected and still holds. */
  clearingMinor: number;
  /** Payments submitted and not yet verified. */
  submittedPayments: number;
  /** Cancelled, rejected or returned: what is paid too much is owed back. */
  closed: boolean;
}

/** The payment axis, always derived, never typed in. */
export function paymentStatus(facts: PaymentFacts): PaymentStatus {
  if (facts.refundsPayableMinor > 0) {
    const over = !facts.closed && facts.refundedMinor === 0 && facts.receivableMinor === 0;
    return over ? 'overpaid' : 'refund_due';
  }
  if (facts.refundedMinor > 0) return facts.refundedMinor >= facts.paidMinor ? 'refunded' : 'partially_refunded';
  if (facts.submittedPayments > 0 && facts.receivableMinor > 0) return 'pending_verification';
  if (facts.clearingMinor > 0) return 'cod_collected';
  if (facts.receivableMinor <= 0) return facts.paidMinor > 0 || !facts.closed ? 'paid' : 'unpaid';
  if (facts.paidMinor > 0) return 'partially_paid';
  return facts.paymentMethod === 'cod' ? 'cod_due' : 'unpaid';
}

/** True when nothing has to be paid before the goods leave: paid, or due at the door or at the counter. */
export function isPayable(facts: Omit<PaymentFacts, 'closed'> & { fulfillmentMethod: string }): boolean {
  return facts.receivableMinor <= 0 || isDueAtHandOver(facts);
}

/** Paid to the courier at the door, or in cash at the counter. */
export function isDueAtHandOver(order: { paymentMethod: string; fulfillmentMethod: string }): boolean {
  return order.paymentMethod === 'cod' || (order.paymentMethod === 'cash' && order.fulfillmentMethod !== 'delivery');
}
