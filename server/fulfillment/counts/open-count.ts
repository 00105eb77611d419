import type { OrderState } from '../../orders';
import type { CommandContext } from '../../platform/context';
import { announceTask } from '../tasks/announce';
import { findAssignee, NOBODY } from '../tasks/assignment';
import type { TaskState } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import { byShelf } from '../tasks/shelf-order';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { countLinesOf, describeCount, joinOpenCounts, lockCounted, type Waiting, waitingFor } from './join-count';
import { type CountLineRow, countLines, countOrders, type CountReason } from './counts.models';
import type { ProductPlace } from './places';
import { shelfKey } from './units-in-hand';

/** A product to be counted, and why. */
export interface CountWanted extends ProductPlace {
  reason: CountReason;
  missingUnits: number;
}

export interface CountAsked {
  lines: readonly CountWanted[];
  /** The event that asks for it. */
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
  const { order } = state;
  const lines = await joinOpenCounts(ctx, order, asked);
  if (lines.length === 0) return;
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'count' ORDER BY round DESC`, {
    orderId: order.id,
  });
  const role = taskKinds.count.role;
  const counter = { storeId: order.storeId, role, except: asked.except ?? undefined };
  const opened: TaskState =
    last?.openMarker === 1
      ? { task: last, lines: [] }
      : await insertTask(ctx, state, {
          kind: 'count',
          units: NO_UNITS,
          round: (last?.round ?? 0) + 1,
          assignee: (await findAssignee(ctx, counter)) ?? NOBODY,
          dueAt: null,
          instructions: '',
          eventId: asked.causeId,
        });
  const task = await addCountLines(ctx, opened.task, { ...asked, lines });
  if (task) await announceTask(ctx, urls, { order, task, lines: [] });
}

/** Lists further products in the order's own count; answers the task, or nothing when it listed them all. */
export async function addCountLines(
  ctx: CommandContext,
  task: TaskRow,
  { lines, causeId, others = [] }: CountAsked,
): Promise<TaskRow | undefined> {
  const there = await countLinesOf(ctx, task.id);
  const isThere = (wanted: CountWanted): boolean => there.some(({ productId }) => productId === wanted.productId);
  const further = lines.filter((wanted) => !isThere(wanted)).sort(byShelf);
  if (further.length === 0) return undefined;
  // Somebody who asks for a count gets one, also of a shelf that others count; shortages go on joining theirs.
  const counted = await lockCounted(ctx, further);
  const rows = further.map((wanted, n): CountLineRow => {
    const figures = { onHand: null, inHand: null, setForWriteOff: null, expected: null, counted: null, note: null };
    const openMarker = counted.has(shelfKey(wanted)) ? null : 1;
    const position = there.length + n + 1;
    return { ...wanted, ...figures, id: ctx.newId(), taskId: task.id, position, causeId, openMarker };
  });
  ctx.insert(countLines, rows);
  const asker = { orderId: task.orderId, orderNumber: task.orderNumber };
  const waiting = rows.flatMap((line) => {
    const same = others.filter((one) => shelfKey(one) === shelfKey(line) && one.orderId !== asker.orderId);
    const also = same.map((one) => waitingFor(ctx, line, one, one));
    return [waitingFor(ctx, line, asker, { missingUnits: line.missingUnits, causeId }), ...also];
  });
  ctx.insert(countOrders, waiting);
  return describeCount(ctx, task);
}
