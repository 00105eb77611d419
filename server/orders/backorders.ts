import { fillBackorders, reservationsOf } from '../inventory';
import type { CommandContext, JobContext } from '../platform/context';
import type { DeliveredEvent } from '../platform/registry';
import { sourceOf } from './order-goods';
import { emitForOrder } from './move-order';
import { lockState, saveState, snapshot } from './order-state';

/** Goods came in, or others gave them up: who waits for them gets them, first come, first served. Safe to repeat. */
export async function serveWaiting(job: JobContext, { id, storeId, data }: DeliveredEvent): Promise<void> {
  const { productIds } = data as { productIds: string[] };
  await job.transaction(async (ctx) => {
    const filled = await fillBackorders(ctx, { storeId, sourceType: 'event', sourceId: id }, productIds);
    const orderIds = filled.flatMap(({ sourceType, sourceId }) => (sourceType === 'order' ? [sourceId] : []));
    for (const orderId of new Set(orderIds)) await countWaiting(ctx, orderId);
  });
}

/** A count found fewer units than were promised: the lines they were taken from wait for goods again. */
export async function waitAgain(job: JobContext, { data }: DeliveredEvent): Promise<void> {
  const { sourceType, sourceId } = data as { sourceType: string; sourceId: string };
  if (sourceType === 'order') await job.transaction((ctx) => countWaiting(ctx, sourceId));
}

/** Brings what the lines wait for in step with what their reservations wait for, and tells when it changed. */
async function countWaiting(ctx: CommandContext, orderId: string): Promise<void> {
  const state = await lockState(ctx, orderId);
  const before = snapshot(state);
  const held = await reservationsOf(ctx, sourceOf(state.order));
  let change = 0;
  for (const line of state.lines) {
    const own = held.filter(({ lineId }) => lineId === line.id);
    const waiting = own.reduce((sum, { backordered }) => sum + backordered, 0);
    change += waiting - line.backorderedQuantity;
    line.backorderedQuantity = waiting;
  }
  if (change === 0) return;
  await saveState(ctx, before, state);
  const lines = state.lines.map(({ id, sku, backorderedQuantity }) => ({ lineId: id, sku, backorderedQuantity }));
  emitForOrder(ctx, state.order, change > 0 ? 'line.short' : 'line.back', { lines });
}
