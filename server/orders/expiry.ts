import type { JobContext } from '../platform/context';
import { moveBySystem } from './move-order';
import { lockState } from './order-state';

const EXPIRED_PER_SWEEP = 100;

/** Unpaid orders whose time is over give their goods back: cancelled, reason payment, stock and money in one transaction each. */
export async function cancelExpired(job: JobContext): Promise<void> {
  const { read } = job;
  const due = await read.select<{ id: string }>(
    `SELECT id FROM orders WHERE expires_at <= :now ORDER BY expires_at LIMIT ${EXPIRED_PER_SWEEP}`,
    { now: read.now },
  );
  for (const { id } of due) {
    await job.transaction(async (ctx) => {
      const state = await lockState(ctx, id);
      const { order } = state;
      const stillDue = order.status === 'pending' && order.expiresAt !== null && order.expiresAt <= ctx.now;
      if (!stillDue || order.paidMinor > 0 || order.submittedPayments > 0) return;
      await moveBySystem(ctx, state, 'cancel', { reason: 'payment', notes: 'Not paid in time.' });
    });
  }
}
