import type { OrderState } from '../../orders';
import type { CommandContext, ReadContext } from '../../platform/context';
import { announceTask } from '../tasks/announce';
import { findAssignee, NOBODY } from '../tasks/assignment';
import type { TaskState } from '../tasks/find-tasks';
import { insertTask } from '../tasks/open-task';
import { byShelf } from '../tasks/shelf-order';
import { taskKinds } from '../tasks/task-kinds';
import type { TaskUrls } from '../tasks/task-links';
import { NO_UNITS } from '../tasks/task-units';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { type CountLineRow, countLines, type CountReason } from './counts.models';
import type { ProductPlace } from './places';

/** A product to be counted, and why. */
export interface CountWanted extends ProductPlace {
  reason: CountReason;
  missingUnits: number;
}

export interface CountAsked {
  lines: readonly CountWanted[];
  /** The event that asks for it. */
  causeId: string | null;
  /** Who counted last time; somebody else counts again where there is somebody. */
  except?: string | null;
}

/** Has products counted: in the order's open count if it has one, else in a new one. */
export async function openCount(
  ctx: CommandContext,
  urls: TaskUrls,
  state: OrderState,
  asked: CountAsked,
): Promise<TaskRow | undefined> {
  if (asked.lines.length === 0) return undefined;
  const { order } = state;
  const last = await ctx.get(tasks, `order_id = :orderId AND kind = 'count' ORDER BY round DESC`, {
    orderId: order.id,
  });
  const isOpen = last?.openMarker === 1;
  const role = taskKinds.count.role;
  const counter = { storeId: order.storeId, role, except: asked.except ?? undefined };
  const opened: TaskState = isOpen
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
  const task = await addCountLines(ctx, opened.task, asked);
  if (task) await announceTask(ctx, urls, { order, task, lines: [] });
  return task ?? opened.task;
}

/** Lists further products in a count; answers the task, or nothing when it listed them all. */
export async function addCountLines(
  ctx: CommandContext,
  task: TaskRow,
  { lines, causeId }: CountAsked,
): Promise<TaskRow | undefined> {
  const there = await countLinesOf(ctx, task.id);
  const isThere = (wanted: CountWanted): boolean => there.some(({ productId }) => productId === wanted.productId);
  const rows = lines
    .filter((wanted) => !isThere(wanted))
    .sort(byShelf)
    .map((wanted, n): CountLineRow => {
      const figures = { onHand: null, inHand: null, setForWriteOff: null, expected: null, counted: null, note: null };
      return { ...wanted, ...figures, id: ctx.newId(), taskId: task.id, position: there.length + n + 1, causeId };
    });
  if (rows.length === 0) return undefined;
  ctx.insert(countLines, rows);
  const all = [...there, ...rows];
  const set = {
    details: { products: all.map(({ id, sku, name, shelf, reason }) => ({ id, sku, name, shelf, reason })) },
    instructions: instructionsOf(all),
    version: task.version + 1,
    updatedAt: ctx.now,
  };
  await ctx.update(tasks, set, 'id = :id', { id: task.id });
  return { ...task, ...set };
}

/** In the way through the shelves, as far as they were asked for together. */
export function countLinesOf(ctx: ReadContext, taskId: string): Promise<CountLineRow[]> {
  return ctx.find(countLines, 'task_id = :taskId ORDER BY position', { taskId });
}

const NAMED_MAX = 10;

const WHY: Readonly<Record<CountReason, (line: CountLineRow) => string>> = {
  not_found: ({ name, missingUnits }) => `${missingUnits} × ${name} not found while picking.`,
  wrong_item: ({ name, shelf }) => `Another item lies ${shelf ? `on ${shelf}` : 'in the place'} of ${name}.`,
  found: ({ name, missingUnits }) => `${missingUnits} × ${name} found that the record did not know.`,
  asked: ({ name }) => `${name}.`,
  recount: ({ name }) => `${name}: counted before, and to be counted once more.`,
};

function instructionsOf(lines: readonly CountLineRow[]): string {
  const named = lines.slice(0, NAMED_MAX).map((line) => WHY[line.reason](line));
  const more = lines.length > NAMED_MAX ? [`And ${lines.length - NAMED_MAX} more.`] : [];
  return ['Count what lies on the shelf and can be sold.', ...named, ...more].join('\n');
}
