import { z } from 'zod';
import { pageQuery } from '../platform/http/paging';
import { AMOUNT_MINOR_MAX } from '../platform/money';
import type { ProductRow } from './inventory.models';

const ATTRIBUTES_MAX = 20;
const WEIGHT_GRAMS_MAX = 1_000_000;
const COUNT_MAX = 1_000_000;
const BASIS_POINTS_PER_PERCENT = 100;

export const skuText = z
  .string({ error: 'Give the SKU as text.' })
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'A SKU has 1 to 64 letters, digits, dots, underscores or hyphens.');

export const storeIdText = z.string().min(1).max(26).optional();

/** Money named by its field, so that the refusal says which amount is meant. */
export function amountMinor(what: string): z.ZodNumber {
  return z
    .int({ error: `${what} is a whole number of minor units, such as 50000 for 500.00.` })
    .min(0, `${what} is at least 0.`)
    .max(AMOUNT_MINOR_MAX, `${what} is at most ${AMOUNT_MINOR_MAX}.`);
}

const count = (what: string, least: number): z.ZodNumber =>
  z
    .int({ error: `${what} is a whole number.` })
    .min(least, `${what} is at least ${least}.`)
    .max(COUNT_MAX, `${what} is at most ${COUNT_MAX}.`);

const line = (most: number): z.ZodString => z.string().trim().min(1).max(most, `At most ${most} characters.`);
const attributes = z
  .record(z.string().min(1).max(40), z.string().max(120))
  .refine((values) => Object.keys(values).length <= ATTRIBUTES_MAX, `At most ${ATTRIBUTES_MAX} attributes.`);
const taxRate = z
  .number({ error: 'The tax rate is a percentage, such as 7.5.' })
  .min(0, 'The tax rate is at least 0 %.')
  .max(100, 'The tax rate is at most 100 %.')
  .multipleOf(0.01, 'The tax rate has at most two decimals.');
const purchaseLimit = z.strictObject({ quantity: count('The limit', 1), days: count('The number of days', 1) });

const fields = {
  name: z.string({ error: 'Give the product a name.' }).trim().min(1, 'Give the product a name.').max(200),
  variant: line(120).nullable(),
  attributes,
  barcode: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'A barcode has 1 to 64 printable characters.')
    .nullable(),
  priceMinor: amountMinor('The price'),
  costMinor: amountMinor('The cost'),
  taxRate: taxRate.nullable(),
  weightGrams: z.int('The weight is a whole number of grams.').min(0).max(WEIGHT_GRAMS_MAX),
  fragile: z.boolean(),
  category: line(120).nullable(),
  shelf: line(40).nullable(),
  restricted: z.boolean(),
  minimumAge: z.int('The age is a whole number of years.').min(0).max(120).nullable(),
  purchaseLimit: purchaseLimit.nullable(),
  lowStockThreshold: count('The low-stock threshold', 0).nullable(),
};

export const productBody = z.strictObject({
  storeId: storeIdText,
  sku: skuText,
  name: fields.name,
  variant: fields.variant.default(null),
  attributes: fields.attributes.default({}),
  barcode: fields.barcode.default(null),
  priceMinor: fields.priceMinor,
  costMinor: fields.costMinor.default(0),
  taxRate: fields.taxRate.default(null),
  weightGrams: fields.weightGrams.default(0),
  fragile: fields.fragile.default(false),
  category: fields.category.default(null),
  shelf: fields.shelf.default(null),
  restricted: fields.restricted.default(false),
  minimumAge: fields.minimumAge.default(null),
  purchaseLimit: fields.purchaseLimit.default(null),
  lowStockThreshold: fields.lowStockThreshold.default(null),
});

export const productChangeBody = z
  .strictObject({ ...fields, active: z.boolean() })
  .partial()
  .extend({ storeId: storeIdText });

export const productsQuery = pageQuery
  .extend({
    storeId: storeIdText,
    sku: skuText.optional(),
    barcode: z.string().max(64).optional(),
    category: z.string().max(120).optional(),
    text: z.string().max(100).optional(),
    active: z.stringbool('Say true or false.').optional(),
  })
  .strict();

export const productView = z.object({
  ...fields,
  id: z.string(),
  sku: z.string(),
  active: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type ProductsQuery = z.output<typeof productsQuery>;
export type ProductInput = Omit<ProductRow, 'id' | 'storeId' | 'active' | 'createdAt' | 'updatedAt'>;
export type ProductChange = Partial<Omit<ProductRow, 'id' | 'storeId' | 'sku' | 'createdAt' | 'updatedAt'>>;

type ProductBody = Omit<z.output<typeof productBody>, 'storeId'>;
type ProductChangeBody = Omit<z.output<typeof productChangeBody>, 'storeId'>;

/** Outside, a rate in percent and a limit as one thing; inside, basis points and two columns. */
export function inputOfProduct({ taxRate, purchaseLimit, ...rest }: ProductBody): ProductInput {
  return { ...rest, taxRateBasisPoints: basisPoints(taxRate), ...limitColumns(purchaseLimit) };
}

export function changeOfProduct({ taxRate, purchaseLimit, ...rest }: ProductChangeBody): ProductChange {
  return {
    ...rest,
    ...(taxRate === undefined ? {} : { taxRateBasisPoints: basisPoints(taxRate) }),
    ...(purchaseLimit === undefined ? {} : limitColumns(purchaseLimit)),
  };
}

function basisPoints(percent: number | null): number | null {
  return percent === null ? null : Math.round(percent * BASIS_POINTS_PER_PERCENT);
}

function limitColumns(
  limit: { quantity: number; days: number } | null,
): Pick<ProductInput, 'purchaseLimitQuantity' | 'purchaseLimitDays'> {
  return { purchaseLimitQuantity: limit?.quantity ?? null, purchaseLimitDays: limit?.days ?? null };
}

export function viewOfProduct(row: ProductRow): z.output<typeof productView> {
  const {
    storeId: _storeId,
    taxRateBasisPoints,
    purchaseLimitQuantity: quantity,
    purchaseLimitDays: days,
    ...rest
  } = row;
  return {
    ...rest,
    taxRate: taxRateBasisPoints === null ? null : taxRateBasisPoints / BASIS_POINTS_PER_PERCENT,
    purchaseLimit: quantity === null || days === null ? null : { quantity, days },
  };
}
