import { z } from 'zod';
import { eventId, minorAmount, PAYMENT_METHODS, words } from '../orders';

export const paymentInput = z.strictObject({
  method: z.enum(PAYMENT_METHODS, { error: `method is one of ${PAYMENT_METHODS.join(', ')}.` }),
  /** Missing: the balance due. */
  amountMinor: minorAmount('The amount').min(1, 'The amount is at least 1.').optional(),
  transactionId: words('The transaction id', 64).optional(),
  payerPhone: words('The payer’s phone', 32).optional(),
  result: z
    .enum(['recorded', 'submitted', 'failed'], { error: 'result is recorded, submitted or failed.' })
    .default('recorded'),
  acceptDifference: z.boolean().default(false),
  reason: words('The reason', 500).optional(),
  /** The event that started the run which asks. */
  event: eventId.optional(),
});
export type PaymentInput = z.output<typeof paymentInput>;

export const verifyInput = z.strictObject({
  amountMinor: minorAmount('The amount').min(1, 'The amount is at least 1.').optional(),
  acceptDifference: z.boolean().default(false),
});
export const rejectInput = z.strictObject({
  reason: words('The reason', 500).min(1, 'Say why the payment is rejected.'),
});
export const retryInput = z.strictObject({ transactionId: words('The transaction id', 64).optional() });

export const paymentView = z.looseObject({
  id: z.string(),
  orderId: z.string(),
  method: z.string(),
  status: z.string(),
  amountMinor: z.int(),
  currency: z.string(),
  transactionId: z.string().nullable(),
});
