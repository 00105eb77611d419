import {
  emitForOrder,
  isFinal,
  latestMoveOf,
  openHolds,
  type OrderLineRow,
  type OrderRow,
  preparableQuantity,
  readState,
  resolutionsOfOrder,
} from '../../orders';
import { plusMs } from '../../platform/clock';
import type { CommandContext, JobContext } from '../../platform/context';
import { tasks } from '../tasks/tasks.models';
import { waits } from '../waits/waits.models';
import { eventIdOf } from './event-id';
import { reportIncident } from './incidents';
import { type IncidentRow, incidents, pipelineRuns, type RunRow } from './recovery.models';
import { type Goods, judgeRun, nextCheckMs, REDELIVERIES_MAX, stallAfterMs } from './stall-rules';

const RUNS_PER_SWEEP = 200;

/** Looks at the runs that are due: starts again what stands still, and tells a person when that does not help. */
export async function restartStalled(job: JobContext, pipelineStallMs: number): Promise<void> {
  const due = await job.read.select<{ id: string }>(
    `SELECT id FROM pipeline_runs WHERE status = 'running' AND check_at <= :now ORDER BY check_at LIMIT ${RUNS_PER_SWEEP}`,
    { now: job.read.now },
  );
  const failed = await job.read.select<{ id: string }>(
    `SELECT r.id FROM incidents i JOIN pipeline_runs r ON r.execution_id = i.execution_id
      WHERE i.status = 'open' AND i.kind <> 'stalled' AND r.status = 'running' ORDER BY i.id LIMIT ${RUNS_PER_SWEEP}`,
  );
  for (const id of new Set([...failed, ...due].map((row) => row.id))) {
    await job.transaction((ctx) => lookAt(ctx, id, pipelineStallMs));
  }
}

async function lookAt(ctx: CommandContext, id: string, pipelineStallMs: number): Promise<void> {
  const [run] = await ctx.lock(pipelineRuns, `id = :id AND status = 'running'`, { id });
  if (!run) return;
  // A run that is about no order, such as a nightly report, has nothing that could stand still.
  if (!run.orderId) return finish(ctx, run);
  const { order, lines } = await readState(ctx, run.orderId);
  const told = await ctx.find(incidents, `event_id = :eventId AND status <> 'resolved' AND kind <> 'stalled'`, {
    eventId: run.eventId,
  });
  const isHeld = (await openHolds(ctx, run.orderId)).length > 0;
  const isToWait = (await resolutionsOfOrder(ctx, order.id)).some(({ resolution }) => resolution === 'backorder');
  const verdict = judgeRun(
    run.topic,
    {
      status: order.status,
      paymentStatus: order.paymentStatus,
      isHeld,
      goods: goodsOf(lines, isToWait),
      isTakenOver: (await isTakenOver(ctx, run)) || leavesToGoods(run, order, isToWait),
    },
    told.length > 0,
  );
  if (verdict === 'finished' && !(await brokeOffAtTheEnd(ctx, run, order.status, told))) return finish(ctx, run);
  const silentMs = Date.parse(ctx.now) - Date.parse(run.lastSeenAt);
  const failed = told.some(({ status, executionId }) => status === 'open' && executionId === run.executionId);
  if (verdict === 'resting' || (!failed && (await isBusy(ctx, run)))) {
    return checkLater(ctx, run, nextCheckMs(silentMs, pipelineStallMs));
  }
  const leftMs = stallAfterMs(run, failed, pipelineStallMs) - silentMs;
  if (leftMs > 0) return checkLater(ctx, run, leftMs);
  return run.redeliveries < REDELIVERIES_MAX ? restart(ctx, run, order, pipelineStallMs) : giveUp(ctx, run, order);
}

/**
 * The order stands where the run was to bring it, but the run failed, or nothing was heard of it, after its last move:
 * it may not have told the customer. Once it is started again something later is heard of it, and it is believed.
 */
async function brokeOffAtTheEnd(
  ctx: CommandContext,
  { topic, orderId, eventId, lastSeenAt }: RunRow,
  status: OrderRow['status'],
  told: readonly IncidentRow[],
): Promise<boolean> {
  const failedLast = told.some(({ createdAt }) => createdAt > lastSeenAt);
  // A run that began with the order's end: the order cannot tell whether it came through.
  if (topic === `order.${status}` && isFinal(status)) return failedLast;
  const last = orderId ? await latestMoveOf(ctx, orderId) : undefined;
  if (!last || isFinal(last.toStatus) || eventIdOf(last.eventId ?? undefined) !== eventId) return false;
  return failedLast || last.at === lastSeenAt;
}

function goodsOf(lines: readonly OrderLineRow[], isToWait: boolean): Set<Goods> {
  const isHere = lines.some((line) => preparableQuantity(line) > line.shippedQuantity);
  const isPrepared = lines.some((line) => line.preparedQuantity > line.shippedQuantity);
  const isComplete = isHere && lines.every((line) => line.backorderedQuantity === 0);
  const found: [Goods, boolean][] = [
    ['here', isHere],
    ['prepared', isPrepared],
    ['complete', isComplete],
    ['awaited', isComplete && isToWait],
  ];
  return new Set(found.flatMap(([name, holds]) => (holds ? [name] : [])));
}

/** A later run deals with what this one could not send; one that never acted had nothing to do. */
async function isTakenOver(ctx: CommandContext, { id, orderId }: RunRow): Promise<boolean> {
  const where = `order_id = :orderId AND topic IN ('line.short', 'line.back') AND execution_id IS NOT NULL AND id > :id`;
  return (await ctx.get(pipelineRuns, where, { orderId, id })) !== undefined;
}

/** Somebody decided that the order waits before anybody worked on it: the run that goods start goes on with it. */
function leavesToGoods({ topic }: RunRow, { status }: OrderRow, isToWait: boolean): boolean {
  return topic === 'order.confirmed' && status === 'confirmed' && isToWait;
}

/** Something that a person or n8n has yet to finish is open for the order; the run rightly waits for it. */
async function isBusy(ctx: CommandContext, { orderId, executionId }: RunRow): Promise<boolean> {
  if (await ctx.get(tasks, 'order_id = :orderId AND open_marker = 1', { orderId })) return true;
  const open = await ctx.get(waits, `execution_id = :executionId AND status IN ('waiting', 'settled')`, {
    executionId,
  });
  return open !== undefined;
}

async function checkLater(ctx: CommandContext, run: RunRow, ms: number): Promise<void> {
  await ctx.update(pipelineRuns, { checkAt: plusMs(ctx.now, ms) }, 'id = :id', { id: run.id });
}

/** Asks for the starting event to be delivered once more; the steps that are done answer as they did. */
async function restart(ctx: CommandContext, run: RunRow, order: OrderRow, pipelineStallMs: number): Promise<void> {
  const attempt = run.redeliveries + 1;
  const set = { redeliveries: attempt, lastSeenAt: ctx.now, checkAt: plusMs(ctx.now, pipelineStallMs) };
  await ctx.update(pipelineRuns, set, 'id = :id', { id: run.id });
  await mark(ctx, run, { status: 'retrying' });
  emitForOrder(ctx, order, 'pipeline.stalled', { eventId: run.eventId, orderId: order.id, attempt });
}

async function giveUp(ctx: CommandContext, run: RunRow, order: OrderRow): Promise<void> {
  await ctx.update(pipelineRuns, { status: 'abandoned', finishedAt: ctx.now }, 'id = :id', { id: run.id });
  await mark(ctx, run, { status: 'open' });
  const { incident } = await reportIncident(ctx, {
    kind: 'stalled',
    reference: run.eventId,
    storeId: order.storeId,
    orderId: order.id,
    eventId: run.eventId,
    workflowId: run.workflowId,
    executionId: run.executionId,
    node: run.node,
    message: `Order ${order.number} stands still at "${order.status}". Its pipeline was started ${REDELIVERIES_MAX} times more and did not get further${run.node ? ` than "${run.node}"` : ''}.`,
  });
  emitForOrder(ctx, order, 'order.review', {
    reason: 'pipeline_stalled',
    incidentId: incident.id,
    eventId: run.eventId,
  });
}

async function finish(ctx: CommandContext, run: RunRow): Promise<void> {
  await ctx.update(pipelineRuns, { status: 'finished', finishedAt: ctx.now }, 'id = :id', { id: run.id });
  if (run.orderId) await mark(ctx, run, { status: 'resolved', resolvedAt: ctx.now, resolvedBy: ctx.actor.name });
}

async function mark(ctx: CommandContext, run: RunRow, set: Partial<IncidentRow>): Promise<void> {
  await ctx.update(incidents, set, `event_id = :eventId AND status <> 'resolved' AND kind <> 'stalled'`, {
    eventId: run.eventId,
  });
}
