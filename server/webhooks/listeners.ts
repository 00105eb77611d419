import type { ReadContext } from '../platform/context';
import { topicMatches } from '../platform/outbox/append';
import type { DeliveredEvent } from '../platform/registry';
import { subscriptions, type SubscriptionRow } from './webhooks.models';

/** However busy it is, subscriptions are read anew after this. One that ended meanwhile is noticed at its delivery. */
const KEPT_MS = 1_000;

/**
 * Who listens to an event. Every event asks, so what was read for one serves those that happened before the reading:
 * whoever subscribed before an event is among them.
 */
export class Listeners {
  private readAt = '';
  private reading: Promise<SubscriptionRow[]> = Promise.resolve([]);

  async of(read: ReadContext, event: DeliveredEvent): Promise<SubscriptionRow[]> {
    const { now } = read;
    const isOld = Date.parse(now) - Date.parse(this.readAt) >= KEPT_MS;
    if (this.readAt === '' || isOld || event.occurredAt >= this.readAt) this.readAnew(read);
    return (await this.reading).filter(
      ({ events, storeId, expiresAt }) =>
        (storeId === null || storeId === event.storeId) &&
        (expiresAt === null || expiresAt > now) &&
        events.some((topic) => topicMatches(topic, event.topic)),
    );
  }

  private readAnew(read: ReadContext): void {
    const where = 'active = 1 AND (expires_at IS NULL OR expires_at > :now)';
    this.readAt = read.now;
    this.reading = read.find(subscriptions, where, { now: read.now });
    // Whoever waits for it hears of a failure; those who come later must not.
    this.reading.catch(() => (this.readAt = ''));
  }
}
