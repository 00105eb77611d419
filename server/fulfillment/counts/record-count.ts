import { ConflictError, type FieldError, ValidationError } from '../../platform/errors';
import type { CommandContext } from '../../platform/context';
import type { Finished, Finishing } from '../tasks/task-conduct';
import { expectedUnits } from './count-figures';
import { type CountLineRow, countLines } from './counts.models';
import { countLinesOf, endCountLines, numbersOf, waitingOf } from './join-count';
import { lockShelfFacts, type ShelfNow } from './shelf-facts';
import { type NewFinding, proposeFindings } from './stock-decision';

/** What somebody counted of one line of the count. */
export interface Counted {
  id: string;
  counted: number;
  note: string | null;
}

interface CountedLine {
  line: CountLineRow;
  shelf: ShelfNow;
  counted: number;
  expected: number;
  note: string | null;
}

/**
 * Finishing a count: what was counted is held against what should lie there at this moment, and what differs goes to
 * a manager. Throws 409 COUNT_MISSING, 422 LINE_NOT_FOUND, naming each line.
 */
export async function finishCount(ctx: CommandContext, { order, state, urls, result }: Finishing): Promise<Finished> {
  const { task } = state;
  const lines = await countLinesOf(ctx, task.id);
  const figures = (result?.counted ?? []) as Counted[];
  assertEachCounted(lines, figures);
  const shelves = await lockShelfFacts(
    ctx,
    lines.map(({ productId }) => productId),
  );
  const counted = lines.map((line): CountedLine => {
    const shelf = shelves(line);
    const figure = figures.find(({ id }) => id === line.id) as Counted;
    return { line, shelf, counted: figure.counted, expected: expectedUnits(shelf), note: figure.note };
  });
  for (const one of counted) await writeDown(ctx, one);
  endCountLines(ctx, task.id);
  const orders = numbersOf(await waitingOf(ctx, [task.id]));
  const differing = counted.filter(({ counted: units, expected }) => units !== expected);
  const finder = { name: ctx.actor.name, email: task.assigneeEmail };
  const found = differing.map((one) => findingOf(one, task.id, finder));
  const decision = await proposeFindings(ctx, urls, order, found);
  const told = counted.map(viewCounted);
  ctx.audit({
    action: 'stock.count',
    subjectType: 'task',
    subjectId: task.id,
    storeId: task.storeId,
    orderId: task.orderId,
    after: { lines: told, orders },
  });
  return {
    result: {
      count: found.length === 0 ? 'matches' : 'differs',
      differences: found.length,
      lines: told,
      orders,
      decisionTaskId: decision?.id ?? null,
    },
  };
}

function assertEachCounted(lines: readonly CountLineRow[], figures: readonly Counted[]): void {
  const unknown = figures.findIndex(({ id }) => !lines.some((line) => line.id === id));
  if (unknown >= 0) {
    const message = 'There is no such line in this count. Its lines stand in details.products of the task.';
    const errors = [{ path: `lines[${unknown}].id`, code: 'LINE_NOT_FOUND', message }];
    throw new ValidationError('LINE_NOT_FOUND', message, { errors });
  }
  const errors: FieldError[] = lines
    .filter(({ id }) => !figures.some((figure) => figure.id === id))
    .map(({ id, name, sku }) => {
      const message = `${name} (${sku}) is not counted. Say how many lie on the shelf; 0 if none.`;
      return { path: 'lines', code: 'COUNT_MISSING', message, lineId: id, sku };
    });
  if (errors[0]) throw new ConflictError('COUNT_MISSING', errors[0].message, { errors });
}

async function writeDown(ctx: CommandContext, { line, shelf, counted, expected, note }: CountedLine): Promise<void> {
  const { onHand, inHand, setForWriteOff } = shelf;
  const set = { onHand, inHand, setForWriteOff, expected, counted, note };
  await ctx.update(countLines, set, 'id = :id', { id: line.id });
}

function findingOf(
  { line, shelf, counted, expected, note }: CountedLine,
  sourceTaskId: string,
  finder: { name: string; email: string | null },
): NewFinding {
  const { productId, locationId, sku, name, shelf: place, causeId } = line;
  const { onHand, inHand, setForWriteOff, correctedUnits } = shelf;
  return {
    ...{ sourceTaskId, causeId, kind: 'difference', productId, locationId, sku, name, shelf: place },
    ...{ onHand, inHand, setForWriteOff, counted, units: counted - expected, correctedUnits, note },
    ...{ foundBy: finder.name, foundByEmail: finder.email },
  };
}

function viewCounted({ line, shelf, counted, expected }: CountedLine): Record<string, unknown> {
  const { onHand, inHand, setForWriteOff } = shelf;
  return { sku: line.sku, onHand, inHand, setForWriteOff, expected, counted, difference: counted - expected };
}
