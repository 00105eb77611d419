import { plusMs } from '../platform/clock';
import type { JobContext } from '../platform/context';
import { lockState } from './order-state';
import type { OrderRow } from './orders.models';
import { isPayable } from './payment-status';
import { runMove } from './run-move';

const EXPIRED_PER_SWEEP = 100;
/** After a payment that did not come the customer has this long to pay before the goods go back. */
const SECOND_CHANCE_MS = 24 * 3_600_000;

/** Unpaid, and nobody says that money is on its way. */
const UNPAID = `status = 'pending' AND paid_minor = 0 AND submitted_payments = 0`;

/** Unpaid orders whose time is over give their goods back: cancelled, reason payment, stock and money in one transaction each. */
export async function cancelExpired(job: JobContext): Promise<void> {
  const { read } = job;
  const due = await read.select<{ id: string }>(
    `SELECT id FROM orders WHERE expires_at <= :now AND ${UNPAID} ORDER BY expires_at LIMIT ${EXPIRED_PER_SWEEP}`,
    { now: read.now },
  );
  const errors: unknown[] = [];
  for (const { id } of due) await cancelIfDue(job, id).catch((error: unknown) => errors.push(error));
  // One order that cannot be cancelled keeps its goods; the others give theirs back all the same.
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${due.length} orders could not be cancelled.`);
}

async function cancelIfDue(job: JobContext, id: string): Promise<void> {
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, id);
    const stillDue = order.status === 'pending' && order.expiresAt !== null && order.expiresAt <= ctx.now;
    if (!stillDue || order.paidMinor > 0 || order.submittedPayments > 0) return;
    const facts = { reason: 'payment', notes: 'Not paid in time.', notify: false };
    await runMove(ctx, id, { move: 'cancel', ...facts });
  });
}

/** When an order gives its goods back after a payment did not come; null when it owes nothing before the hand-over. */
export function lapsesAgainAt(order: OrderRow, now: string): string | null {
  const waitsForMoney = order.status === 'pending' && order.paidMinor === 0 && order.submittedPayments === 0;
  return waitsForMoney && !isPayable(order) ? plusMs(now, SECOND_CHANCE_MS) : order.expiresAt;
}
