import { z } from 'zod';
import { eventId, minorAmount, words } from '../../orders';
import { listOf, pageQuery } from '../../platform/http/paging';
import { webAddress } from '../../platform/web-address';
import { CONSIGNMENT_STATUSES } from '../../shipping';

export const orderParams = z.object({ id: z.string().min(1).max(80) });
export const consignmentParams = z.object({ id: z.string().min(1).max(26) });
export const nothing = z.strictObject({});

/** As much as a consignment keeps of an address. */
export const TRACKING_URL_MAX = 300;
const WRONG_ADDRESS =
  'The tracking address begins with http:// or https:// and the host, without name and password; it holds no blanks and nothing unseen.';
const COURIER = 'The courier’s name';
/** As much as couriers keep of a note. */
export const NOTE_MAX = 480;

export const bookingInput = z.strictObject({
  courier: words(COURIER, 32).min(1, 'Name the courier: steadfast or manual.'),
  /** Also hands the order over as soon as the courier has taken the parcel. */
  ship: z.boolean({ error: 'ship is true or false.' }).default(false),
  note: words('The note to the rider', NOTE_MAX).optional(),
  /** What the courier shall know the parcel by; made of the order's number when missing. */
  reference: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'A reference has 1 to 64 letters, digits, dashes or underscores.')
    .optional(),
  /** The event that started the run which asks. */
  event: eventId.optional(),
});
export type BookingInput = z.output<typeof bookingInput>;

export const codInput = z.strictObject({
  /** What the courier knows now; it must be what is due. */
  codAmountMinor: minorAmount('The amount'),
  note: words('The note', NOTE_MAX).optional(),
});
export type CodInput = z.output<typeof codInput>;

export const trackingInput = z.strictObject({
  carrier: words('The carrier', 64).min(1, 'Name the carrier, or leave it out.').optional(),
  trackingNumber: words('The tracking number', 64).min(1, 'Give the tracking number, or leave it out.').optional(),
  trackingUrl: z
    .string('The tracking address is a text.')
    .refine((text) => webAddress(text) !== null, WRONG_ADDRESS)
    .overwrite((text) => webAddress(text) ?? text)
    .max(TRACKING_URL_MAX, `The tracking address has at most ${TRACKING_URL_MAX} characters.`)
    .optional(),
  version: z.int('The version is a whole number.').min(1, 'Versions begin with 1.').optional(),
});
export type TrackingInput = z.output<typeof trackingInput>;

export const trackingView = z.object({
  orderId: z.string(),
  order: z.object({ id: z.string(), number: z.string(), status: z.string(), version: z.int() }),
  changed: z.boolean(),
  carrier: z.string(),
  trackingNumber: z.string().nullable(),
  trackingUrl: z.string().nullable(),
  /** Whose word it is. */
  source: z.enum(['courier', 'given']),
  consignmentId: z.string().nullable(),
});

const statusList = z
  .string()
  .max(300)
  .transform((text) => text.split(',').map((one) => one.trim()))
  .pipe(z.array(z.enum(CONSIGNMENT_STATUSES, { error: `status is one of ${CONSIGNMENT_STATUSES.join(', ')}.` })));

export const consignmentQuery = pageQuery.extend({
  status: statusList.optional(),
  courier: words(COURIER, 32).optional(),
  storeId: z.string().max(26).optional(),
});

export const consignmentView = z.looseObject({
  id: z.string(),
  orderId: z.string().nullable(),
  courier: z.string(),
  reference: z.string(),
  trackingCode: z.string().nullable(),
  trackingUrl: z.string().nullable(),
  status: z.enum(CONSIGNMENT_STATUSES),
  courierStatus: z.string().nullable(),
  /** What the courier was told to collect, and what should be collected as the bill is now. */
  codAmountMinor: z.int(),
  codDueMinor: z.int(),
  currency: z.string(),
  problem: z.object({ code: z.string(), message: z.string(), errors: z.array(z.unknown()).optional() }).nullable(),
});
export const consignmentList = listOf(consignmentView);
