import { openQuantity, type OrderLineRow } from '../../orders';
import type { ReadContext } from '../../platform/context';
import { packagesHere } from '../packing/find-packages';
import { unpackedUnits } from '../packing/package-rules';
import { type KindRule, type TaskKind, taskKinds } from './task-kinds';

/** Numbers of units by order line. */
export type Units = ReadonlyMap<string, number>;

export const NO_UNITS: Units = new Map();

/** Units of a line that picking may still take from the shelf; backordered ones are not there to be picked. */
function unprepared(line: OrderLineRow): number {
  return openQuantity(line) - line.backorderedQuantity - line.preparedQuantity;
}

function prepared(line: OrderLineRow): number {
  return line.preparedQuantity - line.shippedQuantity;
}

const unitsOf: Readonly<Record<Exclude<KindRule['units'], 'unpacked'>, (line: OrderLineRow) => number>> = {
  unprepared,
  prepared,
  none: () => 0,
};

/** What is left for a new task of a kind, by order line. */
export async function unitsLeft(
  ctx: ReadContext,
  { kind, orderId, lines }: { kind: TaskKind; orderId: string; lines: readonly OrderLineRow[] },
): Promise<Units> {
  const { units, onDone } = taskKinds[kind];
  if (units === 'unpacked') return unpackedUnits(lines, await packagesHere(ctx, orderId));
  // Picking is written to the order; what the other kinds did stands only in their own earlier rounds.
  const isNoted = units === 'none' || onDone === 'prepared';
  const earlier = isNoted ? new Map<string, number>() : await unitsDone(ctx, { orderId, kind });
  return positive(lines.map((line) => [line.id, unitsOf[units](line) - (earlier.get(line.id) ?? 0)]));
}

/**
 * Goods of the order that stock keeps apart, since they were picked and then cancelled, and that no open task is to
 * bring back yet. What a task has brought back is no longer kept apart.
 */
export async function unitsSetAside(ctx: ReadContext, orderId: string): Promise<Units> {
  const apart = await sums(
    ctx,
    `SELECT line_id, SUM(unavailable) AS units FROM stock_movements
      WHERE source_type = 'order' AND source_id = :orderId AND line_id IS NOT NULL GROUP BY line_id`,
    { orderId },
  );
  const onTheWay = await sums(
    ctx,
    `SELECT l.line_id, SUM(l.set_aside_quantity) AS units FROM task_lines l JOIN tasks t ON t.id = l.task_id
      WHERE t.order_id = :orderId AND t.open_marker = 1 GROUP BY l.line_id`,
    { orderId },
  );
  return positive([...apart].map(([lineId, units]) => [lineId, units - (onTheWay.get(lineId) ?? 0)]));
}

/** How many units of each line the order still takes from a picking that is finished now; what was made to wait meanwhile is none of them. */
export function unitsTaken(order: { status: string }, line: OrderLineRow): number {
  return order.status === 'processing' ? Math.max(0, unprepared(line)) : 0;
}

function unitsDone(ctx: ReadContext, tasks: { orderId: string; kind: TaskKind }): Promise<Map<string, number>> {
  return sums(
    ctx,
    `SELECT l.line_id, SUM(l.done_quantity) AS units FROM task_lines l JOIN tasks t ON t.id = l.task_id
      WHERE t.order_id = :orderId AND t.kind = :kind AND t.status = 'done' GROUP BY l.line_id`,
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
