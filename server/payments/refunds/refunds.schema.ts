import { z } from 'zod';
import { CASH_ACCOUNTS, type CashMethod } from '../../accounting';
import { eventId, minorAmount, words } from '../../orders';
import { REFUND_STATUSES } from './refund-moves';

/** Money goes back by a way that ends in an account of ours; cash on delivery goes back from the till. */
export const REFUND_METHODS = Object.keys(CASH_ACCOUNTS) as [CashMethod, ...CashMethod[]];

const LINES_MAX = 200;
const QUANTITY_MAX = 1_000_000;

const refundLine = z.strictObject({
  id: words('The line’s id', 26).min(1, 'Give the line’s id.'),
  quantity: z
    .int('The quantity is a whole number.')
    .min(1, 'The quantity is at least 1.')
    .max(QUANTITY_MAX, `The quantity is at most ${QUANTITY_MAX}.`)
    .optional(),
});
export type RefundLineInput = z.output<typeof refundLine>;

export const refundInput = z
  .strictObject({
    /** Missing, and no lines: all that is owed back. */
    amountMinor: minorAmount('The amount').min(1, 'The amount is at least 1.').optional(),
    lines: z
      .array(refundLine)
      .min(1, 'Name at least one line, or leave lines out.')
      .max(LINES_MAX, `lines has at most ${LINES_MAX} entries.`)
      .refine((lines) => new Set(lines.map(({ id }) => id)).size === lines.length, 'lines names a line twice.')
      .optional(),
    reason: words('The reason', 500).default(''),
    note: words('The note', 1000).default(''),
    event: eventId.optional(),
  })
  .refine(({ amountMinor, lines }) => amountMinor === undefined || lines === undefined, {
    path: ['lines'],
    message: 'Give an amount or lines, not both.',
  });
export type RefundInput = z.output<typeof refundInput>;

export const executeInput = z
  .strictObject({
    method: z.enum(REFUND_METHODS, { error: `method is one of ${REFUND_METHODS.join(', ')}.` }).optional(),
    transactionId: words('The transaction id', 64).optional(),
    result: z.enum(['settled', 'failed'], { error: 'result is settled or failed.' }).default('settled'),
    reason: words('The reason', 500).optional(),
    event: eventId.optional(),
  })
  .refine(({ result, reason }) => result !== 'failed' || Boolean(reason), {
    path: ['reason'],
    message: 'Say why the refund failed.',
  });
export type ExecuteInput = z.output<typeof executeInput>;

export const refundView = z.looseObject({
  id: z.string(),
  orderId: z.string(),
  status: z.enum(REFUND_STATUSES),
  amountMinor: z.int(),
  currency: z.string(),
  method: z.string().nullable(),
  transactionId: z.string().nullable(),
  changed: z.boolean(),
});
