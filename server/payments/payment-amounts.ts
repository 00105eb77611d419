import type { OrderRow } from '../orders';
import { ConflictError } from '../platform/errors';
import type { PaymentInput } from './payments.schema';

/** What is owed by the way it is paid: the courier owes what it collected, the customer the rest. */
export function owed(order: OrderRow, method: string): number {
  return method === 'cod' ? order.clearingMinor : order.receivableMinor;
}

/** What is recorded. Throws 409 COD_NOT_COLLECTED, NOTHING_DUE or AMOUNT_MISMATCH. */
export function amountToRecord(
  order: OrderRow,
  input: Pick<PaymentInput, 'method' | 'amountMinor' | 'acceptDifference'>,
): number {
  const due = owed(order, input.method);
  const amountMinor = input.amountMinor ?? due;
  if (input.method === 'cod' && (due === 0 || amountMinor > due)) {
    throw new ConflictError(
      'COD_NOT_COLLECTED',
      `The courier holds ${due} ${order.currency} (minor units) of this order, not ${amountMinor}. Cash on delivery is recorded after the delivery.`,
      {
        facts: { clearingMinor: due, amountMinor },
      },
    );
  }
  if (amountMinor === 0) {
    throw new ConflictError(
      'NOTHING_DUE',
      'Nothing is due on this order. To record money that came anyway, give its amount and acceptDifference.',
      {
        facts: { balanceDueMinor: due, paymentStatus: order.paymentStatus },
      },
    );
  }
  if (amountMinor !== due && !input.acceptDifference) {
    throw new ConflictError(
      'AMOUNT_MISMATCH',
      `${amountMinor} was paid but ${due} ${order.currency} (minor units) is due. Check the amount, or send acceptDifference to record it as it is.`,
      {
        errors: [{ path: 'amountMinor', code: 'AMOUNT_MISMATCH', message: `The balance due is ${due}.` }],
        facts: { amountMinor, balanceDueMinor: due, differenceMinor: amountMinor - due },
      },
    );
  }
  return amountMinor;
}
