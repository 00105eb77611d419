import fc from 'fast-check';
import { codDue, toldToCollect } from '../../server/fulfillment/consignments/cod-due';
import type { Parts } from '../../server/fulfillment/consignments/parcel-parts';
import type { OrderState } from '../../server/orders';
import { NO_COUNTS } from '../../server/orders/order-lines';

type Rider = Parts['parcels'][number];

const UNIT = { ...NO_COUNTS, quantity: 1, totalMinor: 50_000 };
const OUT = { preparedQuantity: 1, shippedQuantity: 1 };

function orderOf(receivableMinor: number, counters: readonly object[], more: object = {}): OrderState {
  const lines = counters.map((one, n) => ({ ...UNIT, id: `line-${n + 1}`, ...one }));
  const order = { status: 'shipped', paymentMethod: 'cod', receivableMinor, shippingMinor: 0, taxMinor: 0, ...more };
  return { order, lines } as unknown as OrderState;
}

function rider(part: number, codAmountMinor: number, hasArrived = false): Rider {
  const status = hasArrived ? 'delivered' : 'pending';
  const markers = { openMarker: hasArrived ? null : part, newsOpen: hasArrived, units: null, codBookedMinor: null };
  return { id: `parcel-${part}`, part, status, codAmountMinor, ...markers } as Rider;
}

const left = (count: number): Parts['left'] =>
  Array.from({ length: count }, (_part, n) => new Map([[`line-${n + 1}`, 1]]));
const dues = (state: OrderState, parts: Parts): number[] => parts.parcels.map((one) => codDue(state, parts, one));
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const amount = fc.integer({ min: 0, max: 200_000 });
const told = fc.array(amount, { minLength: 1, maxLength: 4 });

describe('What riders collect', () => {
  it('is together what is due, whatever each was told, and nobody collects less than nothing', () => {
    fc.assert(
      fc.property(told, amount, (amounts, receivableMinor) => {
        const state = orderOf(
          receivableMinor,
          amounts.map(() => OUT),
        );
        const parts = { left: left(amounts.length), parcels: amounts.map((one, n) => rider(n + 1, one)) };
        const wanted = dues(state, parts);
        expect(sum(wanted)).toBe(receivableMinor);
        expect(Math.min(...wanted)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('stays what it is for the others while couriers are told one after the other, in any order', () => {
    fc.assert(
      fc.property(told, amount, fc.infiniteStream(fc.nat()), (amounts, receivableMinor, picks) => {
        const state = orderOf(
          receivableMinor,
          amounts.map(() => OUT),
        );
        const parts = { left: left(amounts.length), parcels: amounts.map((one, n) => rider(n + 1, one)) };
        const wanted = dues(state, parts);
        const open = parts.parcels.map((_one, n) => n);
        while (open.length > 0) {
          const [n] = open.splice((picks.next().value as number) % open.length, 1);
          parts.parcels[n!]!.codAmountMinor = wanted[n!]!;
          expect(dues(state, parts)).toEqual(wanted);
        }
      }),
    );
  });

  it('is not asked of a rider again who has delivered, as long as another can make up for it', () => {
    fc.assert(
      fc.property(amount, amount, amount, (first, second, receivableMinor) => {
        const parts = { left: left(2), parcels: [rider(1, first, true), rider(2, second)] };
        const [arrived, open] = dues(orderOf(receivableMinor, [OUT, OUT]), parts);
        expect(arrived).toBe(Math.min(first, receivableMinor));
        expect(arrived! + open!).toBe(receivableMinor);
      }),
    );
  });

  it('is of a parcel that is not booked yet what the others leave over', () => {
    fc.assert(
      fc.property(amount, amount, (first, receivableMinor) => {
        const parts = { left: left(1), parcels: [rider(1, first)] };
        const state = orderOf(receivableMinor, [OUT, {}], { status: 'partially_fulfilled' });
        expect(codDue(state, parts)).toBe(Math.max(0, receivableMinor - first));
      }),
    );
  });

  it.each([
    ['the next part is booked and has not left: each keeps its own', [50_000, 50_000], 100_000, [50_000, 50_000]],
    ['less is due: the part that is still here collects less', [50_000, 50_000], 90_000, [50_000, 40_000]],
    ['even less: then the one that has left as well', [50_000, 50_000], 40_000, [40_000, 0]],
    ['more is due: the part that is still here collects it', [50_000, 50_000], 110_000, [50_000, 60_000]],
  ])('%s', (_case, [first, second], receivableMinor, wanted) => {
    const state = orderOf(receivableMinor, [OUT, {}], { status: 'processing' });
    expect(dues(state, { left: left(1), parcels: [rider(1, first!), rider(2, second!)] })).toEqual(wanted);
  });

  it.each([
    ['what was told too little waits for the goods that are still here', 30_000, 30_000],
    ['what was told too much is not waited for', 60_000, 50_000],
  ])('while no other parcel is booked: %s', (_case, first, wanted) => {
    const state = orderOf(100_000, [OUT, {}], { status: 'partially_fulfilled' });
    expect(dues(state, { left: left(1), parcels: [rider(1, first)] })).toEqual([wanted]);
  });

  /** Three units of one line at 500.00 and 60.00 for delivery. */
  const three = (status: string, counters: object): OrderState =>
    orderOf(156_000, [{ quantity: 3, totalMinor: 150_000, ...counters }], { status, shippingMinor: 6000 });
  const twoLeft: Parts['left'] = [new Map([['line-1', 2]])];
  const refused = { ...rider(1, 106_000), openMarker: null, status: 'cancelled' } as Rider;
  const out = { shippedQuantity: 2, preparedQuantity: 2 };

  it.each([
    ['goods came after the order was closed for picking', 'partially_fulfilled', {}, 106_000],
    ['they still wait for goods', 'partially_fulfilled', { backorderedQuantity: 1 }, 106_000],
    ['it waits for the handover', 'awaiting_handoff', {}, 106_000],
    ['picking goes on, so the third unit goes along', 'processing', {}, 156_000],
    ['all three are picked', 'fulfilled', { preparedQuantity: 3 }, 156_000],
  ])('of the first of two parts: %s', (_case, status, counters, wanted) => {
    const state = three(status, { preparedQuantity: 2, ...counters });
    expect(dues(state, { left: [], parcels: [rider(1, 106_000)] })).toEqual([wanted]);
    expect(codDue(state, { left: [], parcels: [] })).toBe(wanted);
  });

  it.each([
    ['was booked before, and is still here', 'fulfilled', { preparedQuantity: 3 }, twoLeft],
    [
      'has left since',
      'shipped',
      { preparedQuantity: 3, shippedQuantity: 3 },
      [...twoLeft, new Map([['line-1', 1]])] as Parts['left'],
    ],
  ])('keeps what its rider was told when the first part was refused: the second %s', (_case, status, more, gone) => {
    const second = rider(2, 50_000);
    expect(codDue(three(status, { ...out, ...more }), { left: gone, parcels: [refused, second] }, second)).toBe(50_000);
  });

  it('collects for the goods in it, and delivery, when it is booked after the first part was refused', () => {
    const state = three('fulfilled', { ...out, preparedQuantity: 3 });
    expect(codDue(state, { left: twoLeft, parcels: [refused] })).toBe(56_000);
  });

  it('is nothing of an order that is not paid at the door, and unknown where nobody carries it', () => {
    const parts = { left: left(1), parcels: [rider(1, 0)] };
    expect(dues(orderOf(50_000, [OUT], { paymentMethod: 'bkash' }), parts)).toEqual([0]);
    expect(toldToCollect({ left: [], parcels: [] })).toBeUndefined();
    expect(toldToCollect({ left: left(1), parcels: [rider(1, 300), rider(2, 200, true)] })).toBe(500);
  });
});
