import type { OrderState } from '../../orders';
import type { CommandContext, ReadContext } from '../../platform/context';
import { announceTask } from '../tasks/announce';
import { findAssignee, NOBODY } from '../tasks/assignment';
import { insertTask } from '../tasks/open-task';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { differenceWords, expectedUnits } from './count-figures';
import { type FindingRow, stockFindings } from './counts.models';
import { numbersOf, type Waiting, waitingOf, waitSentence } from './join-count';
import { shelfKey } from './units-in-hand';

/** Something that was found, before it has a decision of its own. */
export type NewFinding = Omit<FindingRow, 'id' | 'taskId' | 'storeId' | 'orderId' | 'foundAt' | keyof typeof UNDECIDED>;

const UNDECIDED = {
  status: 'proposed',
  reason: null,
  appliedUnits: null,
  valueMinor: null,
  adjustmentId: null,
  decidedBy: null,
  decidedAt: null,
} as const;

/** Asks a store manager what the record should say: in the order's open decision if it has one, else in a new one. */
export async function proposeFindings(
  ctx: CommandContext,
  urls: TaskUrls,
  state: OrderState,
  found: readonly NewFinding[],
): Promise<TaskRow | undefined> {
  if (found.length === 0) return undefined;
  const { order } = state;
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'stock_decision' ORDER BY round DESC`, {
    orderId: order.id,
  });
  const isOpen = last?.openMarker === 1;
  const role = taskKinds.stock_decision.role;
  const task = isOpen
    ? last
    : (
        await insertTask(ctx, state, {
          kind: 'stock_decision',
          units: NO_UNITS,
          round: (last?.round ?? 0) + 1,
          assignee: (await findAssignee(ctx, { storeId: order.storeId, role })) ?? NOBODY,
          dueAt: null,
          instructions: '',
          eventId: null,
        })
      ).task;
  const rows = found.map((finding): FindingRow => {
    const { storeId, id: orderId } = order;
    return { ...finding, ...UNDECIDED, id: ctx.newId(), taskId: task.id, storeId, orderId, foundAt: ctx.now };
  });
  ctx.insert(stockFindings, rows);
  const all = await findingsOf(ctx, task.id);
  const set = {
    instructions: instructionsOf(all, numbersOf(await waitingBehind(ctx, all))),
    version: task.version + 1,
    updatedAt: ctx.now,
  };
  await ctx.update(tasks, set, 'id = :id', { id: task.id });
  const asked = { ...task, ...set };
  await announceTask(ctx, urls, { order, task: asked, lines: [] });
  return asked;
}

export function findingsOf(ctx: ReadContext, taskId: string): Promise<FindingRow[]> {
  return ctx.find(stockFindings, 'task_id = :taskId ORDER BY id', { taskId });
}

/** The orders that waited for the counts behind these findings, each for its shelf. */
export async function waitingBehind(ctx: ReadContext, findings: readonly FindingRow[]): Promise<Waiting[]> {
  const waiting = await waitingOf(ctx, [...new Set(findings.map(({ sourceTaskId }) => sourceTaskId))]);
  const shelves = new Set(findings.map(shelfKey));
  return waiting.filter((one) => shelves.has(shelfKey(one)));
}

const NAMED_MAX = 8;

/** The facts in the mail, so that a manager can weigh them before opening the page. */
function instructionsOf(findings: readonly FindingRow[], orders: readonly string[]): string {
  const named = findings.slice(0, NAMED_MAX).map(sentenceOf);
  const more = findings.length > NAMED_MAX ? [`And ${findings.length - NAMED_MAX} more.`] : [];
  return [...named, ...more, ...(orders.length > 1 ? [waitSentence(orders)] : [])].join('\n');
}

export function sentenceOf(finding: FindingRow): string {
  const { kind, name, sku, units, onHand, inHand, setForWriteOff, counted, foundBy } = finding;
  const what = `${name} (${sku})`;
  if (kind !== 'difference') {
    const how = kind === 'damaged' ? 'damaged' : 'past its date';
    return `${what}: ${-units} seen ${how} by ${foundBy}. Write off?`;
  }
  const facts = { onHand: onHand ?? 0, inHand: inHand ?? 0, setForWriteOff: setForWriteOff ?? 0 };
  const known = [
    `the record says ${facts.onHand}`,
    ...(facts.inHand === 0 ? [] : [`${facts.inHand} of them are picked`]),
    ...(facts.setForWriteOff === 0 ? [] : [`${facts.setForWriteOff} are damaged`]),
  ].join(', ');
  return `${what}: ${known}, so ${expectedUnits(facts)} should lie there; ${foundBy} counted ${counted}: ${differenceWords(units)}.`;
}
