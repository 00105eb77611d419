import { defineTable } from '../platform/database/table';

export interface SubscriptionRow {
  id: string;
  /** Null hears every store. */
  storeId: string | null;
  url: string;
  /** SHA-256 of store and address; one subscription for each. */
  addressKey: string;
  events: string[];
  /** `whsec_` and the signing key in base64. */
  secret: string;
  active: boolean;
  createdAt: string;
  /** When it ended or will end by itself. */
  expiresAt: string | null;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'dead';

export interface DeliveryRow {
  id: string;
  subscriptionId: string;
  eventId: string;
  topic: string;
  storeId: string;
  orderId: string | null;
  status: DeliveryStatus;
  attempts: number;
  /** HTTP status of the last attempt; null when there was no answer. */
  lastStatus: number | null;
  lastError: string | null;
  /** Not tried before this time. During an attempt it lies in the future, so that two never run at once. */
  nextAt: string;
  /** The body as it is posted. */
  payload: Record<string, unknown>;
  createdAt: string;
  deliveredAt: string | null;
}

export const subscriptions = defineTable<SubscriptionRow>('webhook_subscriptions', {
  json: ['events'],
  flags: ['active'],
});
export const deliveries = defineTable<DeliveryRow>('webhook_deliveries', { json: ['payload'] });
