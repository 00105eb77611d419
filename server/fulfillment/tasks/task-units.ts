import { openQuantity, type OrderLineRow } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { type KindRule, type TaskKind, taskKinds } from './task-kinds';
import { TASK_STATUSES, type TaskStatus } from './task-moves';

export type Units = ReadonlyMap<string, number>;

/** Units of a line that picking may still take from the shelf; backordered ones are not there to be picked. */
function unprepared(line: OrderLineRow): number {
  return openQuantity(line) - line.backorderedQuantity - line.preparedQuantity;
}

function prepared(line: OrderLineRow): number {
  return line.preparedQuantity - line.shippedQuantity;
}

const unitsOf: Readonly<Record<KindRule['units'], (line: OrderLineRow) => number>> = {
  unprepared,
  prepared,
  none: () => 0,
};

/** What is left for a new task of a kind, by order line. */
export async function unitsLeft(
  ctx: ReadContext,
  { kind, orderId, lines }: { kind: TaskKind; orderId: string; lines: readonly OrderLineRow[] },
): Promise<Units> {
  const { units, recordsPrepared } = taskKinds[kind];
  // Picking is written to the order; what the other kinds did stands only in their own earlier rounds.
  const isNoted = units === 'none' || recordsPrepared;
  const earlier = isNoted ? new Map<string, number>() : await unitsDone(ctx, { orderId, kind, status: ['done'] });
  return positive(lines.map((line) => [line.id, unitsOf[units](line) - (earlier.get(line.id) ?? 0)]));
}

/** Everything ever picked for the order that neither left with a courier nor is put back or about to be. */
export async function unitsOut(ctx: ReadContext, orderId: string, lines: readonly OrderLineRow[]): Promise<Units> {
  const picked = await unitsDone(ctx, { orderId, kind: 'picking', status: TASK_STATUSES });
  const putBack = await sums(
    ctx,
    `SELECT l.line_id, SUM(l.quantity) AS units FROM task_lines l JOIN tasks t ON t.id = l.task_id
      WHERE t.order_id = :orderId AND t.kind = 'put_back' AND t.status <> 'cancelled' GROUP BY l.line_id`,
    { orderId },
  );
  return positive(
    lines.map((line) => [line.id, (picked.get(line.id) ?? 0) - line.shippedQuantity - (putBack.get(line.id) ?? 0)]),
  );
}

/** How many units of each line the order still takes from a picking that is finished now. */
export function unitsTaken(order: { status: string }, line: OrderLineRow): number {
  return order.status === 'processing' ? Math.max(0, openQuantity(line) - line.preparedQuantity) : 0;
}

function unitsDone(
  ctx: ReadContext,
  tasks: { orderId: string; kind: TaskKind; status: readonly TaskStatus[] },
): Promise<Map<string, number>> {
  return sums(
    ctx,
    `SELECT l.line_id, SUM(l.done_quantity) AS units FROM task_lines l JOIN tasks t ON t.id = l.task_id
      WHERE t.order_id = :orderId AND t.kind = :kind AND t.status IN (:status) GROUP BY l.line_id`,
    tasks,
  );
}

async function sums(ctx: ReadContext, sql: string, params: Record<string, unknown>): Promise<Map<string, number>> {
  const rows = await ctx.select<{ lineId: string; units: number }>(sql, params);
  return new Map(rows.map(({ lineId, units }) => [lineId, Number(units)]));
}

function positive(entries: [string, number][]): Units {
  return new Map(entries.filter(([, units]) => units > 0));
}
