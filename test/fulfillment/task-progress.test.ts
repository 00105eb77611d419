import fc from 'fast-check';
import {
  afterChange,
  changesSomething,
  foundChange,
  lastStanding,
  type LineProgress,
  openUnits,
  outcomeOf,
  progressOf,
  type RecordedAction,
  recount,
  setChange,
  SHORT_REASONS,
  shortChange,
} from '../../server/fulfillment/tasks/task-progress';

function buildLine(overrides: Partial<LineProgress> = {}): LineProgress {
  return { id: 'tea', quantity: 3, doneQuantity: 0, shortQuantity: 0, shortReason: null, note: null, ...overrides };
}

describe('a line', () => {
  it('refuses more units than it asks for', () => {
    expect(foundChange(buildLine({ doneQuantity: 3 }), 1)).toBeUndefined();
    expect(foundChange(buildLine(), 4)).toBeUndefined();
  });

  it('keeps the reason while units are short, and forgets it when they turn up', () => {
    const short = afterChange(
      buildLine({ doneQuantity: 2 }),
      shortChange(buildLine({ doneQuantity: 2 }), 'damaged', 'wet'),
    );
    expect(short).toMatchObject({ shortQuantity: 1, shortReason: 'damaged', note: 'wet' });
    const change = foundChange(short, 1);
    expect(change && afterChange(short, change)).toMatchObject({
      doneQuantity: 3,
      shortQuantity: 0,
      shortReason: null,
    });
  });

  it('takes a quantity as it stands now, not as one more', () => {
    const line = buildLine({ doneQuantity: 2 });
    expect(afterChange(line, setChange(line, { doneQuantity: 1 }))).toMatchObject({
      doneQuantity: 1,
      shortQuantity: 0,
    });
    expect(afterChange(line, setChange(line, { doneQuantity: 1, shortReason: 'not_found' }))).toMatchObject({
      doneQuantity: 1,
      shortQuantity: 2,
      shortReason: 'not_found',
    });
    expect(changesSomething(line, setChange(line, { doneQuantity: 2 }))).toBe(false);
  });
});

describe('the outcome', () => {
  it.each([
    ['nothing yet while units are open', [buildLine({ doneQuantity: 2 })], undefined],
    ['done when all units are', [buildLine({ doneQuantity: 3 })], 'done'],
    ['short when some were given up on', [buildLine({ doneQuantity: 2, shortQuantity: 1 })], 'short'],
    ['done for a task without lines', [], 'done'],
  ])('is %s', (_what, lines, outcome) => {
    expect(outcomeOf(lines)).toBe(outcome);
  });

  it('never shows 100 percent before the last unit', () => {
    expect(progressOf([buildLine({ quantity: 300, doneQuantity: 299 })]).percent).toBe(99);
    expect(progressOf([buildLine({ doneQuantity: 2, shortQuantity: 1 })])).toEqual({
      units: 3,
      doneUnits: 2,
      shortUnits: 1,
      percent: 100,
    });
  });
});

describe('undo', () => {
  it('takes back the last action that still counts, one after the other', () => {
    const action = (id: string, undoesId: string | null = null): RecordedAction => ({
      id,
      kind: undoesId ? 'undo' : 'scan',
      changes: [{ lineId: 'tea', doneChange: undoesId ? -1 : 1, shortChange: 0, shortReason: null, note: null }],
      undoesId,
    });
    const made = [action('1'), action('2')];
    expect(lastStanding(made)?.id).toBe('2');
    expect(lastStanding([...made, action('3', '2')])?.id).toBe('1');
    expect(lastStanding([...made, action('3', '2'), action('4', '1')])).toBeUndefined();
  });
});

/** What a person may do to a line, in any order. */
const step = fc.oneof(
  fc.record({ act: fc.constant('found' as const), quantity: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ act: fc.constant('short' as const), reason: fc.constantFrom(...SHORT_REASONS) }),
  fc.record({
    act: fc.constant('set' as const),
    doneQuantity: fc.integer({ min: 0, max: 6 }),
    reason: fc.option(fc.constantFrom(...SHORT_REASONS), { nil: undefined }),
  }),
  fc.record({ act: fc.constant('undo' as const) }),
);

describe('whatever a person does', () => {
  it('leaves counters that are the sums of the actions and never exceed the line', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const actions: RecordedAction[] = [];
        let line = buildLine({ quantity: 6 });
        for (const made of steps) {
          const id = String(actions.length);
          if (made.act === 'undo') {
            const undone = lastStanding(actions);
            if (!undone) continue;
            actions.push({ id, kind: 'undo', changes: [], undoesId: undone.id });
            line = recount(line, actions);
          } else {
            const change =
              made.act === 'found'
                ? foundChange(line, made.quantity)
                : made.act === 'short'
                  ? shortChange(line, made.reason, null)
                  : setChange(line, { doneQuantity: made.doneQuantity, shortReason: made.reason });
            if (!change || !changesSomething(line, change)) continue;
            actions.push({ id, kind: 'tick', changes: [change], undoesId: null });
            line = afterChange(line, change);
          }
          expect(line).toEqual(recount(line, actions));
          expect(openUnits(line)).toBeGreaterThanOrEqual(0);
          expect(line.doneQuantity).toBeGreaterThanOrEqual(0);
          expect(line.shortQuantity).toBeGreaterThanOrEqual(0);
          expect(line.shortReason !== null).toBe(line.shortQuantity > 0);
        }
      }),
    );
  });
});
