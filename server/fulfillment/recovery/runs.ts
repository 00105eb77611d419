import { plusMs } from '../../platform/clock';
import type { CommandContext } from '../../platform/context';
import { waits } from '../waits/waits.models';
import { pipelineRuns, type RunRow } from './recovery.models';
import { stallRules } from './stall-rules';

/** Notes that a run is alive: called within every command that a pipeline's step makes. */
export async function recordRun(
  ctx: CommandContext,
  { eventId, orderId, pipelineStallMs }: { eventId: string; orderId?: string; pipelineStallMs: number },
): Promise<void> {
  const { workflowId = null, executionId = null, node = null } = ctx.execution;
  const seen = { workflowId, executionId, node, lastSeenAt: ctx.now, checkAt: plusMs(ctx.now, pipelineStallMs) };
  // What was there is read before it is set: MySQL sets columns in the order they stand in.
  const updated = await ctx.execute(
    `UPDATE pipeline_runs SET
       overtaken_execution_id = CASE WHEN execution_id <> :executionId THEN execution_id ELSE overtaken_execution_id END,
       execution_id = :executionId, workflow_id = :workflowId, node = :node, last_seen_at = :lastSeenAt, check_at = :checkAt
     WHERE event_id = :eventId`,
    { ...seen, eventId },
  );
  if (updated > 0) return;
  const started = await startingEvent(ctx, eventId);
  await insertOnce(ctx, {
    ...seen,
    id: ctx.newId(),
    eventId,
    topic: started?.topic ?? '',
    storeId: started?.storeId ?? null,
    orderId: started?.orderId ?? orderId ?? null,
    overtakenExecutionId: null,
    status: 'running',
    redeliveries: 0,
    firstSeenAt: ctx.now,
    finishedAt: null,
  });
}

export interface TakenEvent {
  eventId: string;
  topic: string;
  storeId: string;
  orderId: string;
}

/** n8n took an event that starts a pipeline. It may die before the run's first step, and then nothing else is heard of it. */
export async function expectRun(ctx: CommandContext, taken: TakenEvent, pipelineStallMs: number): Promise<void> {
  if (!stallRules[taken.topic]?.silenceIsStall) return;
  await insertOnce(ctx, {
    ...taken,
    id: ctx.newId(),
    workflowId: null,
    executionId: null,
    overtakenExecutionId: null,
    node: null,
    status: 'running',
    redeliveries: 0,
    firstSeenAt: ctx.now,
    lastSeenAt: ctx.now,
    checkAt: plusMs(ctx.now, pipelineStallMs),
    finishedAt: null,
  });
}

/** A run that acts is awake; whoever still tries to wake it may stop. */
export async function recordAwake(ctx: CommandContext, executionId: string): Promise<void> {
  const set = { status: 'delivered' as const, deliveredAt: ctx.now };
  await ctx.update(waits, set, `execution_id = :executionId AND status = 'settled'`, { executionId });
}

/** A run that slept, perhaps for days, goes on: its silence is counted from now. */
export async function recordWoken(ctx: CommandContext, executionId: string, pipelineStallMs: number): Promise<void> {
  const set = { lastSeenAt: ctx.now, checkAt: plusMs(ctx.now, pipelineStallMs) };
  await ctx.update(pipelineRuns, set, `execution_id = :executionId AND status = 'running'`, { executionId });
}

async function startingEvent(
  ctx: CommandContext,
  eventId: string,
): Promise<{ topic: string; storeId: string | null; orderId: string | null } | undefined> {
  const sql = 'SELECT topic, store_id, order_id FROM outbox WHERE event_id = :eventId LIMIT 1';
  const [row] = await ctx.select<{ topic: string; storeId: string | null; orderId: string | null }>(sql, { eventId });
  return row;
}

/** Two steps of one run may act at the same moment; the second finds the row that the first has made. */
async function insertOnce(ctx: CommandContext, run: RunRow): Promise<void> {
  const ignore = ctx.dialect === 'mysql' ? 'IGNORE' : 'OR IGNORE';
  await ctx.execute(
    `INSERT ${ignore} INTO pipeline_runs (id, event_id, topic, store_id, order_id, workflow_id, execution_id, node,
        status, redeliveries, first_seen_at, last_seen_at, check_at)
      VALUES (:id, :eventId, :topic, :storeId, :orderId, :workflowId, :executionId, :node,
        :status, :redeliveries, :firstSeenAt, :lastSeenAt, :checkAt)`,
    { ...run },
  );
}
