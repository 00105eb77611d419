import type { OrderMove, OrderStatus } from '../../orders';
import { ConflictError } from '../../platform/errors';

export const HAND_OFF_STATUSES = ['open', 'confirmed', 'cancelled'] as const;
export type HandOffStatus = (typeof HAND_OFF_STATUSES)[number];

export interface HandOffMoveRule {
  from: readonly HandOffStatus[];
  to: HandOffStatus;
  event: string;
}

/** Every move a hand-off can make. A move not listed here does not exist. */
export const handOffMoves = {
  confirm: { from: ['open'], to: 'confirmed', event: 'handoff.confirmed' },
  cancel: { from: ['open'], to: 'cancelled', event: 'handoff.cancelled' },
} as const satisfies Record<string, HandOffMoveRule>;
export type HandOffMove = keyof typeof handOffMoves;

/** Throws 409 HANDOFF_CLOSED. */
export function assertHandOffMove(status: HandOffStatus, move: HandOffMove): void {
  const { from }: HandOffMoveRule = handOffMoves[move];
  if (from.includes(status)) return;
  throw new ConflictError(
    'HANDOFF_CLOSED',
    `The hand-off is ${status} and cannot be changed. If the order still waits, open a new one: POST /api/v1/orders/:id/handoffs.`,
    { facts: { status } },
  );
}

export const HAND_OFF_METHODS = ['counter', 'kerbside', 'delivery_service'] as const;
export type HandOffMethod = (typeof HAND_OFF_METHODS)[number];

export interface MethodRule {
  /** As people read it. */
  title: string;
  /** Where the order waits for it, and the move that brings it there. */
  waitsIn: OrderStatus;
  opens: OrderMove;
  /** What the order does once it is confirmed. */
  confirms: OrderMove;
  /** What must be said of the place. */
  place?: 'spot' | 'service';
  /** Whether the goods may leave while their customer still owes for them. */
  leavesUnpaid: boolean;
}

/** The ways in which goods change hands. */
export const handOffMethods: Readonly<Record<HandOffMethod, MethodRule>> = {
  counter: {
    title: 'At the counter',
    waitsIn: 'ready_for_pickup',
    opens: 'ready',
    confirms: 'complete',
    leavesUnpaid: false,
  },
  kerbside: {
    title: 'At the kerb',
    waitsIn: 'awaiting_handoff',
    opens: 'await_handoff',
    confirms: 'deliver',
    place: 'spot',
    leavesUnpaid: false,
  },
  delivery_service: {
    title: 'To a delivery service',
    waitsIn: 'awaiting_handoff',
    opens: 'await_handoff',
    confirms: 'deliver',
    place: 'service',
    leavesUnpaid: true,
  },
};

/** Order events that end an open hand-off, and how. An order that is cancelled ends its tasks, and those their hand-off. */
export const endedBy: Readonly<Record<string, { move: HandOffMove; orderMove: OrderMove }>> = {
  'order.completed': { move: 'confirm', orderMove: 'complete' },
  'order.delivered': { move: 'confirm', orderMove: 'deliver' },
  'order.resumed': { move: 'cancel', orderMove: 'resume' },
  'order.shipped': { move: 'cancel', orderMove: 'ship' },
  'order.delivery_failed': { move: 'cancel', orderMove: 'fail_delivery' },
};
