import { IANAZone } from 'luxon';
import { z } from 'zod';

export const ROLES = [
  'admin',
  'store_manager',
  'fulfillment_specialist',
  'cashier',
  'customer_service',
  'reporting',
] as const;

const name = z.string().trim().min(1, 'Give a name.').max(120, 'A name has at most 120 characters.');
const role = z.enum(ROLES, { error: `The role is one of ${ROLES.join(', ')}.` });
const storeIds = z.array(z.string().min(1).max(26)).max(100).default([]);

const WEIGHT_TOLERANCE_PERCENT_MAX = 1000;

/** Rules that a store may change later. */
const storeRules = {
  dayEndsAt: z
    .string({ error: 'The end of the day is HH:MM.' })
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'The end of the day is HH:MM.'),
  packing: z.enum(['optional', 'required'], { error: 'packing is optional or required.' }),
  preparation: z.enum(['optional', 'required'], { error: 'preparation is optional or required.' }),
  highValueMinor: z.int('highValueMinor is a whole number of minor units.').min(0).max(9e12),
  qualityCheck: z.enum(['none', 'required'], { error: 'qualityCheck is none or required.' }),
  weightTolerancePercent: z
    .int('weightTolerancePercent is a whole number.')
    .min(0, 'weightTolerancePercent cannot be negative.')
    .max(WEIGHT_TOLERANCE_PERCENT_MAX, `weightTolerancePercent is at most ${WEIGHT_TOLERANCE_PERCENT_MAX}.`),
};

export const storeInput = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,26}$/, 'A store id has 1 to 26 small letters, digits or hyphens.')
    .optional(),
  name,
  currency: z.string().regex(/^[A-Z]{3}$/, 'The currency is an ISO 4217 code such as BDT.'),
  timezone: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'The time zone is an IANA name such as Asia/Dhaka.'),
  dayEndsAt: storeRules.dayEndsAt.default('00:00'),
  packing: storeRules.packing.default('optional'),
  preparation: storeRules.preparation.default('required'),
  highValueMinor: storeRules.highValueMinor.default(1_000_000),
  qualityCheck: storeRules.qualityCheck.default('none'),
  weightTolerancePercent: storeRules.weightTolerancePercent.default(20),
});

/** What may change after the store was opened; its currency and time zone stand in its books. */
export const storeChange = z
  .strictObject({ name, ...storeRules })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Say what is to change.');

export const userInput = z.strictObject({
  name,
  email: z.email('Give a complete e-mail address, such as name@shop.com.').max(254),
  role,
  storeIds,
});

export const apiKeyInput = z.strictObject({ name, role, storeIds });

export const storeView = storeInput.extend({ id: z.string(), createdAt: z.string() });
export const userView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.string(),
  storeIds: z.array(z.string()),
  active: z.boolean(),
});
export const apiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  storeIds: z.array(z.string()),
  hint: z.string(),
  /** Shown once, when it is made. */
  key: z.string().optional(),
  revokedAt: z.string().nullable(),
});
export type StoreChange = z.output<typeof storeChange>;
export type StoreInput = z.output<typeof storeInput>;
export type UserInput = z.output<typeof userInput>;
export type ApiKeyInput = z.output<typeof apiKeyInput>;
