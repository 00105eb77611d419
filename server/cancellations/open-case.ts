import type { OrderState } from '../orders';
import type { CommandContext } from '../platform/context';
import { FOLLOWED_KINDS, followedSteps, isOver, STEP_KINDS, type StepKind, type StepOutcome } from './case-steps';
import { readStepFacts } from './step-facts';
import { announceCompletion } from './bring-steps';
import { type CaseRow, cases, type StepRow, steps } from './cancellations.models';

export interface CaseWithSteps {
  row: CaseRow;
  steps: StepRow[];
}

export interface Cancelled {
  /** The order before and after; the same when the case is opened for an order that was cancelled earlier. */
  before: OrderState;
  after: OrderState;
  request: Pick<CaseRow, 'reason' | 'note' | 'customerContact' | 'requestedAt' | 'restock' | 'notify' | 'eventId'>;
}

/** The newest cancellation of an order. */
export async function latestCase(ctx: CommandContext, orderId: string): Promise<CaseWithSteps | undefined> {
  const row = await ctx.get(cases, 'order_id = :orderId ORDER BY round DESC', { orderId });
  return row && { row, steps: await ctx.find(steps, 'case_id = :id ORDER BY position', { id: row.id }) };
}

/** Writes down what was done for a cancellation, and what is left to others. */
export async function openCase(ctx: CommandContext, cancelled: Cancelled, round: number): Promise<CaseWithSteps> {
  const { before, after, request } = cancelled;
  const { order } = after;
  const id = ctx.newId();
  const outcomes = await openingSteps(ctx, cancelled);
  const opened: StepRow[] = STEP_KINDS.map((kind, n) => ({
    id: ctx.newId(),
    caseId: id,
    position: n + 1,
    kind,
    ...outcomes[kind],
    doneBy: null,
    updatedAt: ctx.now,
  }));
  const over = isOver(opened.map(({ status }) => status));
  const row: CaseRow = {
    id,
    storeId: order.storeId,
    orderId: order.id,
    orderNumber: order.number,
    round,
    status: over ? 'completed' : 'open',
    ...request,
    fromStatus: before.order.status,
    openedAt: ctx.now,
    openedBy: ctx.actor.name,
    completedAt: over ? ctx.now : null,
  };
  ctx.insert(cases, row);
  ctx.insert(steps, opened);
  if (over) announceCompletion(ctx, order, row);
  return { row, steps: opened };
}

async function openingSteps(
  ctx: CommandContext,
  { before, after, request }: Cancelled,
): Promise<Record<StepKind, StepOutcome>> {
  const facts = await readStepFacts(ctx, after.order, request);
  const cancelledUnits = unitsCancelled(after) - unitsCancelled(before);
  const { refundsPayableMinor, receivableMinor } = after.order;
  const [putBack, refund, courier] = FOLLOWED_KINDS.map((kind) => followedSteps[kind](facts)) as [
    StepOutcome,
    StepOutcome,
    StepOutcome,
  ];
  return {
    stock: { status: 'done', note: '', facts: { cancelledUnits, setAsideUnits: facts.putBack.units } },
    money: { status: 'done', note: '', facts: { balanceDueMinor: receivableMinor, refundsPayableMinor } },
    put_back: putBack,
    refund,
    courier,
    message: request.notify
      ? { status: 'pending', note: '', facts: {} }
      : { status: 'skipped', note: 'The customer is not to be told.', facts: {} },
  };
}

function unitsCancelled({ lines }: OrderState): number {
  return lines.reduce((sum, { cancelledQuantity }) => sum + cancelledQuantity, 0);
}
