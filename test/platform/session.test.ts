import { outbox } from '../../server/platform/outbox/outbox.models';
import type { CommandContext } from '../../server/platform/context';
import { isDuplicateKey } from '../../server/platform/database/database';
import { bind } from '../../server/platform/database/placeholders';
import { idempotencyKeys } from '../../server/platform/http/idempotency';
import { DATABASES, emptyDatabase } from '../support/databases';
import { openRoom, type Room } from './open-workroom';

describe.each(DATABASES)('A transaction, on %s', (kind) => {
  let room: Room;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await emptyDatabase(kind);
    drop = database.drop;
    room = await openRoom({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await room.close();
    await drop();
  });

  const job = () => room.workroom.jobContext('test');
  const command = <T>(run: (ctx: CommandContext) => Promise<T>): Promise<T> => job().transaction(run);
  const keyRow = (id: string, answer = '') => ({
    id: id.padEnd(64, '0'),
    requestHash: '0'.repeat(64),
    status: 200,
    answer,
    createdAt: job().read.now,
  });
  const answerOf = async (id: string) =>
    (await job().read.get(idempotencyKeys, 'id = :id', { id: id.padEnd(64, '0') }))?.answer;

  it('that only inserts keeps what it inserted', async () => {
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, keyRow('a', 'kept'))));
    expect(await answerOf('a')).toBe('kept');
  });

  it('gives each of several reads its own answer, and shows them what was written before', async () => {
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, [keyRow('b1', 'one'), keyRow('b2', 'two')])));
    const answers = await command((ctx) => {
      ctx.insert(idempotencyKeys, keyRow('b3', 'three'));
      ctx.executeLater('UPDATE idempotency_keys SET answer = :answer WHERE id = :id', {
        id: keyRow('b1').id,
        answer: 'changed',
      });
      const ids = ['b3', 'b2', 'b1'].map((id) => keyRow(id).id);
      return Promise.all(ids.map((id) => ctx.get(idempotencyKeys, 'id = :id', { id })));
    });
    expect(answers.map((row) => row?.answer)).toEqual(['three', 'two', 'changed']);
  });

  it('whose last insert cannot be keeps nothing', async () => {
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, keyRow('c1'))));
    const failing = command((ctx) => {
      ctx.insert(idempotencyKeys, keyRow('c2'));
      ctx.executeLater('UPDATE idempotency_keys SET answer = :answer WHERE id = :id', {
        id: keyRow('c1').id,
        answer: 'x',
      });
      return Promise.resolve(ctx.insert(idempotencyKeys, keyRow('c1')));
    });
    await expect(failing.catch((error: unknown) => isDuplicateKey(error))).resolves.toBe(true);
    expect(await answerOf('c2')).toBeUndefined();
    expect(await answerOf('c1')).toBe('');
  });

  it('goes on after a taken key was noticed', async () => {
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, keyRow('d1'))));
    await command(async (ctx) => {
      ctx.insert(idempotencyKeys, keyRow('d1'));
      await expect(ctx.flush().catch((error: unknown) => isDuplicateKey(error))).resolves.toBe(true);
      ctx.insert(idempotencyKeys, keyRow('d2', 'kept'));
    });
    expect(await answerOf('d2')).toBe('kept');
  });

  it('takes nothing more once it has ended', async () => {
    let kept: CommandContext | undefined;
    await command((ctx) => Promise.resolve((kept = ctx)).then(() => undefined));
    await expect(kept?.execute('DELETE FROM idempotency_keys')).rejects.toThrow('over');
    await expect(
      command(async (ctx) => {
        const never = ctx.execute('DELETE FROM no_such_table');
        await Promise.all([never, ctx.execute('DELETE FROM idempotency_keys')]);
      }),
    ).rejects.toThrow();
    expect(await answerOf('a')).toBe('kept');
  });

  it.each([
    `it's; DROP TABLE outbox`,
    'a \\ b \\',
    ':id and :name',
    '"x" `y` -- z',
    'one;\ntwo',
    'বাংলা 🎉',
    '?',
    "\\'",
  ])('keeps and finds the text %j as it is', async (text) => {
    const id = `e${Buffer.from(text).toString('hex').slice(0, 60)}`;
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, keyRow(id, text))));
    expect(await answerOf(id)).toBe(text);
    const found = await job().read.find(idempotencyKeys, 'answer = :text', { text });
    expect(found.map((row) => row.id)).toEqual([keyRow(id).id]);
    const touched = await command((ctx) =>
      ctx.update(idempotencyKeys, { answer: `${text}!` }, 'answer IN (:texts)', { texts: [text, 'other'] }),
    );
    expect(touched).toBe(1);
    expect(await answerOf(id)).toBe(`${text}!`);
  });

  it('wakes the relay only when it left something to do', async () => {
    const woken = jest.fn();
    room.workroom.afterCommit = woken;
    await command((ctx) => Promise.resolve(ctx.insert(idempotencyKeys, keyRow('f1'))));
    expect(woken).not.toHaveBeenCalled();
    await command((ctx) => Promise.resolve(ctx.enqueue('anything', {})));
    expect(woken).toHaveBeenCalledTimes(1);
    expect(await job().read.find(outbox, `name = 'anything'`)).toHaveLength(1);
  });
});

describe('Placeholders', () => {
  const show = (value: unknown): string => `<${String(value)}>`;

  it.each([
    ['a = :a AND b = :b', 'a = <1> AND b = <2>'],
    [`a = ':a' AND b = :b`, `a = ':a' AND b = <2>`],
    [`a = 'it''s :a' OR a = 'x\\' :a' OR a = :a`, `a = 'it''s :a' OR a = 'x\\' :a' OR a = <1>`],
    ['`:a` = ":a" AND :a', '`:a` = ":a" AND <1>'],
    [`'10:30' < :a_1`, `'10:30' < <3>`],
  ])('in %s are those outside of texts and names', (sql, bound) => {
    expect(bind(sql, { a: 1, b: 2, a_1: 3 }, show)).toBe(bound);
  });

  it('without a value are refused', () => {
    expect(() => bind('a = :missing', {}, show)).toThrow(':missing');
    expect(() => bind('a = :missing', { missing: undefined }, show)).toThrow(':missing');
    expect(bind('a = :nothing', { nothing: null }, show)).toBe('a = <null>');
  });
});
