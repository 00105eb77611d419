import { emitForOrder, type OrderRow } from '../orders';
import type { CommandContext } from '../platform/context';
import { canBecome, isOver, type StepKind, type StepOutcome } from './case-steps';
import { type CaseRow, cases, type StepRow, steps } from './cancellations.models';

export interface Wanted extends StepOutcome {
  kind: StepKind;
  /** The person who says so. */
  doneBy?: string;
}

/**
 * Brings steps of a case to where they should be, and the case with them; what a step cannot become is passed over.
 * Answers whether anything changed.
 */
export async function bringSteps(
  ctx: CommandContext,
  { order, row, known }: { order: OrderRow; row: CaseRow; known: readonly StepRow[] },
  wanted: readonly Wanted[],
): Promise<boolean> {
  const after = new Map(known.map((step) => [step.kind, step]));
  let changed = false;
  for (const { kind, doneBy, ...outcome } of wanted) {
    const step = after.get(kind);
    if (!step) continue;
    // Nothing left to do is what was to be done, unless there never was anything.
    const status = outcome.status === 'skipped' && step.status !== 'skipped' ? 'done' : outcome.status;
    const isNews = status === step.status ? tellsMore(step, outcome) : canBecome(step.status, status);
    if (!isNews || (step.doneBy && !doneBy)) continue;
    const set = { ...outcome, status, doneBy: doneBy ?? null, updatedAt: ctx.now };
    await ctx.update(steps, set, 'id = :id', { id: step.id });
    after.set(kind, { ...step, ...set });
    changed = true;
  }
  if (changed) await bringCase(ctx, order, row, [...after.values()]);
  return changed;
}

/** Of a step that is still to be done: a smaller debt, another reason. */
function tellsMore({ status, note, facts }: StepRow, outcome: StepOutcome): boolean {
  const isToDo = status === 'pending' || status === 'failed';
  return isToDo && (note !== outcome.note || JSON.stringify(facts) !== JSON.stringify(outcome.facts));
}

async function bringCase(ctx: CommandContext, order: OrderRow, row: CaseRow, known: readonly StepRow[]): Promise<void> {
  const status = isOver(known.map((step) => step.status)) ? 'completed' : 'open';
  if (status === row.status) return;
  const set = { status, completedAt: status === 'completed' ? ctx.now : null } as const;
  await ctx.update(cases, set, 'id = :id', { id: row.id });
  if (status === 'completed') announceCompletion(ctx, order, row);
}

/** Everything that belongs to a cancellation is done. */
export function announceCompletion(ctx: CommandContext, order: OrderRow, { id, reason, openedAt }: CaseRow): void {
  emitForOrder(ctx, order, 'cancellation.completed', { cancellation: { id, reason, openedAt, completedAt: ctx.now } });
}
