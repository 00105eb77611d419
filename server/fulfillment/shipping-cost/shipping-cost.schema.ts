import { z } from 'zod';
import { quoteView } from '../../shipping';
import { WEIGHT_SOURCES } from './weighing';

export const byOrder = z.strictObject({ id: z.string().min(1).max(80) });

export const shippingCostView = quoteView.extend({
  orderId: z.string(),
  number: z.string(),
  fulfillmentMethod: z.string(),
  /** Where the weight is from: the scale, the catalogue, or both. */
  weightSource: z.enum(WEIGHT_SOURCES),
  weights: z.array(z.object({ from: z.enum(['package', 'product']), label: z.string(), grams: z.int() })),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), sku: z.string(), quantity: z.int() })),
  /** What the order was charged for delivery, less what was given back with a cancellation or a return. */
  chargedMinor: z.int(),
  /** Charged less what it costs by the zones of today; below 0 the delivery costs more than the customer pays. */
  differenceMinor: z.int(),
});
export type ShippingCostView = z.output<typeof shippingCostView>;
