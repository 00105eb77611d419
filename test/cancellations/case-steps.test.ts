import {
  canBecome,
  followedSteps,
  isOver,
  STEP_MOVES,
  STEP_STATUSES,
  type StepFacts,
  stepMoves,
  type StepStatus,
} from '../../server/cancellations/case-steps';

const QUIET: StepFacts = { putBack: { status: 'nothing', units: 0 }, refundsPayableMinor: 0, consignments: [] };

describe('The steps of a cancellation', () => {
  const pairs = STEP_STATUSES.flatMap((from) => STEP_STATUSES.map((to) => [from, to] as const));
  it.each(pairs)('from %s to %s is possible exactly where the table says so', (from, to) => {
    const said = STEP_MOVES.some(
      (move) => (stepMoves[move].from as readonly StepStatus[]).includes(from) && stepMoves[move].to === to,
    );
    expect(canBecome(from, to)).toBe(said);
  });

  it('all have a way to an end', () => {
    for (const status of STEP_STATUSES) expect(isOver([status]) || canBecome(status, 'done')).toBe(true);
  });

  it('are over when each is done or was never needed', () => {
    expect(isOver(['done', 'skipped'])).toBe(true);
    expect(isOver(['done', 'pending'])).toBe(false);
    expect(isOver(['done', 'failed'])).toBe(false);
  });

  it.each([
    ['nothing', 'skipped'],
    ['kept', 'skipped'],
    ['due', 'pending'],
    ['short', 'failed'],
    ['done', 'done'],
  ] as const)('put_back, when what was picked is %s, is %s', (status, wanted) => {
    expect(followedSteps.put_back({ ...QUIET, putBack: { status, units: 2 } }).status).toBe(wanted);
  });

  it('refund waits while money is owed, and fails with the refund', () => {
    expect(followedSteps.refund(QUIET).status).toBe('skipped');
    expect(followedSteps.refund({ ...QUIET, refundsPayableMinor: 5 }).status).toBe('pending');
    const failed = followedSteps.refund({ ...QUIET, refundsPayableMinor: 5, refundFailure: 'x'.repeat(600) });
    expect(failed).toMatchObject({ status: 'failed', facts: { refundsPayableMinor: 5 } });
    expect(failed.note.length).toBeLessThanOrEqual(500);
  });

  it('courier waits while one has a booking', () => {
    expect(followedSteps.courier(QUIET).status).toBe('skipped');
    expect(followedSteps.courier({ ...QUIET, consignments: ['SFR1'] })).toMatchObject({
      status: 'pending',
      facts: { consignments: ['SFR1'] },
    });
  });
});
