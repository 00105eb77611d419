import { z } from 'zod';
import { words } from '../../orders';
import { LABEL_FORMATS } from './labels.models';

export const labelInput = z.strictObject({
  format: z.enum(LABEL_FORMATS, { error: `format is ${LABEL_FORMATS.join(' or ')}.` }).default('pdf'),
  /** Missing: the first package that has no label yet. */
  packageId: z.string({ error: 'packageId is the id of a package of the order.' }).min(1).max(26).optional(),
});

export const voidInput = z.strictObject({
  reason: words('The reason', 500).min(1, 'Say why the label is void.'),
});

export const byOrder = z.strictObject({ id: z.string().min(1).max(80) });
export const byLabel = z.strictObject({ id: z.string().min(1).max(26) });

export const labelView = z.looseObject({
  id: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  packageId: z.string().nullable(),
  packageNumber: z.int().nullable(),
  status: z.enum(['active', 'voided']),
  format: z.enum(LABEL_FORMATS),
  /** Where its document is; null once it is void. */
  documentUrl: z.string().nullable(),
  /** How often it was printed after the first time. */
  reprints: z.int(),
  createdAt: z.string(),
  createdBy: z.string(),
  printedAt: z.string().nullable(),
  voidedAt: z.string().nullable(),
  voidedBy: z.string().nullable(),
  voidReason: z.string().nullable(),
});
