import { ConflictError } from '../../platform/errors';

export const REFUND_STATUSES = ['requested', 'approved', 'sent', 'settled', 'failed'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export interface RefundMoveRule {
  from: readonly RefundStatus[];
  to: RefundStatus;
  event?: string;
}

/** Every move a refund can make: the decision, then its execution. A move not listed here does not exist. */
export const refundMoves = {
  approve: { from: ['requested'], to: 'approved', event: 'refund.approved' },
  send: { from: ['approved', 'failed'], to: 'sent' },
  settle: { from: ['sent'], to: 'settled', event: 'refund.settled' },
  fail: { from: ['sent'], to: 'failed', event: 'refund.failed' },
} as const satisfies Record<string, RefundMoveRule>;

export type RefundMove = keyof typeof refundMoves;
export const REFUND_MOVES = Object.keys(refundMoves) as RefundMove[];

export function refundMove(move: RefundMove): RefundMoveRule {
  return refundMoves[move];
}

/** A refund that still claims a part of what is owed back. */
export function isOpen(status: RefundStatus): boolean {
  return status !== 'settled';
}

/** Where a move leads. Throws 409 REFUND_NOT_APPROVED or REFUND_SETTLED. */
export function moveRefund(status: RefundStatus, move: RefundMove): RefundStatus {
  if (refundMove(move).from.includes(status)) return refundMove(move).to;
  if (status === 'settled') {
    const message = 'The customer has this money already. If it was sent twice, ask for the second transfer back.';
    throw new ConflictError('REFUND_SETTLED', message, { facts: { refundStatus: status } });
  }
  throw new ConflictError('REFUND_NOT_APPROVED', `A refund that is ${status} cannot ${move}; it is approved first.`, {
    facts: { refundStatus: status },
  });
}
