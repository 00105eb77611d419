import { z } from 'zod';
import { LINES_MAX, QUANTITY_MAX } from './orders.schema';

export const dispatchInput = z.strictObject({
  /** An id, or `number:1001`. */
  orderId: z.string({ error: 'Give orderId, the order’s id or number:1001.' }).min(1, 'Give the order.').max(80),
  lines: z
    .array(
      z.strictObject({
        id: z.string().max(26),
        /** Units of the line that have left the shelf in all, so that asking twice changes nothing. */
        quantity: z
          .int('The quantity is a whole number.')
          .min(1, 'The quantity is at least 1.')
          .max(QUANTITY_MAX, `The quantity is at most ${QUANTITY_MAX}.`)
          .optional(),
      }),
    )
    .min(1, 'Name at least one line, or leave lines out for all.')
    .max(LINES_MAX, `At most ${LINES_MAX} lines.`)
    .refine((lines) => new Set(lines.map(({ id }) => id)).size === lines.length, 'Name each line once.')
    .optional(),
});

const count = z.int();
const money = z.int();

export const dispatchView = z.object({
  orderId: z.string(),
  order: z.object({ id: z.string(), number: z.string(), status: z.string(), version: count }),
  changed: z.boolean(),
  lines: z.array(
    z.object({ id: z.string(), sku: z.string(), quantity: count, dispatchedQuantity: count, movedQuantity: count }),
  ),
});

const totalLine = z.object({ kind: z.string(), label: z.string(), amountMinor: money });

export const totalView = z.object({
  orderId: z.string(),
  number: z.string(),
  currency: z.string(),
  lines: z.array(totalLine),
  subtotalMinor: money,
  discountMinor: money,
  shippingMinor: money,
  taxMinor: money,
  totalMinor: money,
  changes: z.array(totalLine),
  paidMinor: money,
  refundedMinor: money,
  balanceDueMinor: money,
  refundsPayableMinor: money,
});
