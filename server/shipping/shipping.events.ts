import type { CommandContext } from '../platform/context';
import { auditConsignment } from './audit-consignment';
import { codProblem } from './cod-amount';
import { type ConsignmentRow, consignments, type Problem } from './shipping.models';

export type ConsignmentTopic =
  | 'consignment.created'
  | 'consignment.status_changed'
  | 'consignment.delivered'
  | 'consignment.returned'
  | 'consignment.rejected'
  | 'consignment.exception';

/** What is told of a consignment: no customer's data. */
export function consignmentFacts(row: ConsignmentRow) {
  const { id, courier, reference, status, courierStatus, trackingCode, trackingUrl } = row;
  const { codAmountMinor, codDueMinor, currency } = row;
  return {
    id,
    courier,
    reference,
    status,
    courierStatus,
    trackingCode,
    trackingUrl,
    codAmountMinor,
    codDueMinor,
    currency,
    problem: row.problem ?? codProblem(row) ?? null,
  };
}

export function emitConsignment(ctx: CommandContext, row: ConsignmentRow, topic: ConsignmentTopic): void {
  ctx.emit({
    topic,
    storeId: row.storeId,
    orderId: row.orderId ?? undefined,
    data: { consignment: consignmentFacts(row) },
  });
}

/** Writes a change down with its trace; `row` is brought up to date. */
export async function changeConsignment(
  ctx: CommandContext,
  row: ConsignmentRow,
  action: string,
  set: Partial<ConsignmentRow>,
): Promise<void> {
  const before = { status: row.status, courierStatus: row.courierStatus };
  Object.assign(row, set, { updatedAt: ctx.now });
  await ctx.update(consignments, { ...set, updatedAt: ctx.now }, 'id = :id', { id: row.id });
  auditConsignment(ctx, row, action, {
    before,
    after: { status: row.status, courierStatus: row.courierStatus, trackingCode: row.trackingCode },
    note: row.problem?.message,
  });
}

/** A person must look, and is told once for each reason. */
export async function flagProblem(ctx: CommandContext, row: ConsignmentRow, problem: Problem): Promise<void> {
  if (row.problem?.code === problem.code) return;
  await changeConsignment(ctx, row, 'exception', { problem });
  emitConsignment(ctx, row, 'consignment.exception');
}
