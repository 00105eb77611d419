import type { OrderState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { announceTask } from '../tasks/announce';
import { auditAssignment, findAssignee, NOBODY } from '../tasks/assignment';
import { insertTask } from '../tasks/open-task';
import { byShelf } from '../tasks/shelf-order';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { countLinesOf, describeCount, joinOpenCounts, listAskers, type Waiting } from './join-count';
import { type CountLineRow, countLines, type CountReason } from './counts.models';
import { type Counting, lockCounting } from './lock-counts';
import type { ProductPlace } from './places';
import { shelfKey } from './units-in-hand';

/** A product to be counted, and why. */
export interface CountWanted extends ProductPlace {
  reason: CountReason;
  missingUnits: number;
}

export interface CountAsked {
  lines: readonly CountWanted[];
  /** What asks for it: the event, or the count that was cancelled. */
  causeId: string | null;
  /** Orders that wait for the same shelves. */
  others?: readonly Waiting[];
  /** Who counted last time; somebody else counts again where there is somebody. */
  except?: string | null;
}

/**
 * Has products counted. A shelf that somebody counts already is not counted twice: the order waits for that count. What
 * is left is listed in the order's open count if it has one, else in a new one.
 */
export async function openCount(
  ctx: CommandContext,
  urls: TaskUrls,
  state: OrderState,
  asked: CountAsked,
): Promise<void> {
  if (asked.lines.length === 0) return;
  const { order } = state;
  const counting = await lockCounting(ctx, order.id, asked.lines);
  const asker = { orderId: order.id, orderNumber: order.number };
  const { left, joined, open } = await joinOpenCounts(ctx, asker, asked, counting);
  const own = open.find(({ orderId }) => orderId === order.id);
  const isAsked = own !== undefined && (left.length > 0 || joined.includes(own));
  const given = isAsked ? await giveToAnother(ctx, own, asked.except) : undefined;
  const host = given ?? own ?? (left.length > 0 ? await beginCount(ctx, state, asked) : undefined);
  if (!host) return;
  const listed = await addCountLines(ctx, host, { ...asked, lines: left }, counting);
  const announced = listed ?? given;
  if (announced) await announceTask(ctx, urls, { order, task: announced, lines: [] });
}

/** A count that is in the hands of whoever is doubted goes to somebody else, where there is somebody. */
async function giveToAnother(
  ctx: CommandContext,
  task: TaskRow,
  except: string | null | undefined,
): Promise<TaskRow | undefined> {
  if (!except || task.assigneeEmail !== except) return undefined;
  const assignee = await findAssignee(ctx, { storeId: task.storeId, role: taskKinds.count.role, except });
  if (!assignee || assignee.assigneeEmail === except) return undefined;
  const set = { ...assignee, linkNumber: task.linkNumber + 1, version: task.version + 1, updatedAt: ctx.now };
  await ctx.update(tasks, set, 'id = :id', { id: task.id });
  auditAssignment(ctx, task, assignee);
  return { ...task, ...set };
}

async function beginCount(ctx: CommandContext, state: OrderState, { causeId, except }: CountAsked): Promise<TaskRow> {
  const { id: orderId, storeId } = state.order;
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'count' ORDER BY round DESC`, { orderId });
  const counter = { storeId, role: taskKinds.count.role, except: except ?? undefined };
  const { task } = await insertTask(ctx, state, {
    kind: 'count',
    units: NO_UNITS,
    round: (last?.round ?? 0) + 1,
    assignee: (await findAssignee(ctx, counter)) ?? NOBODY,
    dueAt: null,
    instructions: '',
    eventId: causeId,
  });
  return task;
}

/**
 * Lists further products in the order's own count, which is held; answers the task, or nothing when it listed them all.
 * Somebody who asks for a count gets one, also of a shelf that others count; shortages go on joining theirs.
 */
export async function addCountLines(
  ctx: CommandContext,
  task: TaskRow,
  asked: CountAsked,
  { counted }: Counting,
): Promise<TaskRow | undefined> {
  const there = await countLinesOf(ctx, task.id);
  const known = new Set(there.map(shelfKey));
  const further = asked.lines.filter((wanted) => !known.has(shelfKey(wanted))).sort(byShelf);
  const rows = further.map((wanted, n): CountLineRow => {
    const figures = { onHand: null, inHand: null, setForWriteOff: null, expected: null, counted: null, note: null };
    const openMarker = counted.has(shelfKey(wanted)) ? null : 1;
    const position = there.length + n + 1;
    return { ...wanted, ...figures, id: ctx.newId(), taskId: task.id, position, causeId: asked.causeId, openMarker };
  });
  ctx.insert(countLines, rows);
  const changed = await listAskers(ctx, task, task, asked, [...there, ...rows]);
  const described = changed ? await describeCount(ctx, task) : task;
  return rows.length > 0 ? described : undefined;
}
