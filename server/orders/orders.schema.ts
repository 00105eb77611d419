import { z } from 'zod';
import { EVENT_ID } from '../platform/context';
import { listOf, pageQuery } from '../platform/http/paging';
import { OVERRIDABLE_GUARDS } from './guards';
import { ORDER_MOVES, ORDER_STATUSES } from './order-moves';
import { STAGES } from './order-lines';
import { PAYMENT_STATUSES } from './payment-status';

export const PAYMENT_METHODS = ['bkash', 'nagad', 'rocket', 'bank', 'card', 'cash', 'cod'] as const;
export const FULFILLMENT_METHODS = ['delivery', 'pickup', 'curbside'] as const;
export const HOLD_REASONS = [
  'payment',
  'fraud',
  'address',
  'stock',
  'compliance',
  'cancellation_requested',
  'other',
] as const;

export const LINES_MAX = 200;
export const QUANTITY_MAX = 1_000_000;
const MINOR_MAX = 9_000_000_000_000;

/** A text with a limit that is said in the refusal. */
export function words(name: string, max: number): z.ZodString {
  return z
    .string({ error: `${name} is a text.` })
    .trim()
    .max(max, `${name} has at most ${max} characters.`);
}

export function minorAmount(name: string): z.ZodNumber {
  return z
    .int(`${name} is a whole number of minor units (12.50 is 1250).`)
    .min(0, `${name} cannot be negative.`)
    .max(MINOR_MAX, `${name} is too large.`);
}

/** The event that started a run, as the trigger passed it on. */
export const eventId = z.string().regex(EVENT_ID, 'An event is named by 1 to 64 letters, digits and signs.');

const YEARS = { from: 2000, to: 2100 };

/** A moment that a calendar of ours can hold. */
export function moment(name: string): z.ZodType<string, string> {
  return z.iso.datetime({ offset: true, error: `${name} is a time such as 2026-11-20T09:00:00Z.` }).refine((time) => {
    const year = new Date(time).getUTCFullYear();
    return year >= YEARS.from && year < YEARS.to;
  }, `${name} lies between the years ${YEARS.from} and ${YEARS.to}.`);
}

export const quantity = z
  .int('The quantity is a whole number.')
  .min(1, 'The quantity is at least 1.')
  .max(QUANTITY_MAX, `The quantity is at most ${QUANTITY_MAX}.`);
export const sku = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'A SKU has 1 to 64 letters, digits, dots, hyphens or underscores.');

const customer = z.strictObject({
  name: words('The customer’s name', 200).min(1, 'Give the customer’s name.'),
  email: z.email('Give a complete e-mail address, such as name@example.com.').max(254).optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9 ()-]{6,30}$/, 'A phone number has 6 to 30 digits, spaces, hyphens or brackets.')
    .optional(),
});

const address = z.strictObject({
  line1: words('The address', 250).min(1, 'Give the street and house.'),
  line2: words('The second line', 250).optional(),
  city: words('The city', 120).min(1, 'Give the city.'),
  region: words('The region', 120).optional(),
  postalCode: words('The postal code', 20).optional(),
  country: z.string().regex(/^[A-Z]{2}$/, 'The country is two capital letters, such as BD.'),
});

const lineInput = z.strictObject({
  sku,
  quantity,
  unitPriceMinor: minorAmount('The unit price').optional(),
  discountMinor: minorAmount('The discount').default(0),
  allowBackorder: z.boolean().optional(),
});

export const placeOrderInput = z
  .strictObject({
    storeId: z.string().max(26).optional(),
    number: z
      .string()
      .regex(/^[A-Za-z0-9._#/-]{1,64}$/, 'An order number has 1 to 64 letters, digits or . _ # / -')
      .optional(),
    currency: z.string().optional(),
    fulfillmentMethod: z
      .enum(FULFILLMENT_METHODS, { error: `fulfillmentMethod is one of ${FULFILLMENT_METHODS.join(', ')}.` })
      .default('delivery'),
    paymentMethod: z.enum(PAYMENT_METHODS, { error: `paymentMethod is one of ${PAYMENT_METHODS.join(', ')}.` }),
    placedAt: moment('placedAt').optional(),
    customer,
    shippingAddress: address.optional(),
    lines: z
      .array(lineInput)
      .min(1, 'An order has at least one line.')
      .max(LINES_MAX, `An order has at most ${LINES_MAX} lines.`),
    shippingMinor: minorAmount('Shipping').optional().describe('Missing: the quote of the address’s zone.'),
    taxMinor: minorAmount('Tax').default(0),
    notes: words('The note', 2000).default(''),
    allowBackorder: z.boolean().default(false),
    payment: z
      .strictObject({
        transactionId: words('The transaction id', 64).min(1, 'Give the transaction id.'),
        payerPhone: words('The payer’s phone', 32).optional(),
      })
      .optional(),
  })
  .superRefine((order, issues) => {
    if (order.fulfillmentMethod === 'delivery' && !order.shippingAddress) {
      issues.addIssue({
        code: 'custom',
        path: ['shippingAddress'],
        message: 'An order for delivery needs an address.',
      });
    }
  });
export type PlaceOrderInput = z.output<typeof placeOrderInput>;

export const override = z.strictObject({
  guard: z.enum(OVERRIDABLE_GUARDS, { error: `Only ${OVERRIDABLE_GUARDS.join(', ')} can be overridden.` }),
  reason: words('The reason', 500).min(3, 'Say why the rule is set aside.'),
});

export const moveFields = {
  notes: words('The note', 2000).optional(),
  reason: words('The reason', 64).optional(),
  version: z.int().min(1).optional(),
  carrier: words('The carrier', 64).min(1, 'Name the carrier.').optional(),
  trackingNumber: words('The tracking number', 64).optional(),
  method: words('The hand-off method', 64).optional(),
  spot: words('The spot', 64).optional(),
  service: words('The service', 64).optional(),
  lines: z
    .array(
      z.strictObject({
        id: z.string().max(26),
        quantity: z.int('The quantity is a whole number.').min(0, 'The quantity cannot be negative.').optional(),
        handling: z
          .enum(['backorder', 'substitute', 'refund'], { error: 'handling is backorder, substitute or refund.' })
          .optional(),
      }),
    )
    .max(LINES_MAX)
    .optional(),
  overrides: z.array(override).max(OVERRIDABLE_GUARDS.length).optional(),
  /** Of a cancellation: who asked and when, whether the goods go back on sale, whether the customer is to be told. */
  customerContact: words('The customer’s contact', 254).optional(),
  requestedAt: moment('requestedAt').optional(),
  restock: z.boolean({ error: 'restock is true or false.' }).optional(),
  notify: z.boolean({ error: 'notify is true or false.' }).optional(),
  /** The event that started the run which asks. */
  event: eventId.optional(),
  /** Several may ask for this move; whoever comes second is answered with the order as it is. */
  once: z.boolean({ error: 'once is true or false.' }).optional(),
};

export const statusInput = z
  .strictObject({
    status: z.string({ error: 'The status is a text.' }).max(40).optional(),
    move: z
      .enum(ORDER_MOVES as [string, ...string[]], { error: `move is one of ${ORDER_MOVES.join(', ')}.` })
      .optional(),
    ...moveFields,
  })
  .refine((input) => input.status !== undefined || input.move !== undefined, {
    path: ['status'],
    message: 'Say which status or which move.',
  });
export type StatusInput = z.output<typeof statusInput>;

export const BULK_MAX = 500;

/** Versions differ between orders, so none can be given for many. */
const { version: _version, ...fieldsForMany } = moveFields;

/** One move for many orders. */
export const bulkUpdateInput = z
  .strictObject({
    orderIds: z
      .array(z.string().min(1).max(80))
      .min(1, 'Name at least one order.')
      .max(BULK_MAX, `At most ${BULK_MAX} orders at a time.`)
      .refine((ids) => new Set(ids).size === ids.length, 'Name each order once.'),
    status: z.string().max(40).optional(),
    move: z
      .enum(ORDER_MOVES as [string, ...string[]], { error: `move is one of ${ORDER_MOVES.join(', ')}.` })
      .optional(),
    ...fieldsForMany,
  })
  .refine((input) => input.status !== undefined || input.move !== undefined, {
    path: ['status'],
    message: 'Say which status or which move.',
  });

export const bulkView = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      done: z.boolean(),
      result: z.unknown().optional(),
      problem: z.object({ status: z.int(), code: z.string(), detail: z.string() }).optional(),
    }),
  ),
  doneCount: z.int(),
  refusedCount: z.int(),
});

export const orderChange = z.strictObject({
  status: z.string().max(40).optional(),
  ...moveFields,
  customer: customer.partial().optional(),
  shippingAddress: address.optional(),
});

export const itemStatusInput = z.strictObject({
  status: z.literal('prepared', { error: 'The status of a line can be set to "prepared".' }),
  quantity: z.int().min(0, 'The quantity cannot be negative.').max(QUANTITY_MAX).optional(),
  version: z.int().min(1).optional(),
});

export const holdInput = z.strictObject({
  reason: z.enum(HOLD_REASONS, { error: `The reason is one of ${HOLD_REASONS.join(', ')}.` }),
  note: words('The note', 1000).default(''),
  lineIds: z.array(z.string().max(26)).max(LINES_MAX).default([]),
  expiresAt: moment('expiresAt').optional(),
});
export type HoldInput = z.output<typeof holdInput>;

export const listQuery = pageQuery.extend({
  storeId: z.string().max(26).optional(),
  status: z.string().max(200).optional(),
  paymentStatus: z.enum(PAYMENT_STATUSES).optional(),
  customer: z.string().max(100).optional(),
  text: z.string().max(100).optional(),
  placedFrom: moment('placedFrom').optional(),
  placedTo: moment('placedTo').optional(),
  /** Orders on which this work can begin now, and that nobody has begun. */
  toDo: z.enum(['picking'], { error: 'toDo is picking.' }).optional(),
  sort: z.enum(['placedAt', '-placedAt']).default('-placedAt'),
});
export type ListQuery = z.output<typeof listQuery>;

const count = z.int();
const lineView = z.object({
  id: z.string(),
  productId: z.string(),
  sku: z.string(),
  name: z.string(),
  quantity: count,
  unitPriceMinor: count,
  discountMinor: count,
  totalMinor: count,
  preparedQuantity: count,
  packedQuantity: count,
  shippedQuantity: count,
  deliveredQuantity: count,
  cancelledQuantity: count,
  backorderedQuantity: count,
  substitutedQuantity: count,
  returnedQuantity: count,
  parentLineId: z.string().nullable(),
});

export const orderView = z.looseObject({
  id: z.string(),
  storeId: z.string(),
  number: z.string(),
  status: z.enum(ORDER_STATUSES),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  stage: z.enum(STAGES),
  version: count,
  fulfillmentMethod: z.string(),
  paymentMethod: z.string(),
  currency: z.string(),
  customer: z.object({ name: z.string(), email: z.string().nullable(), phone: z.string().nullable() }),
  shippingAddress: z.unknown(),
  notes: z.string(),
  subtotalMinor: count,
  discountMinor: count,
  shippingMinor: count,
  taxMinor: count,
  totalMinor: count,
  paidMinor: count,
  balanceDueMinor: count,
  refundsPayableMinor: count,
  refundedMinor: count,
  placedAt: z.string(),
  updatedAt: z.string(),
  lines: z.array(lineView),
});
export const orderList = listOf(orderView);
