import { z } from 'zod';
import { pageQuery } from '../platform/http/paging';
import { amountMinor, skuText, storeIdText } from './products.schema';

const QUANTITY_MAX = 1_000_000;
const LINES_MAX = 500;

export const ADJUSTMENT_REASONS = [
  'count',
  'found',
  'damaged',
  'lost',
  'stolen',
  'expired',
  'correction',
  'other',
] as const;

const quantity = z
  .int({ error: 'The quantity is a whole number of units.' })
  .min(1, 'The quantity is at least 1.')
  .max(QUANTITY_MAX, `The quantity is at most ${QUANTITY_MAX}.`);
const locationCode = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'A location is named by its code, such as main.');
const reference = z.string().trim().min(1).max(120, 'A reference has at most 120 characters.').optional();
const note = z.string().trim().max(500, 'A note has at most 500 characters.').optional();

const linesOf = <Line extends z.ZodType>(line: Line): z.ZodArray<Line> =>
  z
    .array(line, { error: 'Give the lines as a list.' })
    .min(1, 'Give at least one line.')
    .max(LINES_MAX, `At most ${LINES_MAX} lines.`);

export const receiptBody = z.strictObject({
  storeId: storeIdText,
  location: locationCode.optional(),
  lines: linesOf(z.strictObject({ sku: skuText, quantity, unitCostMinor: amountMinor('The unit cost').optional() })),
  reference,
  note,
});

const adjustmentLine = z
  .strictObject({
    sku: skuText,
    delta: z
      .int({ error: 'The difference is a whole number of units, below 0 for fewer.' })
      .min(-QUANTITY_MAX)
      .max(QUANTITY_MAX)
      .refine((delta) => delta !== 0, 'A difference of 0 changes nothing. Leave the line out.')
      .optional(),
    countedQuantity: z
      .int({ error: 'The counted quantity is a whole number of units.' })
      .min(0, 'The counted quantity is at least 0.')
      .max(QUANTITY_MAX)
      .optional(),
    reason: z.enum(ADJUSTMENT_REASONS, { error: `The reason is one of ${ADJUSTMENT_REASONS.join(', ')}.` }),
    note,
  })
  .refine(({ delta, countedQuantity }) => (delta === undefined) !== (countedQuantity === undefined), {
    path: ['delta'],
    error: 'Give either "delta" (by how many the record is wrong) or "countedQuantity" (how many are on hand).',
  });

export const adjustmentBody = z.strictObject({
  storeId: storeIdText,
  location: locationCode.optional(),
  lines: linesOf(adjustmentLine).refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, {
    error: 'A SKU stands in two lines. Add them up in one.',
  }),
  reference,
});

export const transferBody = z.strictObject({
  storeId: storeIdText,
  from: locationCode,
  to: locationCode,
  lines: linesOf(z.strictObject({ sku: skuText, quantity })),
  reference,
  note,
});

export const putAwayBody = z.strictObject({
  storeId: storeIdText,
  orderId: z.string().min(1).max(26).optional(),
  location: locationCode.optional(),
  lines: linesOf(
    z.strictObject({
      sku: skuText,
      quantity,
      outcome: z.enum(['good', 'damaged'], { error: 'The outcome is good or damaged.' }).default('good'),
    }),
  ),
  reference,
  note,
});

export const locationBody = z.strictObject({
  storeId: storeIdText,
  code: locationCode,
  name: z.string().trim().min(1).max(120),
});

export const levelsQuery = pageQuery
  .extend({
    storeId: storeIdText,
    sku: skuText.optional(),
    location: locationCode.optional(),
    low: z.stringbool('Say true or false.').optional(),
  })
  .strict();

export const checkQuery = z
  .strictObject({
    storeId: storeIdText,
    orderId: z.string().min(1).max(26).optional(),
    sku: skuText.optional(),
    quantity: z.coerce.number().pipe(quantity).optional(),
  })
  .refine(({ orderId, sku }) => (orderId === undefined) !== (sku === undefined), {
    path: ['orderId'],
    error: 'Ask for an order (orderId) or for a product (sku and quantity).',
  });

export const storeQuery = z.strictObject({ storeId: storeIdText });

const count = z.number().int();
const money = z.number().int();

export const levelView = z.object({
  sku: z.string(),
  name: z.string(),
  location: z.string(),
  onHand: count,
  reserved: count,
  available: count,
  unavailable: count,
  outgoing: count,
  total: count,
  valueMinor: money,
  lowStockThreshold: count.nullable(),
  isLow: z.boolean(),
});

export const locationView = z.object({ id: z.string(), code: z.string(), name: z.string() });

export const availabilityView = z.object({
  orderId: z.string().optional(),
  available: z.boolean(),
  lines: z.array(
    z.object({
      lineId: z.string().optional(),
      sku: z.string(),
      requested: count,
      available: count,
      shortfall: count,
      substitutes: z.array(z.object({ sku: z.string(), name: z.string(), available: count })),
    }),
  ),
});

const head = { id: z.string(), reference: z.string().nullable() };
const stock = { onHand: count, available: count };

export const receiptView = z.object({
  ...head,
  location: z.string(),
  costMinor: money,
  lines: z.array(z.object({ sku: z.string(), quantity: count, unitCostMinor: money, ...stock })),
});

export const adjustmentView = z.object({
  ...head,
  location: z.string(),
  gainMinor: money,
  lossMinor: money,
  lines: z.array(z.object({ sku: z.string(), change: count, valueMinor: money, backordered: count, ...stock })),
});

export const transferView = z.object({
  ...head,
  from: z.string(),
  to: z.string(),
  lines: z.array(z.object({ sku: z.string(), quantity: count, costMinor: money })),
});

export const putAwayView = z.object({
  ...head,
  lossMinor: money,
  lines: z.array(z.object({ sku: z.string(), quantity: count, outcome: z.string(), unavailable: count, ...stock })),
});

export type ReceiptInput = z.output<typeof receiptBody>;
export type AdjustmentInput = z.output<typeof adjustmentBody>;
export type TransferInput = z.output<typeof transferBody>;
export type PutAwayInput = z.output<typeof putAwayBody>;
export type LevelsQuery = z.output<typeof levelsQuery>;
