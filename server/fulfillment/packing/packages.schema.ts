import { z } from 'zod';
import { words } from '../../orders';
import { CHECK_NAMES, PACKAGE_STATUSES, PACKAGE_TYPES, type PackageCheck } from './package-rules';

const NUMBER_MAX = 1000;
const ITEMS_MAX = 200;
const QUANTITY_MAX = 1_000_000;
/** A tonne; what is heavier goes by no parcel service. */
const WEIGHT_GRAMS_MAX = 1_000_000;
/** Ten metres. */
const SIDE_MM_MAX = 10_000;
export const PACKAGE_NOTE_MAX = 1000;
export const VOID_REASON_MAX = 500;

/** A whole number above 0 with its limit, as it is said in the refusal. */
export function measure(name: string, unit: string, max: number): z.ZodNumber {
  return z
    .int(`${name} is a whole number of ${unit}.`)
    .min(1, `${name} is at least 1 ${unit}.`)
    .max(max, `${name} is at most ${max} ${unit}.`);
}

export const packageType = z.enum(PACKAGE_TYPES, { error: `The package is a ${PACKAGE_TYPES.join(', ')}.` });
export const weightGrams = measure('The weight', 'grams', WEIGHT_GRAMS_MAX);
export const sideMm = (name: string): z.ZodNumber => measure(name, 'millimetres', SIDE_MM_MAX);

const dimensions = z.strictObject({
  lengthMm: sideMm('The length'),
  widthMm: sideMm('The width'),
  heightMm: sideMm('The height'),
});

const item = z.strictObject({
  id: z.string({ error: 'id is the id of one of the order’s lines.' }).max(26),
  quantity: z
    .int('The quantity is a whole number.')
    .min(1, 'The quantity is at least 1.')
    .max(QUANTITY_MAX, `The quantity is at most ${QUANTITY_MAX}.`),
});

const checks = z.strictObject(
  Object.fromEntries(
    CHECK_NAMES.map((name) => [name, z.boolean({ error: `${name} is true or false.` }).optional()]),
  ) as Record<PackageCheck, z.ZodOptional<z.ZodBoolean>>,
);

export const packageInput = z.strictObject({
  /** Missing: the first package that is still here, else a new one. */
  number: z.int('number is a whole number; 1 is the order’s first package.').min(1).max(NUMBER_MAX).optional(),
  type: packageType.default('box'),
  weightGrams: weightGrams.optional(),
  dimensions: dimensions.optional(),
  /** Missing: what the package holds already, else everything that is prepared and in no package. */
  items: z
    .array(item)
    .min(1, 'items has at least one entry.')
    .max(ITEMS_MAX, `items has at most ${ITEMS_MAX} entries.`)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'items names a line twice; send it once.')
    .optional(),
  carrier: words('The carrier', 64).min(1, 'Name the carrier.').optional(),
  trackingNumber: words('The tracking number', 64).min(1, 'Give the tracking number.').optional(),
  checks: checks.optional(),
  acceptDifference: z.boolean({ error: 'acceptDifference is true or false.' }).default(false),
  note: words('The note', PACKAGE_NOTE_MAX).optional(),
});
export type PackageInput = z.output<typeof packageInput>;

export const voidPackageInput = z.strictObject({
  reason: words('The reason', VOID_REASON_MAX).min(1, 'Say why the package is void.'),
});
export const inspectionInput = z
  .strictObject({
    passed: z.boolean({ error: 'passed is true or false.' }),
    note: words('The note', PACKAGE_NOTE_MAX).optional(),
  })
  .refine(({ passed, note }) => passed || Boolean(note), {
    path: ['note'],
    message: 'Say what is wrong, so that it can be put right.',
  });

export const byOrder = z.strictObject({ id: z.string().min(1).max(80) });
export const byPackage = z.strictObject({ id: z.string().min(1).max(26) });

const maybe = z.string().nullable();
export const packageView = z.looseObject({
  id: z.string(),
  orderId: z.string(),
  taskId: maybe,
  number: z.int(),
  type: z.enum(PACKAGE_TYPES),
  status: z.enum(PACKAGE_STATUSES),
  weightGrams: z.int().nullable(),
  dimensions: dimensions.nullable(),
  /** What its items weigh by the catalogue; null when that was not compared. */
  expectedGrams: z.int().nullable(),
  weightAccepted: z.boolean(),
  checks: z.record(z.string(), z.boolean()).nullable(),
  note: maybe,
  carrier: maybe,
  trackingNumber: maybe,
  hasLeft: z.boolean(),
  items: z.array(z.object({ lineId: z.string(), sku: z.string(), name: z.string(), quantity: z.int() })),
  packedAt: maybe,
  packedBy: maybe,
  inspectedAt: maybe,
  inspectedBy: maybe,
  voidedAt: maybe,
  voidedBy: maybe,
  voidReason: maybe,
});
