import fc from 'fast-check';
import {
  CHECK_NAMES,
  compareWeight,
  currentPackage,
  distribute,
  type Fillable,
  movePackage,
  nextNumber,
  openChecks,
  PACKAGE_STATUSES,
  packageMoves,
  type PackageMove,
  sumOf,
  unpackedUnits,
} from '../../../server/fulfillment/packing/package-rules';
import type { LineChange } from '../../../server/fulfillment/tasks/task-progress';

const NONE = { shortChange: 0, shortReason: null, note: null };
const boxOf = (number: number, more: Partial<Fillable> = {}): Fillable => ({
  id: `P${number}`,
  number,
  status: 'open',
  turn: number,
  units: new Map(),
  ...more,
});

describe('A package', () => {
  it.each(
    Object.entries(packageMoves).flatMap(([move, rule]) => PACKAGE_STATUSES.map((from) => ({ move, rule, from }))),
  )('that is $from: $move', ({ move, rule, from }) => {
    const make = () => movePackage({ number: 3, status: from }, move as PackageMove);
    if ((rule.from as readonly string[]).includes(from)) expect(make()).toBe(rule.to);
    else expect(make).toThrow(expect.objectContaining({ code: `PACKAGE_${from.toUpperCase()}`, status: 409 }));
  });

  it('gets the lowest number that is free', () => {
    expect(nextNumber([])).toBe(1);
    expect(nextNumber([{ number: 1 }, { number: 3 }])).toBe(2);
    expect(nextNumber([{ number: 2 }, { number: 1 }])).toBe(3);
  });

  it('is checked when nothing is left to check', () => {
    const all = Object.fromEntries(CHECK_NAMES.map((name) => [name, true]));
    expect(openChecks(all)).toEqual([]);
    expect(openChecks({ ...all, slip: false })).toEqual(['slip']);
    expect(openChecks({})).toEqual(CHECK_NAMES);
  });

  it.each([
    [null, 20, 'not_weighed'],
    [100, 20, 'fits'],
    [120, 20, 'fits'],
    [121, 20, 'differs'],
    [80, 20, 'fits'],
    [79, 20, 'differs'],
    [100, 0, 'fits'],
    [101, 0, 'differs'],
  ])('of 100 g of items that weighs %s g with a tolerance of %i percent: %s', (grams, tolerance, result) => {
    expect(compareWeight(grams, [{ sku: 'A', weightGrams: 50, quantity: 2 }], tolerance).result).toBe(result);
  });

  it('is not weighed against items whose weight nobody knows', () => {
    const items = [
      { sku: 'A', weightGrams: 50, quantity: 2 },
      { sku: 'B', weightGrams: 0, quantity: 1 },
    ];
    expect(compareWeight(9_999, items, 0)).toEqual({ result: 'unknown', skus: ['B'] });
  });
});

describe('Counting into packages', () => {
  const change = (doneChange: number, packageId?: string): LineChange => ({
    lineId: 'L',
    doneChange,
    packageId,
    ...NONE,
  });

  it('goes into the open package whose turn it is, and says into which', () => {
    const boxes = [boxOf(1, { turn: 5 }), boxOf(2), boxOf(3, { status: 'sealed', turn: 9 })];
    expect(currentPackage(boxes)?.id).toBe('P1');
    expect(distribute(boxes, [change(2)])).toEqual([{ ...change(2), packageId: 'P1' }]);
    expect(boxes.map(({ units }) => units.get('L') ?? 0)).toEqual([2, 0, 0]);
  });

  it('comes back out of the package it went into, and out of others when that does not hold enough', () => {
    const boxes = [boxOf(1, { units: new Map([['L', 1]]) }), boxOf(2, { units: new Map([['L', 2]]) })];
    expect(distribute(boxes, [change(-1, 'P1')])).toMatchObject([{ doneChange: -1, packageId: 'P1' }]);
    boxes[0]?.units.set('L', 1);
    expect(distribute(boxes, [change(-3, 'P1')])).toMatchObject([
      { doneChange: -1, packageId: 'P1' },
      { doneChange: -2, packageId: 'P2' },
    ]);
  });

  it('leaves sealed packages alone', () => {
    const boxes = [boxOf(1, { status: 'sealed', units: new Map([['L', 2]]) }), boxOf(2)];
    expect(() => distribute(boxes, [change(-1, 'P1')])).toThrow(expect.objectContaining({ code: 'PACKAGE_SEALED' }));
  });

  it('never puts a unit into two packages, nor more than are prepared, whatever is counted and taken back', () => {
    const step = fc.record({
      line: fc.nat(2),
      units: fc.integer({ min: -3, max: 3 }),
      box: fc.nat(2),
      seal: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const prepared = [4, 2, 7];
        const lines = prepared.map((preparedQuantity, n) => ({ id: `L${n}`, preparedQuantity, shippedQuantity: 0 }));
        const boxes = [boxOf(1), boxOf(2), boxOf(3)];
        let turn = 10;
        for (const { line, units, box, seal } of steps) {
          const chosen = boxes[box] as Fillable;
          if (seal) chosen.status = chosen.status === 'open' ? 'sealed' : 'open';
          else chosen.turn = turn += 1;
          const lineId = `L${line}`;
          const before = sumOf(boxes).get(lineId) ?? 0;
          const room = unpackedUnits(lines, boxes).get(lineId) ?? 0;
          const doneChange = Math.max(-before, Math.min(units, room)) || 0;
          const sealed = boxes.map(({ status, units: held }) => (status === 'sealed' ? held.get(lineId) : undefined));
          const isPossible = doneChange <= 0 || currentPackage(boxes) !== undefined;
          if (!isPossible) continue;
          let parts: LineChange[] | undefined;
          try {
            parts = distribute(
              boxes.map((one) => ({ ...one, units: new Map(one.units) })),
              [{ lineId, doneChange, ...NONE }],
            );
          } catch (error) {
            expect(error).toMatchObject({ code: 'PACKAGE_SEALED' });
            continue;
          }
          distribute(boxes, [{ lineId, doneChange, ...NONE }]);
          expect(parts.reduce((sum, part) => sum + part.doneChange, 0)).toBe(doneChange);
          expect(sumOf(boxes).get(lineId) ?? 0).toBe(before + doneChange);
          expect(boxes.map(({ status, units: held }) => (status === 'sealed' ? held.get(lineId) : undefined))).toEqual(
            sealed,
          );
          for (const [n, most] of prepared.entries()) {
            const packed = sumOf(boxes).get(`L${n}`) ?? 0;
            expect(packed).toBeGreaterThanOrEqual(0);
            expect(packed).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });
});
