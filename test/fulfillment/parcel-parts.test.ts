import { codDue } from '../../server/fulfillment/consignments/cod-due';
import { nextPart, type Parts, unitsAgain } from '../../server/fulfillment/consignments/parcel-parts';
import type { OrderState } from '../../server/orders';
import { NO_COUNTS } from '../../server/orders/order-lines';

const LINE = { ...NO_COUNTS, quantity: 1, totalMinor: 50_000 };
const OUT = { preparedQuantity: 1, shippedQuantity: 1 };

function orderOf(status: string, a: object, b: object): OrderState {
  const lines = [
    { ...LINE, id: 'a', ...a },
    { ...LINE, id: 'b', ...b },
  ];
  const order = { status, paymentMethod: 'cod', receivableMinor: 106_000, shippingMinor: 6000, taxMinor: 0 };
  return { order, lines } as unknown as OrderState;
}
function parcel(part: number, status: string, overrides: object = {}): Parts['parcels'][number] {
  const isOpen = status === 'pending';
  const marks = {
    openMarker: isOpen ? part : null,
    newsOpen: false,
    units: null,
    codBookedMinor: null,
    codAmountMinor: 50_000,
  };
  return { id: `parcel-${part}`, part, status, ...marks, ...overrides } as Parts['parcels'][number];
}
const LEFT = [new Map([['a', 1]]), new Map([['b', 1]])];

describe('The parts of an order that is paid at the door', () => {
  it('are not asked twice for what a rider has, as their courier says, before the order has taken it in', () => {
    const state = orderOf('partially_fulfilled', OUT, { preparedQuantity: 1 });
    const left = LEFT.slice(0, 1);
    const first = parcel(1, 'delivered', { newsOpen: true, codAmountMinor: 56_000 });
    expect(codDue(state, { left, parcels: [first] })).toBe(50_000);
    expect(codDue(state, { left, parcels: [first] }, first)).toBe(56_000);
  });

  it.each([
    ['the first came back, the second is under way', 'cancelled', 'pending', 1, { a: 1 }],
    ['the second came back, the first is under way', 'pending', 'cancelled', 2, { b: 1 }],
    ['both came back', 'cancelled', 'returned', 1, { a: 1, b: 1 }],
  ])('go out once more under their own number: %s', (_case, first, second, part, units) => {
    const state = orderOf('delivery_failed', OUT, OUT);
    const parts = { left: LEFT, parcels: [parcel(1, first), parcel(2, second)] };
    expect([nextPart(parts, state), unitsAgain(state, parts)]).toEqual([part, units]);
  });

  it('keep what each rider was told while one of them is back, delivery with the first that comes', () => {
    const state = orderOf('delivery_failed', OUT, OUT);
    const parcels = [parcel(1, 'cancelled', { codAmountMinor: 56_000 }), parcel(2, 'pending')];
    expect(codDue(state, { left: LEFT, parcels }, parcels[1])).toBe(50_000);
    expect(codDue(state, { left: LEFT, parcels })).toBe(56_000);
  });
});
