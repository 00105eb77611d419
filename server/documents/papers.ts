import { openQuantity, type OrderLineRow } from '../orders';
import { ConflictError } from '../platform/errors';
import { code128Svg } from './barcodes';
import type { OrderFacts, PackedUnits, Transfer } from './order-facts';
import { fontFaces } from './page-fonts';
import { addressLines } from './recipient';

const CODE_128_BOX = { widthMm: 70, heightMm: 12, moduleMaxMm: 0.4 };
const METHOD_NAMES: Readonly<Record<string, string>> = {
  bkash: 'bKash',
  nagad: 'Nagad',
  rocket: 'Rocket',
  bank: 'Bank transfer',
  card: 'Card',
  cash: 'Cash',
  cod: 'Cash on delivery',
};

/** Who, which order, when: what every paper begins with. */
function heading({ order, store }: OrderFacts): Record<string, unknown> {
  return {
    fontFaces: fontFaces(),
    code128: code128Svg(order.number, CODE_128_BOX),
    storeName: store.name,
    timezone: store.timezone,
    orderNumber: order.number,
    placedAt: order.placedAt,
    recipientName: order.customerName,
    phone: order.customerPhone,
    address: addressLines(order),
  };
}

/** What is in the parcel and what follows; no prices. Throws 409 DOCUMENT_NOT_POSSIBLE when nothing is sent. */
export function packingSlip(facts: OrderFacts): Record<string, unknown> {
  const lines = facts.lines.filter((line) => openQuantity(line) > 0);
  const over = ['cancelled', 'rejected', 'returned'].includes(facts.order.status);
  if (over || lines.length === 0) {
    const message = `The order is ${facts.order.status}; nothing of it is packed. Print its invoice instead.`;
    throw new ConflictError('DOCUMENT_NOT_POSSIBLE', message, { facts: { orderStatus: facts.order.status } });
  }
  const picked = lines.some((line) => line.preparedQuantity > 0);
  const rows = lines.map((line) => {
    const quantity = picked ? line.preparedQuantity : openQuantity(line) - line.backorderedQuantity;
    return { sku: line.sku, name: line.name, quantity, following: openQuantity(line) - quantity };
  });
  return {
    ...heading(facts),
    fragile: facts.fragile,
    packages: facts.packages.length > 1 ? facts.packages.map((one, n) => slipPackage(one, n, facts)) : [],
    lines: rows.filter(({ quantity }) => quantity > 0),
    following: rows.filter(({ following }) => following > 0),
  };
}

/** One of several packages; unlike labels, slips have no place for a single one's number. */
function slipPackage({ units }: PackedUnits, n: number, { lines, packages }: OrderFacts): Record<string, unknown> {
  const packed = lines.filter(({ id }) => (units.get(id) ?? 0) > 0);
  return {
    title: `Parcel ${n + 1} of ${packages.length}`,
    lines: packed.map(({ id, sku, name }) => ({ sku, name, quantity: units.get(id) ?? 0 })),
  };
}

/** What was bought, what of it was taken back, what is still due. */
export function invoice(facts: OrderFacts): Record<string, unknown> {
  const { order } = facts;
  return { ...heading(facts), ...amounts(facts), dueMinor: order.receivableMinor };
}

/** Money that came in. Throws 409 NOTHING_RECEIVED. */
export function receipt(facts: OrderFacts): Record<string, unknown> {
  const { received, order } = facts;
  if (received.length === 0) {
    const message = 'No money was received for this order yet. Print its invoice, or record the payment first.';
    throw new ConflictError('NOTHING_RECEIVED', message, { facts: { paymentStatus: order.paymentStatus } });
  }
  return { ...invoice(facts), payments: received.map(named) };
}

/** Money that went back, or is on its way back. Throws 409 NOTHING_REFUNDED. */
export function refundNote(facts: OrderFacts): Record<string, unknown> {
  const { order } = facts;
  if (order.refundedMinor + order.refundsPayableMinor === 0) {
    const message = 'Nothing was refunded on this order, and nothing is owed back. Refund it first.';
    throw new ConflictError('NOTHING_REFUNDED', message, { facts: { paymentStatus: order.paymentStatus } });
  }
  const { refundedMinor, refundsPayableMinor } = order;
  const refunds = facts.refunded.map(named);
  return { ...heading(facts), ...amounts(facts), refundedMinor, owedMinor: refundsPayableMinor, refunds };
}

function amounts({ order, lines }: OrderFacts): Record<string, unknown> {
  const { currency, subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor, paidMinor } = order;
  // What was placed and is neither paid, due nor with the courier was cancelled, returned or given as goodwill.
  const owed = order.receivableMinor + order.clearingMinor;
  const substitutes = lines.filter(({ parentLineId }) => parentLineId !== null);
  const chargedMinor = substitutes.reduce((sum, line) => sum + line.totalMinor, totalMinor);
  const creditedMinor = chargedMinor - owed - paidMinor + order.refundsPayableMinor + order.refundedMinor;
  const goods = {
    lines: lines.filter(({ parentLineId }) => parentLineId === null).map(priced),
    // What came in place of missing goods was not part of the total; what it replaced is credited.
    substitutes: substitutes.map((line) => ({ ...priced(line), amountMinor: line.totalMinor })),
  };
  const money = {
    currency,
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    totalMinor,
    paidMinor,
    creditedMinor,
  };
  return { ...money, methodName: methodName(order.paymentMethod), ...goods };
}

function priced({ sku, name, quantity, unitPriceMinor }: OrderLineRow): Record<string, unknown> {
  return { sku, name, quantity, unitPriceMinor, amountMinor: quantity * unitPriceMinor };
}

function named(transfer: Transfer): Record<string, unknown> {
  return { ...transfer, methodName: methodName(transfer.method) };
}

function methodName(method: string): string {
  return METHOD_NAMES[method] ?? method;
}
