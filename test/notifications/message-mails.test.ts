import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CUSTOMER_MESSAGES,
  type CustomerMessage,
  customerMessages,
  reasonAgainst,
  templateOf,
} from '../../server/notifications/customer-messages';
import { factsFor, type Known } from '../../server/notifications/message-facts';
import { MESSAGE_STATUSES, messageMoves } from '../../server/notifications/message-states';
import { type Shipment, trackingOf } from '../../server/notifications/tracking';
import type { OrderLineRow, OrderRow } from '../../server/orders';
import { NO_COUNTS } from '../../server/orders/order-lines';
import { ORDER_STATUSES } from '../../server/orders/order-moves';
import { render } from '../../server/platform/render';

const TEMPLATES = join(__dirname, '../../templates');

function orderRow(more: Partial<OrderRow> = {}): OrderRow {
  return {
    id: '01JD2QX5M8F3K7AAAAAAAAAAAA',
    storeId: 'main',
    number: '1001',
    status: 'pending',
    paymentStatus: 'unpaid',
    version: 1,
    fulfillmentMethod: 'delivery',
    paymentMethod: 'bkash',
    currency: 'BDT',
    customerName: 'রহিমা আক্তার',
    customerEmail: 'rahima@example.com',
    customerPhone: '01700000000',
    customerPhoneKey: '1700000000',
    customerEmailKey: 'rahima@example.com',
    shippingAddress: { line1: 'House 12, Road 5', city: 'Dhaka', country: 'BD' },
    notes: 'call first',
    subtotalMinor: 100_000,
    discountMinor: 0,
    shippingMinor: 6_000,
    taxMinor: 0,
    totalMinor: 106_000,
    paidMinor: 0,
    receivableMinor: 106_000,
    refundsPayableMinor: 0,
    refundedMinor: 0,
    clearingMinor: 0,
    submittedPayments: 0,
    handover: {},
    expiresAt: null,
    placedAt: '2026-11-20T09:00:00.000Z',
    createdAt: '2026-11-20T09:00:00.000Z',
    updatedAt: '2026-11-20T09:00:00.000Z',
    ...more,
  };
}

function lineRow(more: Partial<OrderLineRow> = {}): OrderLineRow {
  return {
    ...NO_COUNTS,
    id: '01JD2QX5M8F3K7BBBBBBBBBBBB',
    orderId: '01JD2QX5M8F3K7AAAAAAAAAAAA',
    position: 1,
    productId: '01JD2QX5M8F3K7CCCCCCCCCCCC',
    sku: 'TEA-01',
    name: 'Green tea 100 g',
    quantity: 2,
    unitPriceMinor: 50_000,
    discountMinor: 0,
    totalMinor: 100_000,
    parentLineId: null,
    ...more,
  };
}

const shipped = { preparedQuantity: 2, shippedQuantity: 2 };

/** For each message the order it is meant for, and others it must suit as well. */
const CASES: Readonly<Record<CustomerMessage, [Partial<OrderRow>, Partial<OrderLineRow>][]>> = {
  order_received: [
    [{}, {}],
    [{ paymentMethod: 'cod' }, {}],
    [{ paymentMethod: 'cash', fulfillmentMethod: 'pickup' }, {}],
    [{ submittedPayments: 1 }, {}],
    [{ receivableMinor: 0, paidMinor: 106_000 }, { backorderedQuantity: 1 }],
  ],
  payment_instructions: [
    [{ expiresAt: '2026-11-21T09:00:00.000Z' }, {}],
    [{ submittedPayments: 1, discountMinor: 500, taxMinor: 500 }, {}],
  ],
  payment_confirmed: [
    [{ paidMinor: 106_000, receivableMinor: 0 }, {}],
    [{ paidMinor: 6_000, receivableMinor: 100_000 }, {}],
    [{ paidMinor: 110_000, receivableMinor: 0, refundsPayableMinor: 4_000 }, {}],
  ],
  order_confirmed: [
    [{ status: 'confirmed' }, {}],
    [{ status: 'processing', paymentMethod: 'cod' }, {}],
    [{ status: 'confirmed', paymentMethod: 'cash', fulfillmentMethod: 'pickup' }, {}],
  ],
  shipped: [
    [{ status: 'shipped', handover: { carrier: 'steadfast', trackingNumber: 'SFR2410ABC' } }, shipped],
    [{ status: 'shipped', handover: { carrier: 'manual' }, paymentMethod: 'cod' }, shipped],
    [
      { status: 'partially_fulfilled', handover: { carrier: 'city riders' } },
      { ...shipped, quantity: 5 },
    ],
  ],
  ready: [
    [{ status: 'ready_for_pickup', fulfillmentMethod: 'pickup', paymentMethod: 'cash' }, shipped],
    [{ status: 'ready_for_pickup', fulfillmentMethod: 'pickup', receivableMinor: 0, paidMinor: 106_000 }, shipped],
  ],
  handoff: [
    [{ status: 'awaiting_handoff', handover: { method: 'curbside', spot: 'bay 3' } }, {}],
    [{ status: 'awaiting_handoff', handover: { method: 'delivery_service', service: 'City riders' } }, {}],
  ],
  delivery_failed: [[{ status: 'delivery_failed', handover: { carrier: 'steadfast' } }, shipped]],
  delayed: [
    [{ status: 'processing' }, {}],
    [{ status: 'shipped' }, shipped],
  ],
  delivered: [
    [{ status: 'completed', paymentMethod: 'cod', clearingMinor: 106_000, receivableMinor: 0 }, shipped],
    [
      { status: 'delivered', fulfillmentMethod: 'pickup' },
      { ...shipped, returnedQuantity: 1 },
    ],
  ],
  follow_up: [[{ status: 'completed' }, shipped]],
  short: [
    [{ status: 'partially_fulfilled' }, { preparedQuantity: 1 }],
    [{ status: 'processing', receivableMinor: 0, paidMinor: 106_000 }, { backorderedQuantity: 2 }],
    [{ status: 'partially_fulfilled' }, { preparedQuantity: 1, substitutedQuantity: 1 }],
  ],
  lines_cancelled: [[{ status: 'confirmed', receivableMinor: 56_000 }, { cancelledQuantity: 1 }]],
  cancelled: [
    [{ status: 'cancelled', paidMinor: 106_000, receivableMinor: 0, refundsPayableMinor: 106_000 }, {}],
    [{ status: 'rejected', receivableMinor: 0 }, {}],
    [{ status: 'cancelled', paidMinor: 106_000, receivableMinor: 0, refundedMinor: 106_000 }, {}],
  ],
  refund: [
    [{ status: 'cancelled', refundsPayableMinor: 106_000 }, {}],
    [{ status: 'completed', refundedMinor: 50_000 }, {}],
    [{ status: 'returned', refundedMinor: 50_000, refundsPayableMinor: 56_000 }, {}],
  ],
};

function knownOf(order: OrderRow, line: OrderLineRow, more: Partial<Known> = {}): Known {
  const store = { name: 'Tea House', timezone: 'Asia/Dhaka' };
  return { order, lines: [line], store, tracking: trackingOf(order, []), failureReason: null, note: null, ...more };
}

function mailOf(message: CustomerMessage, known: Known): { subject: string; html: string; text: string } {
  const data = factsFor(message, known);
  const part = (name: string): string => render(`${templateOf(message)}/${name}`, data);
  return { subject: part('subject').trim(), html: part('html'), text: part('text') };
}

/** What a template writes where it has nothing to write. */
const HOLES = /undefined|\[object|null\b|NaN|\{\{|\}\}| ,|\(\)|<(strong|h1|li|p)[^>]*>\s*<\//;

const cases = CUSTOMER_MESSAGES.flatMap((message) =>
  CASES[message].map(([order, line], n) => ({ message, n, order: orderRow(order), line: lineRow(line) })),
);

describe.each(cases)('The mail $message ($n)', ({ message, order, line }) => {
  it('is due for its order, and says everything without a hole', () => {
    expect(reasonAgainst(message, order, [line])).toBeUndefined();
    for (const note of [null, 'Bring a bag.\nAsk for Karim.']) {
      const { subject, html, text } = mailOf(message, knownOf(order, line, { note, failureReason: 'not_home' }));
      expect(subject).toMatch(/^Tea House: .*1001/);
      for (const part of [subject, html, text]) expect(part).not.toMatch(HOLES);
      for (const body of [html, text]) expect(body).toContain('1001');
      expect(text).toContain('রহিমা');
      expect(html).toContain('রহিমা');
      expect(text.includes('Ask for Karim.')).toBe(note !== null);
      expect(html.includes('Ask for Karim.')).toBe(note !== null);
      expect(text).not.toMatch(/\n{4}/);
    }
  });

  it('shows what others typed as text, never as HTML', () => {
    const typed = '<script>alert(1)</script>';
    const hostile = { ...order, customerName: typed, number: '1001', handover: { carrier: typed, spot: typed } };
    const known = knownOf(hostile, { ...line, name: typed }, { note: typed, store: { name: typed, timezone: 'UTC' } });
    const { html } = mailOf(message, known);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });

  it('tells neither the phone, the address nor the note on the order', () => {
    const { html, text } = mailOf(message, knownOf(order, line));
    for (const personal of ['01700000000', 'House 12', 'rahima@example.com', 'call first', 'আক্তার']) {
      expect(html + text).not.toContain(personal);
    }
  });
});

describe('The table of customer messages', () => {
  it('names for every message statuses that exist, and refuses all others with a reason', () => {
    for (const message of CUSTOMER_MESSAGES) {
      const { due } = customerMessages[message];
      expect(due.length).toBeGreaterThan(0);
      const [[more, line]] = CASES[message];
      for (const status of ORDER_STATUSES) {
        const reason = reasonAgainst(message, orderRow({ ...more, status }), [lineRow(line)]);
        if (!due.includes(status)) expect(reason).toContain(status);
      }
    }
  });

  it('has three templates for every message', () => {
    for (const message of CUSTOMER_MESSAGES) {
      expect(readdirSync(join(TEMPLATES, templateOf(message))).sort()).toEqual(['html.hbs', 'subject.hbs', 'text.hbs']);
    }
  });

  it('shares no partial between text and HTML, since the first to use it decides whether it escapes', () => {
    const used = (file: string): string[] =>
      CUSTOMER_MESSAGES.flatMap((message) =>
        [...readFileSync(join(TEMPLATES, templateOf(message), file), 'utf8').matchAll(/\{\{#?> ([\w-]+)/g)].map(
          ([, name]) => name ?? '',
        ),
      );
    expect(used('text.hbs').filter((name) => !name.endsWith('-text'))).toEqual([]);
    expect(used('html.hbs').filter((name) => name.endsWith('-text'))).toEqual([]);
  });
});

describe('The table of message states', () => {
  it('leads from queued to each end, tells of it, and goes no further', () => {
    const moves = Object.values(messageMoves);
    expect(moves.map(({ to }) => to).sort()).toEqual(MESSAGE_STATUSES.filter((status) => status !== 'queued').sort());
    for (const { from, to, event } of moves) {
      expect(from).toEqual(['queued']);
      expect(event).toBe(`message.${to}`);
    }
  });

  it('is the README’s', () => {
    const readme = readFileSync(join(__dirname, '../../server/notifications/README.md'), 'utf8');
    for (const [name, { from, to, event }] of Object.entries(messageMoves)) {
      expect(readme).toMatch(new RegExp(`\\| ${name} \\| ${from.join(', ')} \\| ${to} \\|.*\\| ${event} \\|`));
    }
    for (const message of CUSTOMER_MESSAGES) expect(readme).toMatch(new RegExp(`\\b${message}\\b`));
  });
});

describe('What a mail says of money and parcels', () => {
  const totals = (order: OrderRow): string[] =>
    (factsFor('delivered', knownOf(order, lineRow())).totals as { label: string; amount: string }[]).map(
      ({ label, amount }) => `${label} ${amount}`,
    );

  it('goes from the total to what is still due, as the books have it', () => {
    expect(totals(orderRow())).toEqual(['Goods BDT 1,000.00', 'Delivery BDT 60.00', 'Total BDT 1,060.00']);
    const part = orderRow({ paidMinor: 20_000, receivableMinor: 36_000 });
    expect(totals(part).slice(2)).toEqual([
      'Total BDT 1,060.00',
      'Taken off the bill -BDT 500.00',
      'Paid -BDT 200.00',
      'Still to pay BDT 360.00',
    ]);
    const returned = { paidMinor: 106_000, receivableMinor: 0, refundedMinor: 50_000, refundsPayableMinor: 6_000 };
    expect(totals(orderRow(returned)).slice(3)).toEqual([
      'Taken off the bill -BDT 560.00',
      'Paid -BDT 1,060.00',
      'Paid back BDT 500.00',
      'To be paid back BDT 60.00',
    ]);
  });

  it('links only to a web address that the courier gave, of a consignment that stands', () => {
    const order = orderRow({ handover: { carrier: 'manual', trackingNumber: 'HAND-1' } });
    const booked: Shipment = {
      courier: 'steadfast',
      status: 'pending',
      trackingCode: '7F3A21C9',
      trackingUrl: 'https://steadfast.com.bd/t/9ab01cde',
    };
    const { trackingCode: number, trackingUrl: url } = booked;
    expect(trackingOf(order, [{ ...booked, status: 'returned' }, booked])).toEqual({
      carrier: 'Steadfast',
      number,
      url,
    });
    expect(trackingOf(order, [{ ...booked, trackingUrl: 'javascript:alert(1)' }]).url).toBeNull();
    expect(trackingOf(order, [{ ...booked, status: 'cancelled' }])).toEqual({
      carrier: null,
      number: 'HAND-1',
      url: null,
    });
  });

  it('shows what people said of a parcel that no courier of ours has, and nothing of it where one does', () => {
    const url = 'https://riders.example/CR-77';
    const order = orderRow({ handover: { carrier: 'city riders', trackingNumber: 'CR-77', trackingUrl: url } });
    const said = { carrier: 'City riders', number: 'CR-77', url };
    expect(trackingOf(order, [])).toEqual(said);
    const own: Shipment = { courier: 'manual', status: 'pending', trackingCode: null, trackingUrl: null };
    expect(trackingOf(order, [own])).toEqual(said);
    const hostile = orderRow({ handover: { ...order.handover, trackingUrl: 'javascript:alert(1)' } });
    expect(trackingOf(hostile, []).url).toBeNull();
    const code = { trackingCode: '7F3A21C9', trackingUrl: 'https://steadfast.com.bd/t/1' };
    expect(trackingOf(order, [{ ...own, ...code, courier: 'steadfast' }])).toEqual({
      carrier: 'Steadfast',
      number: code.trackingCode,
      url: code.trackingUrl,
    });
  });
});
