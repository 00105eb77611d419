import { z } from 'zod';
import { pageQuery } from '../platform/http/paging';

const URL_LENGTH_MAX = 2000;
const EVENTS_MAX = 50;

const topic = z
  .string()
  .max(80)
  .regex(/^(\*|[a-z_]+(\.[a-z_]+)*(\.\*)?)$/, 'Write a topic such as order.placed, a family such as order.*, or *.');

const webhookUrl = z
  .url({ protocol: /^https?$/, error: 'Write a full address that begins with http:// or https://.' })
  .max(URL_LENGTH_MAX)
  .refine((url) => !hasCredentials(url), 'Leave user name and password out of the address.')
  .transform((url) => new URL(url).href);

/** A password in an address would be stored, listed and audited in the clear. */
function hasCredentials(url: string): boolean {
  const parsed = URL.parse(url);
  return Boolean(parsed?.username || parsed?.password);
}

export const subscriptionInput = z.object({
  url: webhookUrl,
  events: z.array(topic).min(1).max(EVENTS_MAX),
  secret: z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/,
      'A secret is "whsec_" and 24 to 64 random bytes in base64; leave it out to get one.',
    )
    .optional(),
  storeId: z.string().max(26).optional(),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((time) => new Date(time).toISOString())
    .optional()
    .describe('When the subscription ends by itself.'),
});
export type SubscriptionInput = z.output<typeof subscriptionInput>;

export const subscriptionView = z.object({
  id: z.string(),
  storeId: z.string().nullable(),
  url: z.string(),
  events: z.array(z.string()),
  secretHint: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
});

/** The only answer that shows the secret. */
export const registeredView = subscriptionView.omit({ secretHint: true }).extend({ secret: z.string() });

export const subscriptionQuery = pageQuery.extend({ url: webhookUrl.optional() });

export const deliveryQuery = pageQuery.extend({
  status: z.enum(['pending', 'delivered', 'failed', 'dead']).optional(),
  subscription: z.string().max(26).optional(),
  orderId: z.string().max(26).optional(),
});

export const deliveryView = z.object({
  id: z.string(),
  subscriptionId: z.string(),
  eventId: z.string(),
  topic: z.string(),
  storeId: z.string(),
  orderId: z.string().nullable(),
  status: z.string(),
  attempts: z.number(),
  lastStatus: z.number().nullable(),
  lastError: z.string().nullable(),
  nextAt: z.string(),
  createdAt: z.string(),
  deliveredAt: z.string().nullable(),
});
