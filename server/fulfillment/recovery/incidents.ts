import type { z } from 'zod';
import { authorise, worksInStore } from '../../platform/auth/permissions';
import type { CommandContext, ReadContext } from '../../platform/context';
import { NotFoundError } from '../../platform/errors';
import { page, readCursor } from '../../platform/http/paging';
import { readState } from '../../orders';
import { reportIncidents } from '../rights';
import { type IncidentRow, incidents, pipelineRuns, type RunRow } from './recovery.models';
import type { incidentQuery } from './recovery.schema';

type Told = Pick<IncidentRow, 'kind' | 'reference' | 'message'> & Partial<IncidentRow>;

/** Writes down that a run failed, once per reference; what the incident leaves out is taken from the run. */
export async function reportIncident(
  ctx: CommandContext,
  told: Told,
): Promise<{ incident: IncidentRow; isNew: boolean }> {
  const { kind, reference } = told;
  const known = await ctx.get(incidents, 'kind = :kind AND reference = :reference', { kind, reference });
  if (known) return { incident: known, isNew: false };
  const run = await runOf(ctx, told);
  const orderId = await orderIdOf(ctx, told.orderId, run);
  const storeId = told.storeId ?? run?.storeId ?? (orderId ? (await readState(ctx, orderId)).order.storeId : null);
  if (storeId) authorise(ctx.actor, reportIncidents, storeId);
  const incident: IncidentRow = {
    id: ctx.newId(),
    kind,
    reference,
    ...standOf(ctx, told, run),
    storeId,
    orderId,
    eventId: told.eventId ?? run?.eventId ?? null,
    workflowId: told.workflowId ?? run?.workflowId ?? null,
    workflowName: told.workflowName ?? null,
    executionId: told.executionId ?? null,
    executionUrl: told.executionUrl ?? null,
    node: told.node ?? null,
    message: told.message,
    createdAt: ctx.now,
    note: null,
  };
  ctx.insert(incidents, incident);
  // n8n tells of a run that died with it only after its next start, when the run may have been taken for finished.
  if (run?.status === 'finished' && incident.status === 'open') {
    const again = { status: 'running' as const, finishedAt: null, checkAt: ctx.now };
    await ctx.update(pipelineRuns, again, 'id = :id', { id: run.id });
  }
  return { incident, isNew: true };
}

/** A failure of an execution that another has overtaken is being mended, or is mended if that one got through. */
function standOf(
  ctx: ReadContext,
  { executionId }: Told,
  run: RunRow | undefined,
): Pick<IncidentRow, 'status' | 'resolvedAt' | 'resolvedBy'> {
  const isOvertaken =
    run !== undefined && run.overtakenExecutionId !== null && run.overtakenExecutionId === executionId;
  if (isOvertaken && run.status === 'finished')
    return { status: 'resolved', resolvedAt: ctx.now, resolvedBy: ctx.actor.name };
  return { status: isOvertaken ? 'retrying' : 'open', resolvedAt: null, resolvedBy: null };
}

async function runOf(ctx: ReadContext, { eventId, executionId }: Told): Promise<RunRow | undefined> {
  if (eventId) return ctx.get(pipelineRuns, 'event_id = :eventId', { eventId });
  if (!executionId) return undefined;
  const run = await ctx.get(pipelineRuns, 'execution_id = :executionId', { executionId });
  return run ?? ctx.get(pipelineRuns, 'overtaken_execution_id = :executionId', { executionId });
}

/** An error workflow passes on what it was given, which may be a number or an order of long ago. */
async function orderIdOf(
  ctx: ReadContext,
  given: string | null | undefined,
  run: RunRow | undefined,
): Promise<string | null> {
  if (!given) return run?.orderId ?? null;
  try {
    return (await readState(ctx, given)).order.id;
  } catch (error) {
    // A failure is never lost because the order it names is not there.
    if (error instanceof NotFoundError) return run?.orderId ?? null;
    throw error;
  }
}

/** A person has dealt with it. Throws 404 INCIDENT_NOT_FOUND. */
export async function resolveIncident(ctx: CommandContext, id: string, note: string | null): Promise<IncidentRow> {
  const [incident] = await ctx.lock(incidents, 'id = :id', { id });
  if (!incident || !isSeen(ctx, incident)) {
    throw new NotFoundError('INCIDENT_NOT_FOUND', 'There is no such incident. GET /api/v1/incidents lists them.');
  }
  if (incident.status === 'resolved') return incident;
  const set = { status: 'resolved' as const, resolvedAt: ctx.now, resolvedBy: ctx.actor.name, note };
  await ctx.update(incidents, set, 'id = :id', { id });
  ctx.audit({
    action: 'incident.resolve',
    subjectType: 'incident',
    subjectId: id,
    storeId: incident.storeId ?? undefined,
    orderId: incident.orderId ?? undefined,
    before: { status: incident.status },
    after: { status: set.status },
    note: note ?? undefined,
  });
  return { ...incident, ...set };
}

function isSeen(ctx: ReadContext, { storeId }: IncidentRow): boolean {
  return storeId === null || worksInStore(ctx.actor, storeId);
}

/** Newest first; those that no order is known for are shown to everyone who may read incidents. */
export async function listIncidents(ctx: ReadContext, filter: z.output<typeof incidentQuery>) {
  const { storeIds } = ctx.actor;
  const conditions = ['1 = 1'];
  if (storeIds !== 'all') conditions.push('(store_id IS NULL OR store_id IN (:storeIds))');
  if (filter.status) conditions.push('status = :status');
  if (filter.kind) conditions.push('kind = :kind');
  if (filter.orderId) conditions.push('order_id = :orderId');
  if (filter.after) conditions.push('id < :after');
  const rows = await ctx.find(incidents, `${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${filter.limit + 1}`, {
    ...filter,
    storeIds: storeIds.length > 0 ? storeIds : [''],
    after: filter.after && readCursor(filter.after, 1)[0],
  });
  return page(rows, filter.limit, (row) => [row.id]);
}
