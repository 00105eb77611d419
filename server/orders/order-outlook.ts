import { mayUse } from '../platform/auth/permissions';
import type { ReadContext } from '../platform/context';
import { reasonsAgainst, type GuardReason } from './guards';
import { orderOpenWork } from './order-extensions';
import { isFinal, moveRule, movesFrom, type OrderMove } from './order-moves';
import { readState } from './order-state';
import { openHolds, viewHold } from './order-view';
import { orderMoveLog, type OrderRow } from './orders.models';

export interface AllowedStatus {
  status: string;
  move: OrderMove;
  allowed: boolean;
  reasons: GuardReason[];
  requiredFields: string[];
  roles: string[];
}

/** Where an order may go next, and if not, why not. */
export async function allowedStatuses(
  ctx: ReadContext,
  idOrNumber: string,
): Promise<{ status: string; items: AllowedStatus[] }> {
  const state = await readState(ctx, idOrNumber);
  const holds = await openHolds(ctx, state.order.id);
  const items: AllowedStatus[] = [];
  for (const move of movesFrom(state.order.status)) {
    const rule = moveRule(move);
    const reasons = await reasonsAgainst(ctx, rule, { state, holds, move });
    const right = { name: `order.${move}`, roles: rule.roles };
    items.push({
      status: rule.to,
      move,
      allowed: reasons.length === 0 && mayUse(ctx.actor, right),
      reasons,
      requiredFields: [...rule.requires],
      roles: ['admin', ...rule.roles],
    });
  }
  return { status: state.order.status, items };
}

/** Why an order is not moving: what its next step wants, who holds it, what work is open, which run touched it last. */
export async function explainOrder(ctx: ReadContext, idOrNumber: string): Promise<Record<string, unknown>> {
  const state = await readState(ctx, idOrNumber);
  const { order } = state;
  const holds = await openHolds(ctx, order.id);
  const openWork = await orderOpenWork.read(ctx, order.id);
  const next = nextMove(order);
  const reasons = next ? await reasonsAgainst(ctx, moveRule(next), { state, holds, move: next }) : [];
  const lastMove = await ctx.get(orderMoveLog, 'order_id = :orderId ORDER BY order_version DESC', {
    orderId: order.id,
  });
  const [lastRun] = await ctx.select<Record<string, unknown>>(
    'SELECT workflow_id, execution_id, node, at FROM audit_rows WHERE order_id = :orderId AND execution_id IS NOT NULL ORDER BY id DESC LIMIT 1',
    { orderId: order.id },
  );
  return {
    orderId: order.id,
    status: order.status,
    summary: summaryOf(order.status, reasons, openWork),
    nextMove: next ?? null,
    reasons,
    holds: holds.map(viewHold),
    openWork,
    lastMove: lastMove ?? null,
    lastRun: lastRun ?? null,
  };
}

/** The step an order of this kind takes next; going back to work, or failing, is not a step forward. */
function nextMove({ status, fulfillmentMethod }: OrderRow): OrderMove | undefined {
  const moves = movesFrom(status).filter((move) => !NO_STEP_FORWARD.includes(move));
  const isPrepared = status === 'fulfilled' || status === 'partially_fulfilled';
  if (isPrepared) return USUAL_WAY[fulfillmentMethod];
  return status === 'delivery_failed' && fulfillmentMethod === 'delivery' ? 'reattempt' : moves[0];
}

const NO_STEP_FORWARD: readonly OrderMove[] = ['resume', 'fail_delivery'];

const USUAL_WAY = { delivery: 'ship', pickup: 'ready', curbside: 'await_handoff' } as const;

function summaryOf(
  status: Parameters<typeof isFinal>[0],
  reasons: readonly GuardReason[],
  openWork: readonly string[],
): string {
  if (isFinal(status)) return `The order is ${status}. ${openWork[0] ?? 'Nothing more happens to it.'}`;
  const [sentence] = [...reasons.map((reason) => reason.message), ...openWork];
  return sentence ?? `Nothing stands in the way; the order is ${status} and waits for its next step.`;
}
