import fc from 'fast-check';
import { differenceWords, expectedUnits, remainingDifference } from '../../server/fulfillment/counts/count-figures';
import { SHORTAGE_MEANS } from '../../server/fulfillment/counts/count-events';
import { heldByPutBack, shelfKey, unitsInHand } from '../../server/fulfillment/counts/units-in-hand';
import { SHORT_REASONS } from '../../server/fulfillment/tasks/task-progress';

const units = fc.integer({ min: 0, max: 50 });
const TEA = 'tea';
const at = (locationId: string) => shelfKey({ productId: TEA, locationId });

describe('what a shortage says of the shelf', () => {
  it.each([
    ['not_found', { count: 'not_found' }],
    ['wrong_item', { count: 'wrong_item' }],
    ['damaged', { found: 'damaged' }],
    ['expired', { found: 'expired' }],
    ['other', null],
  ])('%s', (reason, means) => {
    expect(SHORTAGE_MEANS[reason as (typeof SHORT_REASONS)[number]]).toEqual(means);
  });

  it('is said of every reason', () => {
    expect(Object.keys(SHORTAGE_MEANS).sort()).toEqual([...SHORT_REASONS].sort());
  });
});

describe('how many should lie on a shelf', () => {
  it.each([
    ['nothing is in hand', { onHand: 50, inHand: 0, setForWriteOff: 0 }, 50],
    ['others have picked', { onHand: 50, inHand: 5, setForWriteOff: 0 }, 45],
    ['some were seen damaged', { onHand: 50, inHand: 5, setForWriteOff: 2 }, 43],
    ['put back and not yet recorded', { onHand: 50, inHand: -3, setForWriteOff: 0 }, 53],
    ['more is in hand than the record knows', { onHand: 2, inHand: 5, setForWriteOff: 0 }, -3],
  ])('when %s', (_when, facts, expected) => {
    expect(expectedUnits(facts)).toBe(expected);
  });

  it('whoever counts it right finds no difference, however goods move between shelf, hands and van', () => {
    const steps = fc.array(fc.constantFrom('pick', 'dispatch', 'put_back', 'receive'), { maxLength: 40 });
    fc.assert(
      fc.property(units, steps, (start, moves) => {
        let [shelf, hand, onHand] = [start, 0, start];
        for (const move of moves) {
          if (move === 'receive') [shelf, onHand] = [shelf + 1, onHand + 1];
          if (move === 'pick' && shelf > 0) [shelf, hand] = [shelf - 1, hand + 1];
          if (move === 'put_back' && hand > 0) [shelf, hand] = [shelf + 1, hand - 1];
          if (move === 'dispatch' && hand > 0) [hand, onHand] = [hand - 1, onHand - 1];
        }
        expect(expectedUnits({ onHand, inHand: hand, setForWriteOff: 0 })).toBe(shelf);
      }),
    );
  });
});

describe('what is in people’s hands', () => {
  it('is taken from the places that promise it, first to last, and what is promised no longer from the first', () => {
    const places = [
      { locationId: 'main', reserved: 2 },
      { locationId: 'attic', reserved: 1 },
    ];
    const held = (count: number) => unitsInHand([{ productId: TEA, units: count, places }]);
    expect([...held(1)]).toEqual([[at('main'), 1]]);
    expect([...held(3)]).toEqual([
      [at('main'), 2],
      [at('attic'), 1],
    ]);
    expect(held(5).get(at('main'))).toBe(4);
    expect(held(-2).get(at('main'))).toBe(-2);
    expect(unitsInHand([{ productId: TEA, units: 3, places: [] }]).size).toBe(0);
  });

  it('is all there, wherever it is promised', () => {
    const place = fc.record({ locationId: fc.constantFrom('a', 'b', 'c'), reserved: units });
    const line = fc.record({
      productId: fc.constant(TEA),
      units,
      places: fc.array(place, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const sum = [...unitsInHand(lines).values()].reduce((total, held) => total + held, 0);
        expect(sum).toBe(lines.reduce((total, { units: held }) => total + held, 0));
      }),
    );
  });

  it.each([
    ['picked, never taken out of stock, none put back', { quantity: 3, setAsideQuantity: 0, doneQuantity: 0 }, 3],
    ['the same, two put back', { quantity: 3, setAsideQuantity: 0, doneQuantity: 2 }, 1],
    ['set aside by stock, none put back', { quantity: 3, setAsideQuantity: 3, doneQuantity: 0 }, 0],
    ['set aside by stock, two lie there unrecorded', { quantity: 3, setAsideQuantity: 3, doneQuantity: 2 }, -2],
    ['some of both, all put back', { quantity: 3, setAsideQuantity: 1, doneQuantity: 3 }, -1],
  ])('on its way back: %s', (_how, line, held) => {
    expect(heldByPutBack(line)).toBe(held);
  });
});

describe('what is left of a difference', () => {
  it('is what nobody has corrected since', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.array(fc.integer({ min: -9, max: 9 })), (found, since) => {
        const corrected = since.reduce((sum, change) => sum + change, 0);
        const left = remainingDifference({ units: found, correctedUnits: 7 }, { correctedUnits: 7 + corrected });
        expect(left + corrected).toBe(found);
      }),
    );
  });

  it.each([
    [0, 'no difference'],
    [-2, '2 fewer'],
    [1, '1 more'],
  ])('%i is said as "%s"', (difference, words) => {
    expect(differenceWords(difference)).toBe(words);
  });
});
