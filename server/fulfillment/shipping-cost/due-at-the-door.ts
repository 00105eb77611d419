import { ACCOUNT, type OrderFlow } from '../../accounting';
import type { OrderState } from '../../orders';

type Money = Pick<OrderState['order'], 'paymentMethod' | 'receivableMinor'>;

/** What a courier's rider brings is owed no more, and what was too much is owed back. */
const COLLECTED_FROM: readonly string[] = [ACCOUNT.accountsReceivable, ACCOUNT.refundsPayable];
/** Goods that came back before anybody had them. */
const REFUSED = 'returned';

/**
 * What is, was or would have been collected at the door of an order that is paid there, by the order's own books, so
 * that it does not matter who brought it: what is due, what couriers have collected, whether or not they have handed it
 * over, and what was due on goods that went to the door and came back. Pure.
 */
export function dueAtTheDoorMinor({ paymentMethod, receivableMinor }: Money, flows: readonly OrderFlow[]): number {
  if (paymentMethod !== 'cod') return 0;
  const collected = flows.filter(
    ({ debitCode, creditCode }) => debitCode === ACCOUNT.courierClearing && COLLECTED_FROM.includes(creditCode),
  );
  const refused = flows.filter(
    ({ event, creditCode }) => event === REFUSED && creditCode === ACCOUNT.accountsReceivable,
  );
  return Math.max(0, receivableMinor) + sumOf(collected) + sumOf(refused);
}

function sumOf(flows: readonly OrderFlow[]): number {
  return flows.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
