import type { HandOffRow } from '../fulfillment';
import { isDueAtHandOver, type OrderLineRow, type OrderRow, type ResolutionRow } from '../orders';
import type { StoreRow } from '../people';
import { formatMoney } from '../platform/money';
import { type CustomerMessage, customerMessages, type Fact, missingUnits } from './customer-messages';
import { answerSentences, takenOffText } from './shortage-facts';
import { type Tracking } from './tracking';

/** What is known when a message is written. */
export interface Known {
  order: OrderRow;
  lines: readonly OrderLineRow[];
  store: Pick<StoreRow, 'name' | 'timezone'>;
  tracking: Tracking;
  /** Why the last delivery failed, as it was reported. */
  failureReason: string | null;
  /** What the order waits for at the counter, at the kerb or for a service. */
  handOff?: HandOffRow;
  /** Units by line of the part that left last, when there were parts before it. */
  lastPart?: ReadonlyMap<string, number>;
  /** What was answered to missing units, oldest first; and of it, what the customer has not been told. */
  answers?: readonly ResolutionRow[];
  newAnswers?: readonly ResolutionRow[];
  /** What the courier of the parcel was told to collect; missing where no courier was told. */
  atTheDoorMinor?: number;
  /** What the sender adds in their own words. */
  note: string | null;
}

type Facts = Record<string, unknown>;

const PAYMENT_NAMES: Readonly<Record<string, string>> = {
  bkash: 'bKash',
  nagad: 'Nagad',
  rocket: 'Rocket',
  bank: 'bank transfer',
  card: 'card',
  cash: 'cash',
  cod: 'cash on delivery',
};

const FAILURES: Readonly<Record<string, string>> = {
  refused: 'The parcel was not accepted at the door.',
  not_home: 'Nobody was there to take the parcel.',
  address: 'The address could not be found.',
  lost: 'The parcel was lost on its way. We are sorry.',
  recalled: 'We have called the parcel back.',
};

const factMakers: Readonly<Record<Fact, (known: Known) => Facts>> = {
  goods: ({ order, lines }) => ({
    goods: lines.map((line) => ({
      quantity: line.quantity,
      name: line.name,
      remark: remarkOf(order, line, lines),
      amount: formatMoney(line.totalMinor, order.currency),
    })),
    totals: [...totalsOf(order), ...paidOf(order)],
  }),
  payment: ({ order, atTheDoorMinor = order.receivableMinor }) => ({
    paymentName: PAYMENT_NAMES[order.paymentMethod] ?? order.paymentMethod,
    due: atTheDoorMinor > 0 ? formatMoney(atTheDoorMinor, order.currency) : null,
    paid: order.paidMinor > 0 ? formatMoney(order.paidMinor, order.currency) : null,
    isDueAtHandOver: isDueAtHandOver(order),
    isAwaitingProof: order.submittedPayments > 0 && order.receivableMinor > 0,
    expiresAt: order.expiresAt,
  }),
  parcel: ({ lines, lastPart, tracking }) => ({
    tracking,
    parcel: unitsOf(lines, ({ id, shippedQuantity, returnedQuantity }) =>
      lastPart ? (lastPart.get(id) ?? 0) : shippedQuantity - returnedQuantity,
    ),
    later: unitsOf(lines, ({ quantity, shippedQuantity, cancelledQuantity, substitutedQuantity }) =>
      Math.max(0, quantity - shippedQuantity - cancelledQuantity - substitutedQuantity),
    ),
  }),
  handover: ({ order: { handover } }) => ({ spot: handover.spot ?? null, service: handover.service ?? null }),
  // The code itself is put in when the mail leaves, so that nothing keeps it.
  handOff: ({ handOff }) => ({
    handOffCode: null,
    hasCode: handOff?.confirmBy === 'code',
    isSigned: handOff?.confirmBy === 'signature',
    instructions: handOff?.customerInstructions ?? '',
  }),
  failure: ({ failureReason }) => ({ failure: FAILURES[failureReason ?? ''] ?? null }),
  shortage: ({ order, lines, store, newAnswers = [] }) => ({
    shortages:
      newAnswers.length > 0
        ? answerSentences(newAnswers, { order, lines, timezone: store.timezone })
        : lines
            .map((line) => ({ what: line.name, becomes: remarkOf(order, line) }))
            .filter(({ becomes }) => becomes !== null),
  }),
  cancelledGoods: ({ order, lines, store, answers = [] }) => ({
    cancelledGoods: lines
      .filter(({ cancelledQuantity }) => cancelledQuantity > 0)
      .map((line) => ({
        quantity: line.cancelledQuantity,
        name: line.name,
        amount: takenOffText(line, answers, { order, lines, timezone: store.timezone }),
      })),
  }),
  refund: ({ order: { refundsPayableMinor, refundedMinor, currency } }) => ({
    owedBack: refundsPayableMinor > 0 ? formatMoney(refundsPayableMinor, currency) : null,
    paidBack: refundedMinor > 0 ? formatMoney(refundedMinor, currency) : null,
  }),
  decision: ({ order }) => {
    const isTurnedDown = order.status === 'rejected';
    return { isTurnedDown, decision: isTurnedDown ? 'We cannot accept your order' : 'Your order is cancelled' };
  },
};

/** What a mail's templates are filled with: the words every mail has, and the facts its message names. */
export function factsFor(message: CustomerMessage, known: Known): Facts {
  const { order, store, note } = known;
  const base = {
    storeName: store.name,
    timezone: store.timezone,
    orderNumber: order.number,
    placedAt: order.placedAt,
    customerFirstName: order.customerName.trim().split(/\s+/)[0] ?? '',
    isDelivery: order.fulfillmentMethod === 'delivery',
    note,
  };
  return Object.assign(base, ...customerMessages[message].facts.map((fact) => factMakers[fact](known))) as Facts;
}

/** What became of a line's units, when not all of them are coming as ordered. */
function remarkOf(order: OrderRow, line: OrderLineRow, lines: readonly OrderLineRow[] = []): string | null {
  const replaced = lines.find(({ id }) => id === line.parentLineId);
  const parts: [number, string][] = [
    [line.cancelledQuantity, 'cancelled'],
    [line.backorderedQuantity, 'will come later'],
    [line.substitutedQuantity, 'replaced by another product'],
    [missingUnits(order, line), 'missing at the moment'],
    [line.returnedQuantity, 'returned'],
  ];
  const said = [
    ...(replaced ? [`in place of ${replaced.name}`] : []),
    ...parts.filter(([units]) => units > 0).map(([units, what]) => `${units} ${what}`),
  ];
  return said.length > 0 ? said.join(', ') : null;
}

interface Sum {
  label: string;
  amount: string;
  strong: boolean;
}

function totalsOf(order: OrderRow): Sum[] {
  const rows: [string, number][] = [
    ['Discount', -order.discountMinor],
    [order.fulfillmentMethod === 'delivery' ? 'Delivery' : 'Handling', order.shippingMinor],
    ['Tax', order.taxMinor],
  ];
  const parts = rows.filter(([, amountMinor]) => amountMinor !== 0);
  const subtotal: [string, number][] = parts.length > 0 ? [['Goods', order.subtotalMinor]] : [];
  return [
    ...[...subtotal, ...parts].map(([label, amountMinor]) => sum(order, label, amountMinor)),
    sum(order, 'Total', order.totalMinor, true),
  ];
}

/** From the total to what is still due, as the books have it; an order where nothing happened yet has none of this. */
function paidOf(order: OrderRow): Sum[] {
  const { totalMinor, paidMinor, clearingMinor, receivableMinor, refundsPayableMinor, refundedMinor } = order;
  const received = paidMinor + clearingMinor;
  const bill = received + receivableMinor - refundsPayableMinor - refundedMinor;
  const rows: [string, number][] = [
    ['Taken off the bill', Math.min(0, bill - totalMinor)],
    ['Added to the bill', Math.max(0, bill - totalMinor)],
    ['Paid', -received],
    ['Paid back', refundedMinor],
    ['To be paid back', refundsPayableMinor],
  ];
  const moved = rows.filter(([, amountMinor]) => amountMinor !== 0);
  if (moved.length === 0) return [];
  const due = receivableMinor > 0 ? [sum(order, 'Still to pay', receivableMinor, true)] : [];
  return [...moved.map(([label, amountMinor]) => sum(order, label, amountMinor)), ...due];
}

function sum({ currency }: OrderRow, label: string, amountMinor: number, strong = false): Sum {
  return { label, amount: formatMoney(amountMinor, currency), strong };
}

function unitsOf(lines: readonly OrderLineRow[], quantityOf: (line: OrderLineRow) => number): Facts[] {
  return lines.map((line) => ({ quantity: quantityOf(line), name: line.name })).filter(({ quantity }) => quantity > 0);
}
