import type { CommandContext } from '../platform/context';
import { type ConsignmentStatus, consignmentStatuses, isEnded, judge, type Verdict } from './consignment-statuses';
import { changeConsignment, emitConsignment, flagProblem } from './shipping.events';
import { type ConsignmentRow, consignments, type Problem } from './shipping.models';

export interface Report {
  status: ConsignmentStatus;
  /** The courier's own word. */
  courierStatus: string;
}

/**
 * The one way in for what couriers report, polled or told. Stale and repeated words change nothing; an outcome that
 * contradicts another goes to a person.
 */
export async function reportStatus(ctx: CommandContext, id: string, report: Report): Promise<Verdict> {
  const [row] = await ctx.lock(consignments, 'id = :id', { id });
  if (!row) return 'nothing';
  const verdict = judge(row.status, report.status);
  if (verdict === 'contradiction') {
    const message = `${row.courier} says ${report.courierStatus} of parcel ${row.reference}, and said ${row.courierStatus ?? row.status} before. Ask which is true and put the order right by hand.`;
    await flagProblem(ctx, row, { code: 'COURIER_CONTRADICTS', message });
  }
  if (verdict === 'news') await record(ctx, row, report);
  return verdict;
}

async function record(ctx: CommandContext, row: ConsignmentRow, { status, courierStatus }: Report): Promise<void> {
  const ended = isEnded(status);
  await changeConsignment(ctx, row, 'status', {
    status,
    courierStatus,
    newsOpen: true,
    problem: null,
    ...(ended ? { openMarker: null, endedAt: row.endedAt ?? ctx.now } : {}),
    // The way back of a cancelled parcel is still asked for.
    ...(ended && status !== 'cancelled' ? { nextAt: null } : {}),
  });
  emitConsignment(ctx, row, 'consignment.status_changed');
  if (status === 'delivered') emitConsignment(ctx, row, 'consignment.delivered');
  if (status === 'returned') emitConsignment(ctx, row, 'consignment.returned');
  if (consignmentStatuses[status].person) await flagProblem(ctx, row, problemOf(row));
}

const SENTENCES: Partial<Record<ConsignmentStatus, string>> = {
  partially_delivered: 'delivered only a part of it. Move the order to delivered with the quantities that were taken',
  exception: 'reports it lost, damaged or off its way. Ask, then move the order by hand',
  unknown: 'says nothing that we know. Ask what happened',
};

function problemOf({ courier, reference, status, courierStatus }: ConsignmentRow): Problem {
  const said = SENTENCES[status] ?? 'needs an answer';
  const message = `Parcel ${reference}: ${courier} ${said} (its word: ${courierStatus}).`;
  return { code: `COURIER_${status.toUpperCase()}`, message };
}
