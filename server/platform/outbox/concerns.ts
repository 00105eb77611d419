import type { Params } from '../context';
import type { Subscription } from '../registry';

/** An expression in SQL over rows of the outbox named `heard`: 1 where the event has nothing for its handler. */
export function unconcerned(subscriptions: readonly Subscription[]): { sql: string; params: Params } {
  const names = new Map<string, string[]>();
  for (const { name, concerns } of subscriptions) {
    if (concerns) names.set(concerns, [...(names.get(concerns) ?? []), name]);
  }
  const cases = [...names.keys()].map(
    (concerns, n) => `WHEN heard.kind = 'event' AND heard.name IN (:handlers_${n}) THEN NOT (${concerns})`,
  );
  return {
    sql: cases.length === 0 ? '0' : `CASE ${cases.join(' ')} ELSE 0 END`,
    params: Object.fromEntries([...names.values()].map((list, n) => [`handlers_${n}`, list])),
  };
}
