import type { DomainEvent } from '../context';
import type { Registry } from '../registry';
import type { NewOutboxRow } from './outbox.models';

type Subscriptions = Registry['subscriptions'];

/** True when `pattern` is the topic itself, its family (`order.*`) or `*`. */
export function topicMatches(pattern: string, topic: string): boolean {
  if (pattern === '*' || pattern === topic) return true;
  return pattern.endsWith('.*') && topic.startsWith(pattern.slice(0, -1));
}

/** One row for each handler that hears the event, so that each is retried by itself. */
export function eventRows(
  event: DomainEvent,
  eventId: string,
  now: string,
  subscriptions: Subscriptions,
): NewOutboxRow[] {
  const heard = subscriptions.filter(({ topic }) => topicMatches(topic, event.topic));
  return heard.map(({ name }) => ({
    ...newRow(now),
    eventId,
    kind: 'event',
    name,
    topic: event.topic,
    storeId: event.storeId,
    orderId: event.orderId ?? null,
    orderVersion: event.orderVersion ?? null,
    payload: event.data,
  }));
}

/** The row of one job; `after` is an ISO time before which it must not run. */
export function jobRow(
  job: string,
  payload: Record<string, unknown>,
  options: { after?: string; storeId?: string; now: string },
): NewOutboxRow {
  const row = newRow(options.now);
  const availableAt = options.after && options.after > options.now ? options.after : options.now;
  return { ...row, kind: 'job', name: job, storeId: options.storeId ?? null, payload, availableAt };
}

function newRow(now: string): NewOutboxRow {
  return {
    eventId: null,
    kind: 'job',
    name: '',
    topic: '',
    storeId: null,
    orderId: null,
    orderVersion: null,
    payload: {},
    status: 'pending',
    attempts: 0,
    availableAt: now,
    claimedBy: null,
    claimedUntil: null,
    lastError: null,
    createdAt: now,
    doneAt: null,
  };
}
