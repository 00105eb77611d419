import { adjust, ADJUSTMENT_REASONS, listLocations } from '../../inventory';
import type { CommandContext } from '../../platform/context';
import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import type { Finished, Finishing } from '../tasks/task-conduct';
import { differenceWords, remainingDifference } from './count-figures';
import { type FindingKind, type FindingRow, stockFindings } from './counts.models';
import { numbersOf, type Waiting } from './join-count';
import { lockCounting } from './lock-counts';
import { openCount } from './open-count';
import { lockShelfFacts, type ShelfNow } from './shelf-facts';
import { findingsOf, waitingBehind } from './stock-decision';
import { shelfKey } from './units-in-hand';

export const STOCK_DECISIONS = ['accept', 'recount', 'leave'] as const;
export type StockDecision = (typeof STOCK_DECISIONS)[number];
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

/** What a manager says of one finding. */
export interface Choice {
  id: string;
  decision: StockDecision;
  /** Why the record is corrected; missing: what was found says it. */
  reason?: AdjustmentReason;
  /** The difference that was in view, so that nobody accepts another one. */
  seenUnits?: number;
}

/** Why the record is corrected, when nobody says otherwise. */
export const USUAL_REASON: Readonly<Record<FindingKind, AdjustmentReason>> = {
  difference: 'count',
  damaged: 'damaged',
  expired: 'expired',
};

const STATUS_OF = { accept: 'accepted', recount: 'recount', leave: 'left' } as const;

/** By how many the record is wrong as things stand now; what was seen damaged stays damaged. */
export function unitsNow(finding: FindingRow, shelf: ShelfNow): number {
  return finding.kind === 'difference' ? remainingDifference(finding, shelf) : finding.units;
}

/**
 * Finishing a decision: what is accepted is adjusted under the manager's name, what is doubted is counted again by
 * somebody else. Throws 409 DECISION_MISSING, STOCK_MOVED or STOCK_INSUFFICIENT, 422 NOTE_MISSING.
 */
export async function finishDecision(ctx: CommandContext, finishing: Finishing): Promise<Finished> {
  const { task } = finishing.state;
  const open = (await findingsOf(ctx, task.id)).filter(({ status }) => status === 'proposed');
  const choices = (finishing.result?.choices ?? []) as Choice[];
  const note = finishing.input.note ?? '';
  assertDecided(open, choices, note);
  // All at once: taken one by one, two decisions about the same shelves could wait for each other.
  await lockCounting(ctx, task.orderId, open);
  const decided: Record<string, unknown>[] = [];
  for (const finding of open) {
    const choice = choices.find(({ id }) => id === finding.id) as Choice;
    decided.push(await decide(ctx, finishing, finding, { ...choice, note }));
  }
  const others = await waitingBehind(ctx, open);
  const orders = numbersOf(others);
  await countAgain(ctx, finishing, { open, choices, others });
  ctx.audit({
    action: 'stock.decide',
    subjectType: 'task',
    subjectId: task.id,
    storeId: task.storeId,
    orderId: task.orderId,
    after: { findings: decided, orders },
    note: note || undefined,
  });
  const sum = (sign: 1 | -1): number =>
    decided.reduce((total, { valueMinor }) => total + Math.max(0, sign * Number(valueMinor)), 0);
  return { result: { decision: overall(choices), gainMinor: sum(1), lossMinor: sum(-1), orders, findings: decided } };
}

function assertDecided(open: readonly FindingRow[], choices: readonly Choice[], note: string): void {
  const undecided = open.filter(({ id }) => !choices.some((choice) => choice.id === id));
  const errors = undecided.map(({ id, name, sku }): FieldError => {
    const message = `Say what to do about ${name} (${sku}): accept, count again or leave it.`;
    return { path: 'choices', code: 'DECISION_MISSING', message, findingId: id };
  });
  if (errors[0]) throw new ConflictError('DECISION_MISSING', errors[0].message, { errors });
  if (note === '' && choices.some(({ decision }) => decision === 'leave')) {
    const message = 'To leave a difference as it is, write why.';
    throw new ValidationError('NOTE_MISSING', message, { errors: [{ path: 'note', code: 'NOTE_MISSING', message }] });
  }
}

async function decide(
  ctx: CommandContext,
  { order: { order } }: Finishing,
  finding: FindingRow,
  { decision, reason, seenUnits, note }: Choice & { note: string },
): Promise<Record<string, unknown>> {
  const { id, kind, sku } = finding;
  // Each is looked at anew: the one before may have corrected the same shelf.
  const shelf = (await lockShelfFacts(ctx, [finding.productId]))(finding);
  const units = unitsNow(finding, shelf);
  if (decision === 'accept' && seenUnits !== undefined && seenUnits !== units) throw moved(finding, units);
  const why = reason ?? USUAL_REASON[kind];
  const made =
    decision === 'accept' && units !== 0
      ? await adjust(ctx, order.storeId, {
          location: await codeOf(ctx, finding),
          reference: `count ${order.number}`.slice(0, 120),
          lines: [{ sku, delta: units, reason: why, note: note.slice(0, 500) || undefined }],
        })
      : undefined;
  const set = {
    status: STATUS_OF[decision],
    reason: decision === 'accept' ? why : null,
    appliedUnits: made ? units : 0,
    valueMinor: made ? made.gainMinor - made.lossMinor : 0,
    adjustmentId: made?.id ?? null,
    decidedBy: ctx.actor.name,
    decidedAt: ctx.now,
  };
  await ctx.update(stockFindings, set, 'id = :id', { id });
  const { appliedUnits, valueMinor, adjustmentId } = set;
  const backordered = made?.lines[0]?.backordered ?? 0;
  return { id, kind, sku, decision, foundUnits: finding.units, appliedUnits, valueMinor, backordered, adjustmentId };
}

function moved({ name, sku, units }: FindingRow, now: number): ConflictError {
  return new ConflictError(
    'STOCK_MOVED',
    `The record of ${name} (${sku}) was corrected meanwhile: what was ${differenceWords(units)} is ${differenceWords(now)} now. Look again, then decide.`,
    { facts: { sku, units: now } },
  );
}

async function codeOf(ctx: CommandContext, { storeId, locationId }: FindingRow): Promise<string | undefined> {
  return (await listLocations(ctx, storeId)).find(({ id }) => id === locationId)?.code;
}

async function countAgain(
  ctx: CommandContext,
  { order, urls }: Finishing,
  { open, choices, others }: { open: readonly FindingRow[]; choices: readonly Choice[]; others: readonly Waiting[] },
): Promise<void> {
  const doubted = open.filter(({ id }) => choices.some((choice) => choice.id === id && choice.decision === 'recount'));
  // Several counts may have found something on one shelf, which is counted again once.
  const shelves = new Map(doubted.map((finding) => [shelfKey(finding), finding]));
  const lines = [...shelves.values()].map(({ productId, locationId, sku, name, shelf }) => ({
    ...{ productId, locationId, sku, name, shelf },
    reason: 'recount' as const,
    missingUnits: 0,
  }));
  await openCount(ctx, urls, order, { lines, others, causeId: null, except: doubted[0]?.foundByEmail });
}

/** One word for the pipelines: what was decided, or that it differs by product. */
function overall(choices: readonly Choice[]): StockDecision | 'mixed' {
  const [first, ...rest] = choices.map(({ decision }) => decision);
  return first && rest.every((decision) => decision === first) ? first : 'mixed';
}

/** A decision that somebody cancels leaves the record as it is. */
export async function dropFindings(ctx: CommandContext, { state }: { state: Finishing['state'] }): Promise<void> {
  const set = { status: 'left', decidedBy: ctx.actor.name, decidedAt: ctx.now } as const;
  await ctx.update(stockFindings, set, `task_id = :taskId AND status = 'proposed'`, { taskId: state.task.id });
}
