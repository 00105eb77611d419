import { cancelTask, type TaskUrls } from '../../fulfillment';
import { lockState, movesFrom } from '../../orders';
import type { JobContext } from '../../platform/context';
import type { DeliveredEvent } from '../../platform/registry';
import { settleByFact } from './decide-request';
import { requests } from './requests.models';

/** Moves after which an order may be beyond cancelling; a part that leaves is not. */
export const ENDING_TOPICS = ['order.shipped', 'order.delivered', 'order.completed', 'order.delivery_failed'] as const;

/** The order left before anybody decided: the request is over by the fact, and whoever asked is told. */
export async function expireRequest(job: JobContext, urls: TaskUrls, event: DeliveredEvent): Promise<void> {
  const orderId = event.orderId ?? '';
  const open = 'order_id = :orderId AND open_marker = 1';
  await job.transaction(async (ctx) => {
    const state = await lockState(ctx, orderId);
    const request = await ctx.get(requests, open, { orderId });
    if (!request || movesFrom(state.order.status).includes('cancel')) return;
    const note = `The order was ${state.order.status.replaceAll('_', ' ')} before the decision.`;
    await settleByFact(ctx, state, request, { move: 'expire', note });
    await cancelTask(ctx, urls, request.taskId, note);
  });
}
