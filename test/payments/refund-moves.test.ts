import {
  moveRefund,
  REFUND_MOVES,
  REFUND_STATUSES,
  refundMove,
  type RefundStatus,
} from '../../server/payments/refunds/refund-moves';

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function reachedFrom(start: RefundStatus): Set<RefundStatus> {
  const reached = new Set<RefundStatus>([start]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const move of REFUND_MOVES) {
      if (refundMove(move).from.some((status) => reached.has(status))) reached.add(refundMove(move).to);
    }
  }
  return reached;
}

describe('The moves of a refund', () => {
  it('reach every status from a request', () => {
    expect([...reachedFrom('requested')].sort()).toEqual([...REFUND_STATUSES].sort());
  });

  it.each(REFUND_STATUSES)('let a refund that is %s end with the customer', (status) => {
    expect(reachedFrom(status)).toContain('settled');
  });

  const pairs = REFUND_STATUSES.flatMap((status) => REFUND_MOVES.map((move) => [status, move] as const));
  it.each(pairs)('from %s: %s is possible exactly where the table says so', (status, move) => {
    const code = status === 'settled' ? 'REFUND_SETTLED' : 'REFUND_NOT_APPROVED';
    expect(codeOf(() => moveRefund(status, move))).toBe(refundMove(move).from.includes(status) ? undefined : code);
  });
});
