import type { CommandContext, ReadContext } from '../../platform/context';
import { type TaskRow, tasks } from '../tasks/tasks.models';
import { type CountLineRow, countLines, type CountOrderRow, countOrders, type CountReason } from './counts.models';
import type { Counting } from './lock-counts';
import type { CountAsked, CountWanted } from './open-count';
import { shelfKey } from './units-in-hand';

/** An order that waits, and the shelf it waits for. */
export type Waiting = CountOrderRow & Pick<CountWanted, 'productId' | 'locationId'>;
/** An order that asks for a count. */
export type Asker = Pick<CountOrderRow, 'orderId' | 'orderNumber'>;

/**
 * Lets the order, and those that wait with it, wait for the counts that are open on these shelves, whichever order asked
 * for them; answers what is left to be counted, and the open counts as they are then. Another order's count is not
 * joined while the person in doubt has it.
 */
export async function joinOpenCounts(
  ctx: CommandContext,
  asker: Asker,
  asked: CountAsked,
  { counted, open }: Counting,
): Promise<{ left: CountWanted[]; joined: TaskRow[]; open: TaskRow[] }> {
  const joined: TaskRow[] = [];
  const now: TaskRow[] = [];
  const taken = new Set<string>();
  for (const task of open) {
    const isDoubted = Boolean(asked.except) && task.assigneeEmail === asked.except && task.orderId !== asker.orderId;
    const here = asked.lines.filter((wanted) => counted.get(shelfKey(wanted))?.taskId === task.id);
    if (isDoubted || here.length === 0) {
      now.push(task);
      continue;
    }
    for (const wanted of here) taken.add(shelfKey(wanted));
    const changed = await listAskers(ctx, task, asker, { ...asked, lines: here }, [...counted.values()]);
    const after = changed ? await describeCount(ctx, task) : task;
    joined.push(after);
    now.push(after);
  }
  return { left: asked.lines.filter((wanted) => !taken.has(shelfKey(wanted))), joined, open: now };
}

/**
 * Writes down who waits for these lines of the task: each order once a cause, so that an event told twice asks once and
 * a further shortage adds its units. Answers whether anything changed.
 */
export async function listAskers(
  ctx: CommandContext,
  task: TaskRow,
  asker: Asker,
  { lines: wanted, causeId, others = [] }: CountAsked,
  lines: readonly CountLineRow[],
): Promise<boolean> {
  const known = await waitingOf(ctx, [task.id]);
  const waits = (line: CountLineRow, { orderId }: Asker, cause: string | null): boolean =>
    known.some((one) => {
      return one.countLineId === line.id && one.orderId === orderId && (cause === null || one.causeId === cause);
    });
  const found = wanted.flatMap((want) => {
    const line = lines.find((one) => one.taskId === task.id && shelfKey(one) === shelfKey(want));
    return line ? [{ want, line }] : [];
  });
  const asks = found.flatMap(({ want, line }) => {
    const own = waits(line, asker, causeId) ? [] : [waitingFor(ctx, line, asker, { ...want, causeId })];
    // Their own shortages are kept with the count that they waited for.
    const also = eachOnce(others.filter((one) => shelfKey(one) === shelfKey(line) && one.orderId !== asker.orderId))
      .filter((one) => !waits(line, one, null))
      .map((one) => waitingFor(ctx, line, one, { ...one, causeId: null }));
    return [...own, ...also];
  });
  ctx.insert(countOrders, asks);
  const doubted = found.filter(({ want, line }) => want.reason === 'recount' && line.reason !== 'recount');
  for (const { line } of doubted) await ctx.update(countLines, { reason: 'recount' }, 'id = :id', { id: line.id });
  tellJoined(ctx, task, asks, lines);
  return asks.length > 0 || doubted.length > 0;
}

/** Each order once, with the most that it missed in one count. */
function eachOnce(waiting: readonly Waiting[]): Waiting[] {
  const sums = new Map<string, Waiting>();
  for (const one of waiting) {
    const key = `${one.countLineId} ${one.orderId}`;
    sums.set(key, { ...one, missingUnits: (sums.get(key)?.missingUnits ?? 0) + one.missingUnits });
  }
  const most = new Map<string, Waiting>();
  for (const one of sums.values()) {
    if ((most.get(one.orderId)?.missingUnits ?? -1) < one.missingUnits) most.set(one.orderId, one);
  }
  return [...most.values()];
}

/** Whoever counts is not written to again: what there is to do is the same, for an order more. */
function tellJoined(
  ctx: CommandContext,
  task: TaskRow,
  asks: readonly CountOrderRow[],
  lines: readonly CountLineRow[],
): void {
  const skuOf = (ask: CountOrderRow): string => lines.find(({ id }) => id === ask.countLineId)?.sku ?? '';
  const joining = new Set(asks.map(({ orderId }) => orderId).filter((orderId) => orderId !== task.orderId));
  for (const orderId of joining) {
    const skus = asks.filter((ask) => ask.orderId === orderId).map(skuOf);
    ctx.audit({
      action: 'count.join',
      subjectType: 'task',
      subjectId: task.id,
      storeId: task.storeId,
      orderId,
      after: { countOf: task.orderNumber, skus },
    });
  }
}

function waitingFor(
  ctx: CommandContext,
  { id: countLineId, taskId }: CountLineRow,
  { orderId, orderNumber }: Asker,
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
