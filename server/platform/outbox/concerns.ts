import type { Params, ReadContext } from '../context';
import type { Subscription } from '../registry';

/** An expression in SQL over rows of the outbox named `heard`: 1 where the event has nothing for its handler. */
export function unconcerned(subscriptions: readonly Subscription[]): { sql: string; params: Params } {
  const names = handlersByCondition(subscriptions);
  const cases = [...names.keys()].map(
    (concerns, n) => `WHEN heard.kind = 'event' AND heard.name IN (:handlers_${n}) THEN NOT (${concerns})`,
  );
  return {
    sql: cases.length === 0 ? '0' : `CASE ${cases.join(' ')} ELSE 0 END`,
    params: Object.fromEntries([...names.values()].map((list, n) => [`handlers_${n}`, list])),
  };
}

export interface BrokenCondition {
  /** The handlers that have it. */
  names: string[];
  error: unknown;
}

/** The conditions that the database cannot make sense of; each is asked by itself, of no rows. */
export async function brokenConditions(
  read: ReadContext,
  subscriptions: readonly Subscription[],
): Promise<BrokenCondition[]> {
  const broken: BrokenCondition[] = [];
  for (const [concerns, names] of handlersByCondition(subscriptions)) {
    try {
      await read.select(
        `SELECT NOT (${concerns}) AS unconcerned
           FROM (SELECT id, kind, name, order_id FROM outbox WHERE 1 = 0) AS heard`,
      );
    } catch (error) {
      broken.push({ names, error });
    }
  }
  return broken;
}

/** Throws for a condition that is no SQL, with the handlers that have it, so that a service does not start with one. */
export async function assertConditions(read: ReadContext, subscriptions: readonly Subscription[]): Promise<void> {
  const [broken] = await brokenConditions(read, subscriptions);
  if (!broken) return;
  throw new Error(`The condition of ${broken.names.join(' and ')} cannot be asked.`, { cause: broken.error });
}

function handlersByCondition(subscriptions: readonly Subscription[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { name, concerns } of subscriptions) {
    if (concerns) names.set(concerns, [...(names.get(concerns) ?? []), name]);
  }
  return names;
}
