import { lockLevels } from '../../inventory';
import type { OrderRow } from '../../orders';
import type { CommandContext, ReadContext } from '../../platform/context';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { type CountLineRow, countLines, type CountOrderRow, countOrders, type CountReason } from './counts.models';
import type { CountAsked, CountWanted } from './open-count';
import { shelfKey } from './units-in-hand';

type Shelf = Pick<CountWanted, 'productId' | 'locationId'>;
/** An order that waits, and the shelf it waits for. */
export type Waiting = CountOrderRow & Shelf;

/**
 * Lets the order wait for the counts that are open on these shelves, whichever order asked for them; answers what
 * nobody counts yet. Tasks are locked before levels, as finishing a count does, so that no two wait for each other.
 */
export async function joinOpenCounts(ctx: CommandContext, order: OrderRow, asked: CountAsked): Promise<CountWanted[]> {
  if (asked.lines.length === 0) return [];
  await lockTasksOf(ctx, [...(await readCounted(ctx, asked.lines)).values()]);
  const counted = await lockCounted(ctx, asked.lines);
  const lineOf = (wanted: CountWanted): CountLineRow | undefined => counted.get(shelfKey(wanted));
  const joining = asked.lines.filter((wanted) => lineOf(wanted));
  // One that was begun since the first look is locked only now.
  const open = await lockTasksOf(ctx, [...counted.values()]);
  for (const task of open) {
    const here = joining.filter((wanted) => lineOf(wanted)?.taskId === task.id);
    await joinCount(ctx, task, order, { ...asked, lines: here }, counted);
  }
  return asked.lines.filter((wanted) => !lineOf(wanted));
}

/** Which of these shelves are being counted; nobody else begins or ends it until the commit. */
export async function lockCounted(ctx: CommandContext, shelves: readonly Shelf[]): Promise<Map<string, CountLineRow>> {
  await lockLevels(
    ctx,
    shelves.map(({ productId }) => productId),
  );
  return readCounted(ctx, shelves);
}

async function readCounted(ctx: ReadContext, shelves: readonly Shelf[]): Promise<Map<string, CountLineRow>> {
  const rows = await ctx.find(countLines, 'product_id IN (:productIds) AND open_marker = 1', {
    productIds: shelves.map(({ productId }) => productId),
  });
  return new Map(rows.map((row) => [shelfKey(row), row]));
}

async function lockTasksOf(ctx: CommandContext, lines: readonly CountLineRow[]): Promise<TaskRow[]> {
  if (lines.length === 0) return [];
  return ctx.lock(tasks, 'id IN (:ids) AND open_marker = 1 ORDER BY id', { ids: lines.map(({ taskId }) => taskId) });
}

/** Whoever counts is not written to again: what there is to do is the same, for one order more. */
async function joinCount(
  ctx: CommandContext,
  task: TaskRow,
  order: OrderRow,
  { lines, causeId }: CountAsked,
  counted: ReadonlyMap<string, CountLineRow>,
): Promise<void> {
  const known = await waitingOf(ctx, [task.id]);
  const waiter = { orderId: order.id, orderNumber: order.number };
  const joins = lines.flatMap((wanted) => {
    const line = counted.get(shelfKey(wanted));
    const waits = known.some((one) => one.countLineId === line?.id && one.orderId === order.id);
    return line && !waits ? [waitingFor(ctx, line, waiter, { missingUnits: wanted.missingUnits, causeId })] : [];
  });
  if (joins.length === 0) return;
  ctx.insert(countOrders, joins);
  ctx.audit({
    action: 'count.join',
    subjectType: 'task',
    subjectId: task.id,
    storeId: task.storeId,
    orderId: order.id,
    after: { countOf: task.orderNumber, skus: lines.map(({ sku }) => sku) },
  });
  await describeCount(ctx, task);
}

export function waitingFor(
  ctx: CommandContext,
  { id: countLineId, taskId }: CountLineRow,
  { orderId, orderNumber }: Pick<CountOrderRow, 'orderId' | 'orderNumber'>,
  { missingUnits, causeId }: Pick<CountOrderRow, 'missingUnits' | 'causeId'>,
): CountOrderRow {
  return { id: ctx.newId(), taskId, countLineId, orderId, orderNumber, missingUnits, causeId, askedAt: ctx.now };
}

/** The orders that wait for these counts, in the order in which they began to. */
export function waitingOf(ctx: ReadContext, taskIds: readonly string[]): Promise<Waiting[]> {
  if (taskIds.length === 0) return Promise.resolve([]);
  return ctx.select(
    `SELECT o.*, l.product_id, l.location_id FROM count_orders o JOIN count_lines l ON l.id = o.count_line_id
      WHERE o.task_id IN (:taskIds) ORDER BY o.id`,
    { taskIds },
  );
}

/** Their numbers, each once. */
export function numbersOf(waiting: readonly CountOrderRow[]): string[] {
  return [...new Set(waiting.map(({ orderNumber }) => orderNumber))];
}

/** Writes into the task what is counted and who waits for it. */
export async function describeCount(ctx: CommandContext, task: TaskRow): Promise<TaskRow> {
  const lines = await countLinesOf(ctx, task.id);
  const waiting = await waitingOf(ctx, [task.id]);
  const orders = [...new Map(waiting.map(({ orderId: id, orderNumber: number }) => [id, { id, number }])).values()];
  const products = lines.map(({ id, sku, name, shelf, reason }) => ({ id, sku, name, shelf, reason }));
  const set = {
    details: { products, orders },
    instructions: `${ownWords(task)}${instructionsOf(lines, waiting)}`.slice(0, INSTRUCTIONS_MAX),
    version: task.version + 1,
    updatedAt: ctx.now,
  };
  await ctx.update(tasks, set, 'id = :id', { id: task.id });
  return { ...task, ...set };
}

/** The shelves of a count that is over may be counted anew. */
export function endCountLines(ctx: CommandContext, taskId: string): void {
  ctx.executeLater('UPDATE count_lines SET open_marker = NULL WHERE task_id = :taskId', { taskId });
}

/** In the way through the shelves, as far as they were asked for together. */
export function countLinesOf(ctx: ReadContext, taskId: string): Promise<CountLineRow[]> {
  return ctx.find(countLines, 'task_id = :taskId ORDER BY position', { taskId });
}

const NAMED_MAX = 10;
const INSTRUCTIONS_MAX = 2000;
const TO_DO = 'Count what lies on the shelf and can be sold.';

/** What whoever asked for the count wrote above what there is to do. */
function ownWords({ instructions }: TaskRow): string {
  return instructions.slice(0, Math.max(0, instructions.indexOf(TO_DO)));
}

const WHY: Readonly<Record<CountReason, (line: CountLineRow, missingUnits: number) => string>> = {
  not_found: ({ name }, missing) => `${missing} × ${name} not found while picking.`,
  wrong_item: ({ name, shelf }) => `Another item lies ${shelf ? `on ${shelf}` : 'in the place'} of ${name}.`,
  found: ({ name }, missing) => `${missing} × ${name} found that the record did not know.`,
  asked: ({ name }) => `${name}.`,
  recount: ({ name }) => `${name}: counted before, and to be counted once more.`,
};

function instructionsOf(lines: readonly CountLineRow[], waiting: readonly CountOrderRow[]): string {
  const named = lines.slice(0, NAMED_MAX).map((line) => {
    const own = waiting.filter(({ countLineId }) => countLineId === line.id);
    return WHY[line.reason](
      line,
      own.reduce((sum, { missingUnits }) => sum + missingUnits, 0),
    );
  });
  const more = lines.length > NAMED_MAX ? [`And ${lines.length - NAMED_MAX} more.`] : [];
  const numbers = numbersOf(waiting);
  const orders = numbers.length > 1 ? [waitSentence(numbers)] : [];
  return [TO_DO, ...named, ...more, ...orders].join('\n');
}

/** Says which orders wait, as far as a person reads on. */
export function waitSentence(numbers: readonly string[]): string {
  const more = numbers.length > NAMED_MAX ? ` and ${numbers.length - NAMED_MAX} more` : '';
  return `Orders that wait for it: ${numbers.slice(0, NAMED_MAX).join(', ')}${more}.`;
}
