import { putBackState } from '../../fulfillment';
import { openQuantity, orderOpenWork, type OrderState, shippableQuantity } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { formatMoney } from '../../platform/money';

/** What a manager has to know before deciding, as the mail says it. Nothing of the customer but what was asked. */
export async function factsForDecision(
  ctx: ReadContext,
  { order, lines }: OrderState,
  asked: { words: string; askedBy: string; role: string },
): Promise<string> {
  const sum = (unitsOf: (line: (typeof lines)[number]) => number): number =>
    lines.reduce((total, line) => total + Math.max(0, unitsOf(line)), 0);
  const inHand = await putBackState(ctx, { orderId: order.id, restock: true });
  const toLeave = sum((line) => openQuantity(line) - line.shippedQuantity);
  const toPutBack = sum(shippableQuantity) + inHand.units;
  const owedMinor = order.paidMinor - order.refundedMinor;
  const money = (amountMinor: number): string => formatMoney(amountMinor, order.currency);
  const work = await orderOpenWork.read(ctx, order.id);
  return [
    `${asked.askedBy} (${asked.role.replaceAll('_', ' ')}) asks to cancel it: ${asked.words}.`,
    `It is ${order.status.replaceAll('_', ' ')}; ${money(order.totalMinor)}, of which ${money(order.paidMinor)} is paid.`,
    ...work,
    `Cancelling takes ${toLeave === 1 ? '1 unit' : `${toLeave} units`} off the order, ${toPutBack} of them to be put back; ${
      owedMinor > 0 ? `${money(owedMinor)} is owed back` : 'no money is owed back'
    }.`,
    'Until you decide, the order is held.',
  ].join('\n');
}
