import type { OrderState } from '../../orders';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import { roundRatio } from '../../platform/money';
import type { RefundInput, RefundLineInput } from './refunds.schema';

/** What the customer can still be promised, and what it is made of; minor units. */
export interface Owed {
  refundsPayableMinor: number;
  /** What refunds that are not settled take of it. */
  claimedMinor: number;
}

/**
 * What a refund pays. Throws 409 NOTHING_TO_REFUND or REFUND_TOO_LARGE, 422 LINE_UNKNOWN or QUANTITY_TOO_LARGE.
 */
export function amountToRefund(state: OrderState, owed: Owed, input: RefundInput): number {
  const { refundsPayableMinor, claimedMinor } = owed;
  const freeMinor = refundsPayableMinor - claimedMinor;
  const facts = { refundsPayableMinor, claimedMinor, refundableMinor: freeMinor };
  if (freeMinor <= 0) {
    const message =
      claimedMinor > 0
        ? `All that is owed back is in a refund that is not settled yet (${claimedMinor} ${state.order.currency}, minor units). Execute that one.`
        : 'Nothing is owed back on this order. Money is owed back after an overpayment, a cancellation or a return.';
    throw new ConflictError('NOTHING_TO_REFUND', message, { facts });
  }
  const amountMinor = input.lines ? shareOfLines(state, input.lines) : (input.amountMinor ?? freeMinor);
  if (amountMinor > freeMinor) {
    const message = `${amountMinor} is more than the ${freeMinor} ${state.order.currency} (minor units) that can be refunded now.`;
    throw new ConflictError('REFUND_TOO_LARGE', message, {
      errors: [{ path: input.lines ? 'lines' : 'amountMinor', code: 'REFUND_TOO_LARGE', message }],
      facts: { amountMinor, ...facts },
    });
  }
  return amountMinor;
}

/** What was paid for units that were cancelled or came back, with their part of the tax. */
function shareOfLines({ order, lines }: OrderState, wanted: readonly RefundLineInput[]): number {
  const errors: FieldError[] = [];
  let salesMinor = 0;
  wanted.forEach(({ id, quantity }, n) => {
    const line = lines.find((candidate) => candidate.id === id);
    if (!line) {
      const message = `The order has no line "${id}". Use the id of a line of this order.`;
      errors.push({ path: `lines[${n}].id`, code: 'LINE_UNKNOWN', message });
      return;
    }
    const gone = line.cancelledQuantity + line.returnedQuantity;
    if (gone === 0 || (quantity ?? gone) > gone) {
      const message = `${gone} of ${line.sku} were cancelled or came back; no more can be refunded by line.`;
      errors.push({ path: `lines[${n}].quantity`, code: 'QUANTITY_TOO_LARGE', message, quantity: gone });
      return;
    }
    salesMinor += roundRatio(line.totalMinor, quantity ?? gone, line.quantity);
  });
  if (errors[0]) throw new ValidationError(errors[0].code, errors[0].message, { errors });
  // The order's tax belongs to the goods as they were placed; a substitute carries it at the same rate.
  const totalMinor = lines.reduce((sum, line) => sum + (line.parentLineId ? 0 : line.totalMinor), 0);
  const amountMinor = salesMinor + (totalMinor > 0 ? roundRatio(order.taxMinor, salesMinor, totalMinor) : 0);
  if (amountMinor > 0) return amountMinor;
  throw new ConflictError('NOTHING_TO_REFUND', 'These lines cost nothing, so nothing is owed back for them.', {
    facts: { amountMinor },
  });
}
