import { lockState } from '../orders';
import { authorise, permission } from '../platform/auth/permissions';
import type { CommandContext } from '../platform/context';
import { ConflictError, NotFoundError } from '../platform/errors';
import { bringSteps } from './bring-steps';
import { type StepKind, stepRules } from './case-steps';
import { cases, steps } from './cancellations.models';
import type { CaseWithSteps } from './open-case';

export const resolveSteps = permission('cancellation.resolve', ['store_manager', 'customer_service']);

/**
 * A person has done what a step waits for, such as calling the courier. Done already, nothing changes.
 * Throws 404 CANCELLATION_NOT_FOUND, 409 STEP_FOLLOWS_THE_BOOKS or STEP_SKIPPED.
 */
export async function resolveStep(
  ctx: CommandContext,
  { id, kind, note }: { id: string; kind: StepKind; note: string },
): Promise<CaseWithSteps & { changed: boolean }> {
  const row = await ctx.get(cases, 'id = :id', { id });
  if (!row) {
    throw new NotFoundError(
      'CANCELLATION_NOT_FOUND',
      'There is no such cancellation. GET /api/v1/cancellations lists them.',
    );
  }
  const { order } = await lockState(ctx, row.orderId);
  authorise(ctx.actor, resolveSteps, row.storeId);
  const known = await ctx.find(steps, 'case_id = :id ORDER BY position', { id });
  const step = known.find((one) => one.kind === kind);
  assertByHand(kind, step?.status);
  const wanted = { kind, status: 'done' as const, note, facts: step?.facts ?? {}, doneBy: ctx.actor.name };
  const changed = await bringSteps(ctx, { order, row, known }, [wanted]);
  if (changed) {
    ctx.audit({
      action: 'cancellation.resolve',
      subjectType: 'cancellation',
      subjectId: id,
      storeId: row.storeId,
      orderId: row.orderId,
      before: { step: kind, status: step?.status },
      after: { step: kind, status: 'done' },
      note,
    });
  }
  const after = await ctx.find(steps, 'case_id = :id ORDER BY position', { id });
  return { row: (await ctx.get(cases, 'id = :id', { id })) ?? row, steps: after, changed };
}

function assertByHand(kind: StepKind, status: string | undefined): void {
  if (!stepRules[kind].byHand) {
    const message = `The step ${kind} follows the books. A refund is done when it is executed: POST /api/v1/refunds/:id/execute.`;
    throw new ConflictError('STEP_FOLLOWS_THE_BOOKS', message, { facts: { kind, stepStatus: status } });
  }
  if (status === 'skipped') {
    throw new ConflictError('STEP_SKIPPED', 'There is nothing to do in this step.', {
      facts: { kind, stepStatus: status },
    });
  }
}
