import fc from 'fast-check';
import { allot, countItem, openUnitsOf, type Place, roomFor } from '../../server/fulfillment/waves/wave-rules';

const STANDS = ['live', 'resting', 'closed', 'gone'] as const;

function place(fields: Partial<Place>): Place {
  const slot = fields.slot ?? 1;
  return {
    slot,
    taskId: `t${slot}`,
    lineId: `l${slot}`,
    productId: 'p',
    stands: 'live',
    quantity: 0,
    sorted: 0,
    ...fields,
  };
}

/** Any slots, with what any sequence of events may have left in them. */
const somePlaces = fc
  .array(
    fc.record({
      stands: fc.constantFrom(...STANDS),
      quantity: fc.integer({ min: 0, max: 9 }),
      sorted: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((one, n) => place({ ...one, slot: n + 1 })));
const someProgress = fc.record({
  collectedQuantity: fc.integer({ min: -3, max: 60 }),
  shortQuantity: fc.integer({ min: 0, max: 60 }),
});

const inSlots = (places: readonly Place[]): number => places.reduce((total, { sorted }) => total + sorted, 0);

describe('Where the units of one product are', () => {
  it.each([
    ['nothing is done', [{ quantity: 3 }, { quantity: 2 }], [0, 0], { needed: 5, toCollect: 5 }],
    ['some are in hand', [{ quantity: 3 }, { quantity: 2 }], [4, 0], { collected: 4, inHand: 4, toCollect: 1 }],
    ['some are sorted', [{ quantity: 3, sorted: 2 }], [3, 0], { collected: 3, sorted: 2, inHand: 1, toCollect: 0 }],
    ['some are missing', [{ quantity: 3, sorted: 2 }], [2, 1], { short: 1, toCollect: 0 }],
    ['sorting went first', [{ quantity: 3, sorted: 2 }], [0, 0], { collected: 2, inHand: 0, toCollect: 1 }],
    ['an order is cancelled before anything was taken', [{ quantity: 3 }, { quantity: 2, stands: 'gone' }], [0, 0], { needed: 3, toPutBack: 0 }],
    ['… after all was taken', [{ quantity: 3 }, { quantity: 2, stands: 'gone' }], [5, 0], { needed: 3, inHand: 3, toPutBack: 2 }],
    ['… with a part in its slot', [{ quantity: 3 }, { quantity: 2, sorted: 1, stands: 'gone' }], [5, 0], { inHand: 3, toPutBack: 1 }],
    ['… and what was missing is missing no more', [{ quantity: 3 }, { quantity: 2, stands: 'gone' }], [3, 2], { short: 0, toCollect: 0 }],
    ['an order was picked by itself', [{ quantity: 2, sorted: 2, stands: 'closed' }, { quantity: 1 }], [0, 0], { needed: 3, sorted: 2, toCollect: 1 }],
    ['somebody asks to cancel an order', [{ quantity: 3 }, { quantity: 2, sorted: 1, stands: 'resting' }], [6, 0], { needed: 4, inHand: 3, toCollect: 0, toPutBack: 2, aside: 1 }],
    ['a part of an order was cancelled after it was sorted', [{ quantity: 1, sorted: 2 }], [2, 0], { needed: 1, sorted: 1, toPutBack: 0 }],
  ])('when %s', (_what, places, [collectedQuantity, shortQuantity], expected) => {
    const all = (places as Partial<Place>[]).map((one, n) => place({ ...one, slot: n + 1 }));
    const item = { collectedQuantity: collectedQuantity ?? 0, shortQuantity: shortQuantity ?? 0 };
    expect(countItem(all, item)).toMatchObject(expected);
  }); // prettier-ignore

  it('adds up, whatever was counted: needed is collected, short or open; collected is sorted or in hand', () => {
    fc.assert(
      fc.property(somePlaces, someProgress, (places, item) => {
        const count = countItem(places, item);
        expect(count.collected + count.short + count.toCollect).toBe(count.needed);
        expect(count.sorted + count.inHand).toBe(count.collected);
        for (const units of Object.values(count)) expect(units).toBeGreaterThanOrEqual(0);
        // Every unit that was taken from a shelf is in a slot, in a hand for somebody, or to be put back.
        const taken = Math.max(item.collectedQuantity, inSlots(places));
        expect(inSlots(places) + count.inHand + count.toPutBack).toBe(taken);
        expect(count.aside).toBeLessThanOrEqual(count.toPutBack);
      }),
    );
  });

  it('needs nothing for a cancelled order', () => {
    fc.assert(
      fc.property(somePlaces, someProgress, (places, item) => {
        const gone = places.map((one) => ({ ...one, stands: 'gone' as const }));
        expect(countItem(gone, item)).toMatchObject({ needed: 0, collected: 0, short: 0, toCollect: 0, inHand: 0 });
        expect(allot(gone, 100)).toEqual([]);
      }),
    );
  });
});

describe('Putting units into slots', () => {
  const some = fc.integer({ min: 0, max: 60 });

  it('gives out as many as there are, or as fit, and none to who takes none', () => {
    fc.assert(
      fc.property(somePlaces, some, (places, units) => {
        const given = allot(places, units);
        expect(given.reduce((total, one) => total + one.units, 0)).toBe(Math.min(units, roomFor(places)));
        for (const one of given) {
          expect(one.place.stands).toBe('live');
          expect(one.units).toBeGreaterThan(0);
          expect(one.units).toBeLessThanOrEqual(openUnitsOf(one.place));
        }
      }),
    );
  });

  it('fills the first slots first, so that what is missing is missing in the last', () => {
    fc.assert(
      fc.property(somePlaces, some, (places, units) => {
        const given = new Map(allot([...places].reverse(), units).map((one) => [one.place.slot, one.units]));
        const open = places.filter((one) => openUnitsOf(one) > 0);
        const firstLeft = open.findIndex((one) => (given.get(one.slot) ?? 0) < openUnitsOf(one));
        if (firstLeft < 0) return;
        for (const later of open.slice(firstLeft + 1)) expect(given.has(later.slot)).toBe(false);
      }),
    );
  });
});
