import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameCode, readScan } from '../../server/fulfillment/tasks/scans';
import { TASK_KINDS, taskKinds } from '../../server/fulfillment/tasks/task-kinds';
import { makeTaskToken, readTaskToken } from '../../server/fulfillment/tasks/task-links';
import { isClosed, moveTask, TASK_MOVES, TASK_STATUSES, taskMove } from '../../server/fulfillment/tasks/task-moves';
import { leastLoaded } from '../../server/fulfillment/tasks/assignment';
import { newId } from '../../server/platform/ids';
import { projectRoot } from '../../server/platform/paths';

describe('the moves of a task', () => {
  const expected: Record<string, Record<string, string>> = {
    open: { start: 'in_progress', complete: 'done', cancel: 'cancelled' },
    in_progress: { start: 'in_progress', complete: 'done', cancel: 'cancelled' },
    done: { start: 'TASK_CLOSED', complete: 'TASK_CLOSED', cancel: 'TASK_CLOSED' },
    cancelled: { start: 'TASK_CLOSED', complete: 'TASK_CLOSED', cancel: 'TASK_CLOSED' },
  };
  for (const status of TASK_STATUSES) {
    for (const move of TASK_MOVES) {
      it(`answers ${expected[status][move]} to ${move} from ${status}`, () => {
        const attempt = (): string => {
          try {
            return moveTask(status, move);
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        expect(attempt()).toBe(expected[status][move]);
      });
    }
  }

  it('reaches every status but the first, and leaves every one that is not closed', () => {
    const reached = new Set(TASK_MOVES.map((move) => taskMove(move).to));
    expect(TASK_STATUSES.filter((status) => !reached.has(status))).toEqual(['open']);
    expect(TASK_STATUSES.filter((status) => isClosed(status))).toEqual(['done', 'cancelled']);
  });
});

describe('the README', () => {
  it('shows the moves as they are', () => {
    const readme = readFileSync(join(projectRoot, 'server/fulfillment/README.md'), 'utf8');
    for (const move of TASK_MOVES) {
      const { from, to, roles, event = '' } = taskMove(move);
      const row = readme.split('\n').find((line) => line.startsWith(`| ${move} |`)) ?? '';
      for (const word of [from.join(', '), to, ['admin', ...roles].join(', '), event]) expect(row).toContain(word);
    }
  });
});

describe('the kinds of tasks', () => {
  it('name a refusal wherever units can run out', () => {
    for (const kind of TASK_KINDS) {
      expect(taskKinds[kind].nothingLeft !== '').toBe(taskKinds[kind].units !== 'none');
    }
  });
});

describe('scanning', () => {
  const nothing = { doneQuantity: 0, shortQuantity: 0, shortReason: null, note: null };
  const tea = { id: 'tea', sku: 'TEA-01', barcode: '8901234567894', quantity: 2, ...nothing };
  const cup = { id: 'cup', sku: 'CUP-01', barcode: null, quantity: 1, ...nothing };
  const lines = [tea, cup];

  it.each([
    ['the barcode', '8901234567894', 'tea'],
    ['the SKU', 'CUP-01', 'cup'],
    ['the SKU in small letters, with a line end from the scanner', ' cup-01\r', 'cup'],
  ])('finds a line by %s', (_how, code, id) => {
    expect(readScan(lines, { code, quantity: 1 })).toMatchObject({ result: 'ok', line: { id } });
  });

  it('says that the product is not on the list', () => {
    expect(readScan(lines, { code: '4006381333931', quantity: 1 })).toEqual({ result: 'not_here' });
  });

  it('says too many when the line is full, and when the quantity would overfill it', () => {
    const full = { ...tea, doneQuantity: 2 };
    expect(readScan([full], { code: 'TEA-01', quantity: 1 })).toEqual({ result: 'too_many', line: full });
    expect(readScan([tea], { code: 'TEA-01', quantity: 3 })).toEqual({ result: 'too_many', line: tea });
  });

  it('fills two lines of one product one after the other', () => {
    const second = { ...tea, id: 'second' };
    const found = readScan([{ ...tea, doneQuantity: 2 }, second], { code: 'TEA-01', quantity: 1 });
    expect(found).toMatchObject({ result: 'ok', line: { id: 'second' } });
  });

  it('counts a unit that turned up after it was given up on', () => {
    const short = { ...tea, doneQuantity: 1, shortQuantity: 1, shortReason: 'not_found' as const };
    expect(readScan([short], { code: 'TEA-01', quantity: 1 })).toMatchObject({
      result: 'ok',
      change: { doneChange: 1, shortChange: -1 },
    });
  });

  it('reads a UPC and the EAN with a zero in front as one code, and short numbers as they stand', () => {
    expect(isSameCode('036000291452', '0036000291452')).toBe(true);
    expect(isSameCode('0012', '12')).toBe(false);
  });
});

describe('the link of a task', () => {
  const secret = 'a secret of the test';
  const link = { taskId: newId(), linkNumber: 3 };
  const token = makeTaskToken(link, secret);

  it('reads back what it was made of', () => {
    expect(readTaskToken(token, secret)).toEqual(link);
  });

  it('has only letters and digits, so that no mail program cuts it', () => {
    for (let n = 0; n < 200; n += 1)
      expect(makeTaskToken({ taskId: newId(), linkNumber: n }, secret)).toMatch(/^[A-Za-z0-9]+$/);
  });

  it('is refused when it was altered in any place, cut, extended, or signed with another secret', () => {
    for (let at = 0; at < token.length; at += 1) {
      const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(readTaskToken(altered, secret)).toBeUndefined();
    }
    for (const other of [token.slice(0, -1), `${token}A`, `${token}=`, `${token}!`, '', 'x']) {
      expect(readTaskToken(other, secret)).toBeUndefined();
    }
    expect(readTaskToken(token, 'another secret')).toBeUndefined();
    expect(makeTaskToken({ ...link, linkNumber: 4 }, secret)).not.toBe(token);
  });
});

describe('the least loaded member', () => {
  const [ana, bo, cy] = ['ana', 'bo', 'cy'].map((id) => ({ id, name: id, email: `${id}@example.com` }));

  it.each([
    [
      'has the fewest open tasks',
      { ana: { open: 2, lastAt: null }, bo: { open: 1, lastAt: null }, cy: { open: 3, lastAt: null } },
      'bo',
    ],
    [
      'has waited longest among equals',
      {
        ana: { open: 1, lastAt: '2026-11-20T10' },
        bo: { open: 1, lastAt: '2026-11-20T09' },
        cy: { open: 1, lastAt: '2026-11-20T11' },
      },
      'bo',
    ],
    ['has had no task yet', { ana: { open: 0, lastAt: '2026-11-20T10' }, bo: { open: 0, lastAt: null } }, 'bo'],
  ])('%s', (_why, loads, id) => {
    expect(
      leastLoaded(
        [ana, bo, cy].filter((member) => member.id in loads),
        new Map(Object.entries(loads)),
      )?.id,
    ).toBe(id);
  });

  it('is nobody in an empty role', () => {
    expect(leastLoaded([], new Map())).toBeUndefined();
  });
});
