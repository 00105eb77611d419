import { isPayable, type OrderLineRow, type OrderRow, type OrderStatus } from '../orders';

export const CUSTOMER_MESSAGES = [
  'order_received',
  'payment_instructions',
  'payment_confirmed',
  'order_confirmed',
  'shipped',
  'ready',
  'handoff',
  'delivery_failed',
  'delayed',
  'delivered',
  'follow_up',
  'short',
  'lines_cancelled',
  'cancelled',
  'refund',
] as const;
export type CustomerMessage = (typeof CUSTOMER_MESSAGES)[number];

/** Pieces of an order that a mail may show; a mail gets those its message names, and no others. */
export type Fact =
  | 'goods'
  | 'payment'
  | 'parcel'
  | 'handover'
  | 'handOff'
  | 'failure'
  | 'shortage'
  | 'cancelledGoods'
  | 'refund'
  | 'decision';

export interface CustomerMessageRule {
  /** As staff read it. */
  title: string;
  /** Statuses in which it says what is true. */
  due: readonly OrderStatus[];
  /** What else must be true, and what to say when it is not. */
  when?: { holds(order: OrderRow, lines: readonly OrderLineRow[]): boolean; otherwise: string };
  facts: readonly Fact[];
}

const QUEUED: readonly OrderStatus[] = ['confirmed', 'processing', 'partially_fulfilled', 'fulfilled'];
const AT_THE_DOOR: readonly OrderStatus[] = ['ready_for_pickup', 'awaiting_handoff'];
const ON_THE_WAY: readonly OrderStatus[] = ['shipped', 'delivery_failed'];
const HANDED_OVER: readonly OrderStatus[] = ['delivered', 'completed'];
const BEFORE_HANDOVER: readonly OrderStatus[] = ['pending', ...QUEUED, ...AT_THE_DOOR];
const STANDING: readonly OrderStatus[] = [...BEFORE_HANDOVER, ...ON_THE_WAY, ...HANDED_OVER];
const ENDED: readonly OrderStatus[] = ['cancelled', 'rejected', 'returned'];

/** Every message a customer can get, and when it makes sense. A message not listed here does not exist. */
export const customerMessages: Readonly<Record<CustomerMessage, CustomerMessageRule>> = {
  order_received: { title: 'Order received', due: BEFORE_HANDOVER, facts: ['goods', 'payment'] },
  payment_instructions: {
    title: 'Payment instructions',
    due: BEFORE_HANDOVER,
    when: { holds: isToBePaidNow, otherwise: 'nothing is to be paid before the goods are handed over' },
    facts: ['goods', 'payment'],
  },
  payment_confirmed: {
    title: 'Payment confirmed',
    due: STANDING,
    when: { holds: ({ paidMinor }) => paidMinor > 0, otherwise: 'no payment is recorded' },
    facts: ['goods', 'payment'],
  },
  order_confirmed: { title: 'Order confirmed', due: [...QUEUED, ...AT_THE_DOOR], facts: ['goods', 'payment'] },
  shipped: {
    title: 'Shipped',
    due: ['shipped', 'partially_fulfilled'],
    when: { holds: (_order, lines) => lines.some(isShipped), otherwise: 'nothing has left the house' },
    facts: ['parcel', 'payment'],
  },
  ready: { title: 'Ready for pickup', due: ['ready_for_pickup'], facts: ['handOff', 'goods', 'payment'] },
  handoff: {
    title: 'Ready for hand-off',
    due: ['awaiting_handoff'],
    facts: ['handover', 'handOff', 'goods', 'payment'],
  },
  delivery_failed: { title: 'Delivery failed', due: ['delivery_failed'], facts: ['failure', 'parcel'] },
  delayed: {
    title: 'Delayed',
    due: ['pending', ...QUEUED, 'awaiting_handoff', ...ON_THE_WAY],
    facts: ['goods', 'payment'],
  },
  delivered: { title: 'Delivered', due: HANDED_OVER, facts: ['goods', 'payment'] },
  follow_up: { title: 'Follow-up', due: HANDED_OVER, facts: [] },
  short: {
    title: 'Goods missing',
    // Where nothing else was ordered, what is taken off ends the order.
    due: [...BEFORE_HANDOVER, 'shipped', 'cancelled'],
    when: { holds: (order, lines) => lines.some((line) => isShort(order, line)), otherwise: 'nothing is missing' },
    facts: ['shortage', 'payment', 'refund'],
  },
  lines_cancelled: {
    title: 'Goods cancelled',
    due: STANDING,
    when: { holds: (_order, lines) => lines.some(isCancelled), otherwise: 'no goods of it are cancelled' },
    facts: ['cancelledGoods', 'goods', 'payment', 'refund'],
  },
  cancelled: { title: 'Order cancelled', due: ['cancelled', 'rejected'], facts: ['decision', 'refund'] },
  refund: {
    title: 'Refund',
    due: [...STANDING, ...ENDED],
    when: {
      holds: ({ refundsPayableMinor, refundedMinor }) => refundsPayableMinor + refundedMinor > 0,
      otherwise: 'no money is owed back or was paid back',
    },
    facts: ['refund'],
  },
};

/** Folder below templates/. */
export function templateOf(message: CustomerMessage): string {
  return `emails/${message.replaceAll('_', '-')}`;
}

/** Why a message makes no sense now; undefined when it does. */
export function reasonAgainst(
  message: CustomerMessage,
  order: OrderRow,
  lines: readonly OrderLineRow[],
): string | undefined {
  const { due, when } = customerMessages[message];
  if (!due.includes(order.status)) return `it is ${order.status}, and the message is for ${due.join(', ')}`;
  return when && !when.holds(order, lines) ? when.otherwise : undefined;
}

/** Missing units that somebody has answered for, or that a partial fulfillment leaves open. */
export function missingUnits(order: OrderRow, line: OrderLineRow): number {
  if (order.status !== 'partially_fulfilled') return 0;
  const { quantity, preparedQuantity, cancelledQuantity, backorderedQuantity, substitutedQuantity } = line;
  return Math.max(0, quantity - preparedQuantity - cancelledQuantity - backorderedQuantity - substitutedQuantity);
}

function isToBePaidNow(order: OrderRow): boolean {
  return !isPayable(order);
}

function isShipped({ shippedQuantity }: OrderLineRow): boolean {
  return shippedQuantity > 0;
}

function isCancelled({ cancelledQuantity }: OrderLineRow): boolean {
  return cancelledQuantity > 0;
}

function isShort(order: OrderRow, line: OrderLineRow): boolean {
  return line.backorderedQuantity + line.substitutedQuantity + line.cancelledQuantity + missingUnits(order, line) > 0;
}
