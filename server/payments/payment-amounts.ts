import type { OrderRow } from '../orders';
import { ConflictError } from '../platform/errors';
import type { PaymentInput } from './payments.schema';

/** What is owed by the way it is paid: the courier owes what it collected, the customer the rest. */
function owed(order: OrderRow, method: string): number {
  return method === 'cod' ? order.clearingMinor : order.receivableMinor;
}

/**
 * What is expected of a payment that is not recorded yet: cash on delivery never is.
 * Throws 409 NOTHING_DUE or COD_NOT_COLLECTED.
 */
export function amountAwaited(order: OrderRow, input: Pick<PaymentInput, 'method' | 'amountMinor'>): number {
  if (input.method === 'cod') {
    const message = 'Cash on delivery is with the courier or not at all; it is recorded after the delivery.';
    throw new ConflictError('COD_NOT_COLLECTED', message, { facts: { clearingMinor: order.clearingMinor } });
  }
  const amountMinor = input.amountMinor ?? order.receivableMinor;
  if (amountMinor === 0) throw nothingDue(order);
  return amountMinor;
}

function nothingDue(order: OrderRow): ConflictError {
  return new ConflictError(
    'NOTHING_DUE',
    'Nothing is due on this order. To record money that came anyway, give its amount and acceptDifference.',
    { facts: { balanceDueMinor: order.receivableMinor, paymentStatus: order.paymentStatus } },
  );
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
  if (amountMinor === 0) throw nothingDue(order);
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
