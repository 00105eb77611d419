import { z } from 'zod';
import { BULK_MAX, orderView, PAYMENT_METHODS } from '../orders.schema';

export const IMPORT_FORMATS = ['orderloom', 'shopify', 'woocommerce'] as const;

export const importInput = z.strictObject({
  format: z.enum(IMPORT_FORMATS, { error: `format is one of ${IMPORT_FORMATS.join(', ')}.` }).default('orderloom'),
  storeId: z.string().max(26).optional(),
  /** For orders whose gateway says nothing we know. */
  paymentMethod: z
    .enum(PAYMENT_METHODS, { error: `paymentMethod is one of ${PAYMENT_METHODS.join(', ')}.` })
    .optional(),
  /** Orders as their shop writes them; each is read on its own, so that one that cannot be read stops no other. */
  orders: z
    .array(z.record(z.string(), z.unknown(), { error: 'An order is an object.' }), { error: 'orders is a list.' })
    .min(1, 'Send at least one order.')
    .max(BULK_MAX, `At most ${BULK_MAX} orders at a time.`),
});
export type ImportInput = z.output<typeof importInput>;

const problem = z.looseObject({ status: z.int(), code: z.string(), detail: z.string() });

export const importView = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      done: z.boolean(),
      result: orderView.extend({ changed: z.boolean() }).optional(),
      problem: problem.optional(),
    }),
  ),
  doneCount: z.int(),
  refusedCount: z.int(),
});
