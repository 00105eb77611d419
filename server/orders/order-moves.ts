import { ConflictError } from '../platform/errors';
import type { Role } from '../platform/context';

export const ORDER_STATUSES = [
  'pending',
  'confirmed',
  'processing',
  'partially_fulfilled',
  'fulfilled',
  'ready_for_pickup',
  'awaiting_handoff',
  'shipped',
  'delivery_failed',
  'delivered',
  'completed',
  'cancelled',
  'rejected',
  'returned',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Names that other systems use for our statuses; accepted on input, never answered. */
export const STATUS_ALIASES: Readonly<Record<string, OrderStatus>> = {
  new: 'pending',
  created: 'pending',
  fulfilling: 'processing',
};

/** What must hold before a move; each guard answers with reasons, in this order. */
export const GUARDS = [
  'hold',
  'payment',
  'stock',
  'prepared',
  'compliance',
  'cod',
  'moneySettled',
  'forPickup',
] as const;
export type Guard = (typeof GUARDS)[number];

export interface MoveRule {
  from: readonly OrderStatus[];
  to: OrderStatus;
  guards: readonly Guard[];
  /** Fields that must come with the move; one of several is written `spot|service`. */
  requires: readonly string[];
  /** Roles that may make it, besides admin. */
  roles: readonly Role[];
  event: string;
}

const FLOOR: readonly Role[] = ['store_manager', 'fulfillment_specialist'];
const FLOOR_AND_TILL: readonly Role[] = [...FLOOR, 'cashier'];
const MANAGER: readonly Role[] = ['store_manager'];
const DESK: readonly Role[] = ['store_manager', 'customer_service'];

/** Every move an order can make, in the order an order lives. A move not listed here does not exist. */
export const orderMoves = {
  confirm: {
    from: ['pending'],
    to: 'confirmed',
    guards: ['hold', 'payment'],
    requires: [],
    roles: MANAGER,
    event: 'order.confirmed',
  },
  process: {
    from: ['confirmed', 'pending'],
    to: 'processing',
    guards: ['hold', 'payment', 'stock'],
    requires: [],
    roles: FLOOR,
    event: 'order.processing',
  },
  fulfill: {
    from: ['processing'],
    to: 'fulfilled',
    guards: ['hold', 'stock', 'prepared', 'compliance'],
    requires: [],
    roles: FLOOR_AND_TILL,
    event: 'order.fulfilled',
  },
  partially_fulfill: {
    from: ['processing'],
    to: 'partially_fulfilled',
    guards: ['hold', 'compliance'],
    requires: ['reason', 'lines'],
    roles: FLOOR,
    event: 'order.partially_fulfilled',
  },
  resume: {
    from: ['partially_fulfilled', 'fulfilled', 'ready_for_pickup', 'awaiting_handoff'],
    to: 'processing',
    guards: ['hold'],
    requires: ['reason'],
    roles: FLOOR,
    event: 'order.resumed',
  },
  ready: {
    from: ['processing', 'partially_fulfilled', 'fulfilled', 'delivery_failed'],
    to: 'ready_for_pickup',
    guards: ['hold', 'prepared', 'compliance'],
    requires: [],
    roles: FLOOR,
    event: 'order.ready',
  },
  await_handoff: {
    from: ['partially_fulfilled', 'fulfilled'],
    to: 'awaiting_handoff',
    guards: ['hold', 'compliance'],
    requires: ['method', 'spot|service'],
    roles: FLOOR,
    event: 'order.awaiting_handoff',
  },
  ship: {
    from: ['fulfilled', 'partially_fulfilled', 'awaiting_handoff', 'confirmed'],
    to: 'shipped',
    guards: ['hold', 'payment', 'prepared', 'compliance', 'cod'],
    requires: ['carrier'],
    roles: FLOOR,
    event: 'order.shipped',
  },
  fail_delivery: {
    from: ['shipped', 'awaiting_handoff'],
    to: 'delivery_failed',
    guards: [],
    requires: ['reason'],
    roles: FLOOR,
    event: 'order.delivery_failed',
  },
  reattempt: {
    from: ['delivery_failed'],
    to: 'shipped',
    guards: ['hold', 'compliance', 'cod'],
    requires: [],
    roles: FLOOR,
    event: 'order.reattempted',
  },
  deliver: {
    from: ['shipped', 'awaiting_handoff', 'delivery_failed'],
    to: 'delivered',
    guards: ['compliance'],
    requires: [],
    roles: FLOOR,
    event: 'order.delivered',
  },
  complete: {
    from: ['delivered', 'ready_for_pickup', 'processing', 'fulfilled'],
    to: 'completed',
    guards: ['hold', 'prepared', 'compliance', 'moneySettled', 'forPickup'],
    requires: [],
    roles: FLOOR_AND_TILL,
    event: 'order.completed',
  },
  cancel: {
    from: [
      'pending',
      'confirmed',
      'processing',
      'partially_fulfilled',
      'fulfilled',
      'ready_for_pickup',
      'awaiting_handoff',
    ],
    to: 'cancelled',
    guards: [],
    requires: ['reason'],
    roles: DESK,
    event: 'order.cancelled',
  },
  reject: {
    from: ['pending'],
    to: 'rejected',
    guards: [],
    requires: ['reason'],
    roles: MANAGER,
    event: 'order.rejected',
  },
  return_all: {
    from: ['delivery_failed', 'delivered'],
    to: 'returned',
    guards: [],
    requires: ['reason'],
    roles: FLOOR,
    event: 'order.returned',
  },
} as const satisfies Record<string, MoveRule>;

export type OrderMove = keyof typeof orderMoves;
export const ORDER_MOVES = Object.keys(orderMoves) as OrderMove[];

export function moveRule(move: OrderMove): MoveRule {
  return orderMoves[move];
}

export function movesFrom(status: OrderStatus): OrderMove[] {
  return ORDER_MOVES.filter((move) => moveRule(move).from.includes(status));
}

export function isFinal(status: OrderStatus): boolean {
  return movesFrom(status).length === 0;
}

/** A status as people type it: any case, spaces or hyphens, or another system's name for it. */
export function readStatus(text: string): OrderStatus | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return STATUS_ALIASES[name] ?? ORDER_STATUSES.find((status) => status === name);
}

/** The move that leads to a wanted status. Throws 409 MOVE_NOT_ALLOWED when there is none from here. */
export function moveTo(from: OrderStatus, to: OrderStatus): OrderMove {
  const move = movesFrom(from).find((name) => moveRule(name).to === to);
  if (move) return move;
  throw notAllowed(from, `become ${to}`, { to });
}

/** Throws 409 ORDER_SHIPPED (cancel after hand-over, with the way out) or MOVE_NOT_ALLOWED. */
export function assertMove(from: OrderStatus, move: OrderMove): void {
  if (moveRule(move).from.includes(from)) return;
  if (move === 'cancel' && (from === 'shipped' || from === 'delivery_failed')) {
    throw new ConflictError(
      'ORDER_SHIPPED',
      'The order is on its way and cannot be cancelled. Recall it: move fail_delivery with reason recalled, then return_all.',
      { facts: { orderStatus: from, move, instead: { move: 'fail_delivery', reason: 'recalled' } } },
    );
  }
  throw notAllowed(from, move, { move });
}

function notAllowed(status: OrderStatus, what: string, facts: Record<string, unknown>): ConflictError {
  const allowed = movesFrom(status);
  const choices = allowed.length > 0 ? `From here it can: ${allowed.join(', ')}.` : 'It is final.';
  return new ConflictError('MOVE_NOT_ALLOWED', `An order that is ${status} cannot ${what}. ${choices}`, {
    facts: { orderStatus: status, ...facts, allowed },
  });
}
