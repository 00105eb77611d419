import type { ProductRow } from '../inventory';
import { storeSettings } from '../people';
import type { ReadContext } from '../platform/context';
import { ConflictError } from '../platform/errors';
import { alertOf } from './compliance/alert';
import { reasonsToStop } from './compliance/compliance-guard';
import { isPrepared, preparableQuantity, shippableQuantity, unpreparedQuantity } from './order-lines';
import { orderGuards } from './order-extensions';
import { type Guard, type MoveRule, type OrderMove } from './order-moves';
import type { OrderState } from './order-state';
import type { OrderHoldRow } from './orders.models';
import { isPayable } from './payment-status';

/** Why a move is not possible now: a code for programs, a sentence with the way out for people. */
export interface GuardReason {
  guard: Guard;
  code: string;
  message: string;
  [fact: string]: unknown;
}

export interface GuardFacts {
  state: OrderState;
  /** Holds in force. */
  holds: readonly OrderHoldRow[];
  move: OrderMove;
  /** Of the goods this move is about, when they were read with the holds. */
  ruledProducts?: readonly ProductRow[];
}

type GuardCheck = (facts: GuardFacts, ctx: ReadContext) => GuardReason[] | Promise<GuardReason[]>;

/** Guards a manager may set aside, with a reason. */
export const OVERRIDABLE_GUARDS = ['payment', 'stock', 'compliance', 'cod'] as const satisfies readonly Guard[];

/** Why the order does not move, and who says so. */
export function holdSentence({ reason, owner, note }: OrderHoldRow): string {
  return `The order is on hold (${reason}) by ${owner}${note ? `: ${note}` : ''}.`;
}

const guardChecks: Readonly<Record<Guard, GuardCheck>> = {
  hold: ({ holds }) =>
    holds.map((hold) => ({
      guard: 'hold',
      code: 'ORDER_ON_HOLD',
      message: `${holdSentence(hold)} Release the hold first.`,
      handle: hold.id,
      reason: hold.reason,
    })),
  payment: ({ state: { order } }) =>
    isPayable(order)
      ? []
      : [
          {
            guard: 'payment',
            code: 'PAYMENT_REQUIRED',
            message: `${order.receivableMinor} ${order.currency} (minor units) are still to be paid by ${order.paymentMethod}. Record the payment first.`,
            balanceDueMinor: order.receivableMinor,
            paymentStatus: order.paymentStatus,
          },
        ],
  stock: ({ state: { lines }, move }) => stockReasons(lines, move),
  prepared: ({ state, move }, ctx) => {
    const { order, lines } = state;
    if (move === 'ship') return reasonsNotToShip(ctx, state);
    if (move === 'complete' && order.status === 'delivered') return [];
    if (move === 'ready' && order.status !== 'processing') return [];
    const missing = lines.filter((line) => !isPrepared(line));
    return missing.length === 0
      ? []
      : [
          {
            guard: 'prepared',
            code: 'LINES_NOT_PREPARED',
            message: `Not every line is prepared: ${missing.map((line) => line.sku).join(', ')}. Finish picking, or fulfill partially.`,
            lines: missing.map(({ id, sku, quantity, preparedQuantity }) => ({ id, sku, quantity, preparedQuantity })),
          },
        ];
  },
  compliance: ({ state, move, ruledProducts }, ctx) => reasonsToStop(ctx, state, move, ruledProducts),
  // Whoever books couriers knows what their riders were told to collect, and brings the check.
  cod: () => [],
  moneySettled: ({ state: { order } }) =>
    order.receivableMinor === 0 && order.clearingMinor === 0
      ? []
      : [
          {
            guard: 'moneySettled',
            code: 'MONEY_NOT_SETTLED',
            message: `The money is not settled: ${order.receivableMinor} due from the customer, ${order.clearingMinor} held by the courier (${order.currency}, minor units).`,
            balanceDueMinor: order.receivableMinor,
            clearingMinor: order.clearingMinor,
          },
        ],
  forPickup: ({ state: { order } }) =>
    order.status === 'delivered' || order.status === 'ready_for_pickup' || order.fulfillmentMethod !== 'delivery'
      ? []
      : [
          {
            guard: 'forPickup',
            code: 'NOT_FOR_PICKUP',
            message: 'An order for delivery is completed after it is delivered. Ship it and deliver it first.',
          },
        ],
};

/** Something must be there to leave; a store may let it leave unpicked. */
async function reasonsNotToShip(ctx: ReadContext, { order, lines }: OrderState): Promise<GuardReason[]> {
  const unpicked = order.status === 'confirmed';
  if (unpicked && (await storeSettings(ctx, order.storeId)).preparation === 'required') {
    const message = 'This store picks before it ships. Process and fulfill the order first.';
    return [{ guard: 'prepared', code: 'PREPARATION_REQUIRED', message }];
  }
  if (lines.some((line) => shippableQuantity(line) + (unpicked ? unpreparedQuantity(line) : 0) > 0)) return [];
  const message = 'Nothing is ready to leave: what is open waits for goods or is not prepared. Resume the order first.';
  return [{ guard: 'prepared', code: 'NOTHING_TO_SHIP', message }];
}

function stockReasons(lines: OrderState['lines'], move: OrderMove): GuardReason[] {
  const waiting = lines.filter((line) => line.backorderedQuantity > 0);
  const workable = lines.some((line) => preparableQuantity(line) > 0);
  if (waiting.length === 0 || (move === 'process' && workable)) return [];
  return [
    {
      guard: 'stock',
      code: 'STOCK_NOT_RESERVED',
      message: `Goods are missing for ${waiting.map((line) => line.sku).join(', ')}. Wait for the backorder, substitute, or refund the line.`,
      lines: waiting.map(({ id, sku, backorderedQuantity }) => ({ id, sku, backorderedQuantity })),
    },
  ];
}

/** Every reason against a move, in the guards' order; an empty list means go. */
export async function reasonsAgainst(ctx: ReadContext, rule: MoveRule, facts: GuardFacts): Promise<GuardReason[]> {
  const reasons: GuardReason[] = [];
  for (const guard of rule.guards) {
    reasons.push(...(await guardChecks[guard](facts, ctx)));
    for (const check of orderGuards.of(guard)) reasons.push(...(await check(ctx, facts.state)));
  }
  return reasons;
}

/** Throws 409 with the first reason's code and sentence, and all reasons as facts; managers hear of compliance. */
export function refuse(orderId: string, move: OrderMove, reasons: readonly GuardReason[]): void {
  const [first] = reasons;
  if (!first) return;
  throw new ConflictError(first.code, first.message, {
    facts: { move, reasons },
    aftermath: alertOf(orderId, reasons),
  });
}
