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
  dayEndsAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'The end of the day is HH:MM.')
    .default('00:00'),
  packing: z.enum(['optional', 'required']).default('optional'),
  preparation: z.enum(['optional', 'required']).default('required'),
  highValueMinor: z.int().min(0).max(9e12).default(1_000_000),
});

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
export type StoreInput = z.output<typeof storeInput>;
export type UserInput = z.output<typeof userInput>;
export type ApiKeyInput = z.output<typeof apiKeyInput>;
