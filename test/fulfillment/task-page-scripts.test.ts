import { isSameCode as isSameInService } from '../../server/fulfillment/tasks/scans';
import { Queue } from '../../templates/console/scripts/queue.mjs';
import { SeenCodes } from '../../templates/console/scripts/seen-codes.mjs';
import { isSameCode, placeOf, unsentUnits } from '../../templates/console/scripts/unsent.mjs';

interface Action {
  label: string;
  isNow?: boolean;
  number?: number;
  hasWaited?: boolean;
}

/** What a phone keeps, and a service that answers as it is told: true takes it, false refuses it, undefined is out of reach. */
function startQueue(answers: (boolean | undefined | 'stumbled')[], kept: Action[] = []) {
  const sent: string[] = [];
  const answered: [string, boolean, boolean][] = [];
  const unsent: string[] = [];
  const store = {
    all: async () => [...kept],
    add: async (action: Action) => {
      const made = { ...action, number: kept.length + 1 };
      kept.push(made);
      return made;
    },
    remove: async ({ number }: Action) => {
      kept.splice(
        kept.findIndex((action) => action.number === number),
        1,
      );
    },
  };
  const queue = new Queue(store, {
    send: async ({ label }: Action) => {
      sent.push(label);
      const answer = answers.length > 0 ? answers.shift() : true;
      if (answer === undefined) throw new Error('out of reach');
      return answer === 'stumbled' ? { ok: false, stumbled: true } : { ok: answer };
    },
    onAnswer: (action: Action, { ok }: { ok: boolean }) => answered.push([action.label, ok, action.hasWaited ?? false]),
    onUnsent: ({ label }: Action) => unsent.push(label),
    onChange: () => undefined,
  });
  return { queue, kept, sent, answered, unsent };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the queue of the page', () => {
  it('sends one after the other in the order they were done', async () => {
    const { queue, sent, kept } = startQueue([]);
    await Promise.all(['a', 'b', 'c'].map((label) => queue.add({ label })));
    await jest.advanceTimersByTimeAsync(0);
    expect([sent, kept]).toEqual([['a', 'b', 'c'], []]);
  });

  it('keeps what met no connection, tries ever more rarely, and sends all of it once there is one', async () => {
    const { queue, sent, kept, answered } = startQueue([undefined, undefined, undefined]);
    await queue.add({ label: 'a' });
    await jest.advanceTimersByTimeAsync(0);
    await queue.add({ label: 'b' });
    expect([queue.isWaiting, sent, kept.map(({ label }) => label)]).toEqual([true, ['a'], ['a', 'b']]);
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['a', 'a']);
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['a', 'a']);
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['a', 'a', 'a']);
    await queue.flush();
    expect([queue.isWaiting, sent, kept]).toEqual([false, ['a', 'a', 'a', 'a', 'b'], []]);
    expect(answered).toEqual([
      ['a', true, true],
      ['b', true, true],
    ]);
  });

  it('goes on after a refusal', async () => {
    const { queue, answered } = startQueue([false, true]);
    await queue.add({ label: 'wrong' });
    await queue.add({ label: 'right' });
    await jest.advanceTimersByTimeAsync(0);
    expect(answered).toEqual([
      ['wrong', false, false],
      ['right', true, false],
    ]);
  });

  it('takes up what an earlier visit left', async () => {
    const { queue, sent, answered } = startQueue([], [{ label: 'left', number: 1 }]);
    await queue.open();
    await jest.advanceTimersByTimeAsync(0);
    expect([sent, answered]).toEqual([['left'], [['left', true, true]]]);
  });

  it('sends what needs an answer now in its turn, keeps it nowhere, and never sends it later', async () => {
    const { queue, kept, sent, unsent } = startQueue([true, true, undefined, true]);
    await queue.add({ label: 'count' });
    await queue.add({ label: 'hand over', isNow: true });
    await jest.advanceTimersByTimeAsync(0);
    expect([sent, unsent, kept]).toEqual([['count', 'hand over'], [], []]);
    await queue.add({ label: 'hand over', isNow: true });
    expect(kept).toEqual([]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([sent.length, unsent, queue.actions, queue.isWaiting]).toEqual([3, ['hand over'], [], false]);
  });

  it('drops what needs an answer now while counts wait for a connection, and tries it behind them', async () => {
    const { queue, kept, sent, unsent } = startQueue([undefined, undefined, true, true]);
    await queue.add({ label: 'count' });
    await jest.advanceTimersByTimeAsync(0);
    await queue.add({ label: 'finish', isNow: true });
    await jest.advanceTimersByTimeAsync(0);
    expect([unsent, kept.map(({ label }) => label), queue.isWaiting]).toEqual([['finish'], ['count'], true]);
    await queue.add({ label: 'finish', isNow: true });
    await jest.advanceTimersByTimeAsync(0);
    expect([sent, kept]).toEqual([['count', 'count', 'count', 'finish'], []]);
  });

  it('does not try again by itself what needs an answer now when the service stumbles', async () => {
    const { queue, answered, sent } = startQueue(['stumbled']);
    await queue.add({ label: 'decide', isNow: true });
    await jest.advanceTimersByTimeAsync(60_000);
    expect([sent, answered]).toEqual([['decide'], [['decide', false, false]]]);
  });

  it('gives up on an action over which the service stumbles time and again, for the sake of the others', async () => {
    const { queue, answered, sent } = startQueue(['stumbled', 'stumbled', 'stumbled', 'stumbled', 'stumbled', true]);
    await queue.add({ label: 'odd' });
    await queue.add({ label: 'even' });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(['odd', 'odd', 'odd', 'odd', 'odd', 'even']);
    expect(answered.map(([label, ok]) => [label, ok])).toEqual([
      ['odd', false],
      ['even', true],
    ]);
  });
});

describe('a code before the camera', () => {
  it('arrives once, also when it is blurred for a moment, and again after it was gone', () => {
    const seen = new SeenCodes(1000);
    const at = (ms: number, ...codes: string[]): string[] => seen.arrived(codes, ms);
    expect(at(0, 'A', 'A')).toEqual(['A']);
    expect(at(150, 'A', 'B')).toEqual(['B']);
    expect(at(300)).toEqual([]);
    expect(at(1100, 'A')).toEqual([]);
    expect(at(2200, 'A')).toEqual(['A']);
    expect(at(2300, 'B')).toEqual(['B']);
  });
});

describe('what waits to be sent', () => {
  const tea = { id: 'tea', codes: ['TEA-01', '8901234567894'], quantity: 3, done: 1, open: 2 };
  const cup = { id: 'cup', codes: ['CUP-01'], quantity: 1, done: 0, open: 1 };
  const lines = [tea, cup];
  const scan = (code: string) => ({ form: 'scan', fields: [['code', code]] });
  const tick = (lineId: string, quantity: string) => ({
    form: 'tick',
    fields: [
      ['lineId', lineId],
      ['quantity', quantity],
    ],
  });
  const short = (lineId: string) => ({ form: 'short', fields: [['lineId', lineId]] });
  const undo = { form: 'undo', fields: [] };

  it.each([
    ['nothing', [], { tea: [0, 0], cup: [0, 0] }],
    ['scans by barcode and SKU', [scan('8901234567894'), scan('cup-01 ')], { tea: [1, 0], cup: [1, 0] }],
    ['no more than the line has', [1, 2, 3, 4].map(() => scan('TEA-01')), { tea: [2, 0], cup: [0, 0] }],
    ['a tick of all that is open', [scan('TEA-01'), tick('tea', 'all')], { tea: [2, 0], cup: [0, 0] }],
    [
      'a walk for a wave',
      [
        { ...tick('tea', 'all'), form: 'collect' },
        { ...scan('CUP-01'), form: 'collect' },
      ],
      { tea: [2, 0], cup: [1, 0] },
    ],
    ['what is missing of the rest', [scan('TEA-01'), short('tea')], { tea: [1, 1], cup: [0, 0] }],
    [
      'nothing of what was undone',
      [tick('cup', 'one'), scan('TEA-01'), undo, undo, undo],
      { tea: [0, 0], cup: [0, 0] },
    ],
    [
      'nothing of other forms and lines',
      [{ form: 'finish', fields: [] }, tick('pot', 'one')],
      { tea: [0, 0], cup: [0, 0] },
    ],
  ])('counts %s', (_what, actions, expected) => {
    const units = unsentUnits(lines, actions);
    const seen = Object.fromEntries([...units].map(([id, { done, missing }]) => [id, [done, missing]]));
    expect(seen).toEqual(expected);
  });

  it('finds the place of a code, says when it is full, and when it is not on the list', () => {
    const units = unsentUnits(lines, [scan('CUP-01')]);
    expect(placeOf(lines, units, 'TEA-01')).toEqual({ line: tea });
    expect(placeOf(lines, units, 'CUP-01')).toEqual({ full: cup });
    expect(placeOf(lines, units, '999')).toEqual({ full: undefined });
  });

  it('reads codes as the service does', () => {
    const codes = ['036000291452', '0036000291452', '0012', '12', ' tea-01', 'TEA-01', '96385074', '000096385074'];
    for (const left of codes) {
      for (const right of codes) expect(isSameCode(left, right)).toBe(isSameInService(left, right));
    }
  });
});
