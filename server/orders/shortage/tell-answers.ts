import type { CommandContext } from '../../platform/context';
import { emitForOrder } from '../move-order';
import type { OrderState } from '../order-state';
import type { OrderRow } from '../orders.models';
import type { Given } from './answers';
import type { ResolutionRow } from './shortage.models';
import { RESOLUTIONS, type Resolution } from './shortage.schema';

interface Said {
  reason: string;
  event?: string;
}

/** How an answer is kept. */
export function rowOf(ctx: CommandContext, order: OrderRow, given: Given, { reason, event }: Said): ResolutionRow {
  const { expectedAt = null, substituteLineId = null, pricePolicy = null, consent = null, ...figures } = given;
  return {
    id: ctx.newId(),
    orderId: order.id,
    ...figures,
    ...{ reason, expectedAt, substituteLineId, pricePolicy, consent },
    eventId: event ?? null,
    actorName: ctx.actor.name,
    createdAt: ctx.now,
  };
}

const TOPICS: Readonly<Record<Resolution, string>> = {
  substitute: 'line.substituted',
  refund: 'line.cancelled',
  backorder: 'line.backordered',
};

/** Writes into the audit what was answered, and tells who listens. */
export function tell(
  ctx: CommandContext,
  { order, lines }: OrderState,
  rows: readonly ResolutionRow[],
  reason: string,
): void {
  const skuOf = new Map(lines.map(({ id, sku }) => [id, sku]));
  for (const resolution of RESOLUTIONS) {
    const told = rows
      .filter((row) => row.resolution === resolution)
      .map(({ lineId, quantity, expectedAt, substituteLineId, pricePolicy, differenceMinor, owedBackMinor }) => ({
        ...{ lineId, sku: skuOf.get(lineId), quantity, expectedAt, substituteLineId },
        ...{ substituteSku: skuOf.get(substituteLineId ?? ''), pricePolicy, differenceMinor, owedBackMinor },
      }));
    if (told.length === 0) continue;
    ctx.audit({
      action: `order.${resolution}`,
      subjectType: 'order',
      subjectId: order.id,
      storeId: order.storeId,
      orderId: order.id,
      after: { lines: told },
      note: reason,
    });
    emitForOrder(ctx, order, TOPICS[resolution], { lines: told, reason });
  }
}

/** The first of them by substitute, refund, backorder. */
export function firstOf(rows: readonly ResolutionRow[]): Resolution {
  return RESOLUTIONS.find((resolution) => rows.some((row) => row.resolution === resolution)) ?? 'backorder';
}
