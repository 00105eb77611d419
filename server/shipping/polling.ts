import { plusMs } from '../platform/clock';
import type { CommandContext, JobContext } from '../platform/context';
import { POLLED_STATUSES } from './consignment-statuses';
import type { Finding } from './courier';
import type { Couriers } from './couriers';
import { reportStatus } from './report-status';
import { flagProblem } from './shipping.events';
import { type ConsignmentRow, consignments } from './shipping.models';

const MINUTE_MS = 60_000;
/** Couriers keep an answer for a minute, so asking more often tells nothing. */
const POLL_EVERY_MS = 15 * MINUTE_MS;
const RETURN_POLL_EVERY_MS = 6 * 60 * MINUTE_MS;
/** A parcel that has not come back by then is looked for by people. */
const RETURN_POLLED_MS = 30 * 24 * 60 * MINUTE_MS;
const ROWS_PER_SWEEP = 50;

export function firstPollAt(now: string): string {
  return plusMs(now, POLL_EVERY_MS);
}

/** Asks for news of the consignments that are due, a small batch at a time. */
export async function pollDue(job: JobContext, couriers: Couriers): Promise<void> {
  const due = await job.read.select<{ id: string }>(
    `SELECT id FROM consignments WHERE status IN (:polled) AND next_at <= :now ORDER BY next_at LIMIT ${ROWS_PER_SWEEP}`,
    { polled: POLLED_STATUSES, now: job.read.now },
  );
  for (const { id } of due) {
    const row = await job.transaction((ctx) => claim(ctx, id));
    if (row) await askForNews(job, couriers, row);
  }
}

/** The next poll is written down before the call, so that a courier which is down is not asked again at once. */
async function claim(ctx: CommandContext, id: string): Promise<ConsignmentRow | undefined> {
  const [row] = await ctx.lock(consignments, 'id = :id AND next_at <= :now', { id, now: ctx.now });
  if (!row || !POLLED_STATUSES.includes(row.status)) return undefined;
  const isGivenUp = row.endedAt !== null && row.endedAt < plusMs(ctx.now, -RETURN_POLLED_MS);
  const everyMs = row.status === 'cancelled' ? RETURN_POLL_EVERY_MS : POLL_EVERY_MS;
  await ctx.update(consignments, { nextAt: isGivenUp ? null : plusMs(ctx.now, everyMs) }, 'id = :id', { id });
  return isGivenUp ? undefined : row;
}

/** One question to the courier outside any transaction, then what it answered in one. */
export async function askForNews(job: JobContext, couriers: Couriers, row: ConsignmentRow): Promise<Finding> {
  const courier = couriers.get(row.courier);
  const { reference, courierId } = row;
  const finding: Finding = (await courier.status?.({
    reference,
    courierId,
    returning: row.status === 'cancelled',
  })) ?? {
    kind: 'unknown',
    message: `${courier.displayName} cannot be asked for a status. Move the order by hand.`,
  };
  if (finding.kind === 'found') await job.transaction((ctx) => reportStatus(ctx, row.id, finding));
  if (finding.kind === 'missing') {
    const message = `${courier.displayName} knows no parcel ${reference} any more. Call it.`;
    await job.transaction(async (ctx) => {
      const [found] = await ctx.lock(consignments, 'id = :id', { id: row.id });
      if (found) await flagProblem(ctx, found, { code: 'COURIER_LOST_SIGHT', message });
    });
  }
  return finding;
}
