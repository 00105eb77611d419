export const STEP_KINDS = ['stock', 'money', 'put_back', 'refund', 'courier', 'message'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const STEP_STATUSES = ['pending', 'done', 'failed', 'skipped'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Every move a step can make. A move not listed here does not exist. */
export const stepMoves = {
  finish: { from: ['pending', 'failed'], to: 'done' },
  fail: { from: ['pending'], to: 'failed' },
  reopen: { from: ['failed', 'done', 'skipped'], to: 'pending' },
} as const satisfies Record<string, { from: readonly StepStatus[]; to: StepStatus }>;

export type StepMove = keyof typeof stepMoves;
export const STEP_MOVES = Object.keys(stepMoves) as StepMove[];

/** True when one move leads there. */
export function canBecome(from: StepStatus, to: StepStatus): boolean {
  return STEP_MOVES.some(
    (move) => (stepMoves[move].from as readonly StepStatus[]).includes(from) && stepMoves[move].to === to,
  );
}

/** A case is over when nothing of it is left to do. */
export function isOver(statuses: readonly StepStatus[]): boolean {
  return statuses.every((status) => status === 'done' || status === 'skipped');
}

export interface StepRule {
  /** A person may say that it was done; the others follow the books alone. */
  byHand: boolean;
  /** What is waited for, as `explain` says it. */
  waiting: string;
}

export const stepRules: Readonly<Record<StepKind, StepRule>> = {
  stock: { byHand: false, waiting: 'The goods are to be given back' },
  money: { byHand: false, waiting: 'The sale is to be taken back' },
  put_back: { byHand: true, waiting: 'Picked goods are to be put back on their shelves' },
  refund: { byHand: false, waiting: 'Money is owed back to the customer' },
  courier: { byHand: true, waiting: 'The courier still has a booking; call them to stop it' },
  message: { byHand: true, waiting: 'The customer has not been told yet' },
};

/** How things stand with an order when a step is looked at. */
export interface StepFacts {
  putBack: { status: 'nothing' | 'due' | 'done' | 'short' | 'kept'; units: number };
  refundsPayableMinor: number;
  /** Why a refund of the order failed; missing when none has. */
  refundFailure?: string;
  /** Names of consignments that a courier still has. */
  consignments: readonly string[];
}

export interface StepOutcome {
  status: StepStatus;
  note: string;
  facts: Record<string, unknown>;
}

/** The steps that follow the state of goods and money, whichever event made somebody look. */
export const FOLLOWED_KINDS = ['put_back', 'refund', 'courier'] as const satisfies readonly StepKind[];
export type FollowedKind = (typeof FOLLOWED_KINDS)[number];

const outcome = (status: StepStatus, note = '', facts: Record<string, unknown> = {}): StepOutcome => ({
  status,
  note,
  facts,
});

/** Where a step stands by the facts. Nothing to do is `skipped` when the case opens, and `done` later. */
export const followedSteps: Readonly<Record<FollowedKind, (facts: StepFacts) => StepOutcome>> = {
  put_back: ({ putBack: { status, units } }) => {
    if (status === 'due') return outcome('pending', '', { units });
    if (status === 'short')
      return outcome(
        'failed',
        'Not all goods were put back. Look for them, and book them with PUT /api/v1/inventory/return.',
        { units },
      );
    if (status === 'kept')
      return outcome('skipped', 'The goods stay apart until somebody looks at them: PUT /api/v1/inventory/return.', {
        units,
      });
    return status === 'done' ? outcome('done') : outcome('skipped', 'Nothing had been picked.');
  },
  refund: ({ refundsPayableMinor, refundFailure }) => {
    if (refundsPayableMinor === 0) return outcome('skipped', 'Nothing is owed back.', { refundsPayableMinor });
    if (refundFailure === undefined) return outcome('pending', '', { refundsPayableMinor });
    return outcome(
      'failed',
      `The refund failed: ${refundFailure}. Send the money by hand, then execute the refund.`.slice(0, 500),
      { refundsPayableMinor },
    );
  },
  courier: ({ consignments }) =>
    consignments.length === 0 ? outcome('skipped', 'No courier has it.') : outcome('pending', '', { consignments }),
};
