import { lockState } from '../../orders';
import type { JobContext } from '../../platform/context';
import { formatMoney } from '../../platform/money';
import type { DeliveredEvent } from '../../platform/registry';
import { announceTask } from './announce';
import { findAssignee, NOBODY } from './assignment';
import { completeTask } from './close-task';
import { insertTask } from './open-task';
import { taskKinds } from './task-kinds';
import type { TaskUrls } from './task-links';
import { NO_UNITS } from './task-units';
import { type TaskRow, tasks } from './tasks.models';

interface RefundTold {
  id: string;
  amountMinor: number;
  currency: string;
  failure: string | null;
}

const LAST_TASK = `order_id = :orderId AND kind = 'manual_refund' ORDER BY round DESC`;

/** A refund that could not be sent is somebody's work: one task an order, however many of its refunds failed. */
export async function openRefundTask(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const { amountMinor, currency, failure } = event.data.refund as RefundTold;
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, event.orderId ?? '');
    const { order } = state;
    const last = await ctx.get(tasks, LAST_TASK, { orderId: order.id });
    // Told again, or late: what failed then may have been sent since, or was somebody's task before.
    if (last?.openMarker || last?.eventId === event.id || order.refundsPayableMinor === 0) return;
    const opened = await insertTask(ctx, state, {
      kind: 'manual_refund',
      units: NO_UNITS,
      round: (last?.round ?? 0) + 1,
      assignee: (await findAssignee(ctx, { storeId: order.storeId, role: taskKinds.manual_refund.role })) ?? NOBODY,
      dueAt: null,
      instructions: `The refund of ${formatMoney(amountMinor, currency)} failed: ${failure ?? 'no reason was given'}. Reach the customer, send the money, then record the refund as executed.`,
      eventId: event.id,
    });
    await announceTask(ctx, urls, { order, ...opened });
  });
}

/** The customer has everything that was owed: there is no refund left to do by hand. */
export async function endRefundTask(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  await job.transaction(async (ctx) => {
    const { order } = await lockState(ctx, event.orderId ?? '');
    if (order.refundsPayableMinor > 0) return;
    const open: TaskRow | undefined = await ctx.get(tasks, LAST_TASK, { orderId: order.id });
    if (open?.openMarker) await completeTask(ctx, urls, open.id, { note: 'The refund has settled.' });
  });
}
